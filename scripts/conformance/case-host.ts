/** Has cases run by a worker thread, and outlives whatever the code under test does to it. */
import { join } from 'node:path';
import type { CaseResult, Complaint } from '../../conformance/case';
import { CASES } from '../../conformance/cases';
import { CLIENT_CASES } from '../../conformance/client';
import { ModelDefect } from '../../emulator/findings';
import { FieldError } from '../../raid5/workload/input-error';
import { IsolatedWorker, Lost } from '../isolation/isolated-worker';
import type { Answer, CaseAnswer, Job } from './job';

export class CaseHost {
  private readonly worker: IsolatedWorker<Job, Answer>;

  /** @param patience host milliseconds a worker may be silent before it counts as hanging */
  constructor(patience?: number) {
    this.worker = new IsolatedWorker(join(__dirname, 'worker'), patience);
  }

  /**
   * Runs one case. A worker that hangs or dies fails it.
   * @throws FieldError when what is under test cannot be loaded, ModelDefect for a defect of the model
   */
  async run(job: Job): Promise<CaseAnswer> {
    const answer = await this.worker.run(job);
    if (answer instanceof Lost) return { kind: 'result', result: lost(job, answer) };
    switch (answer.kind) {
      case 'result':
        return answer;
      case 'refused':
        throw new Refused(answer.message);
      case 'defect':
        throw new ModelDefect(answer.stack);
    }
  }

  /** Ends the worker. */
  close(): Promise<void> {
    return this.worker.close();
  }
}

/** A FieldError that a worker met: its message is whole already. */
class Refused extends FieldError {
  constructor(line: string) {
    super('', '');
    this.message = line;
  }
}

function lost({ caseId }: Job, { says }: Lost): CaseResult {
  const [rule] = [...CASES, ...CLIENT_CASES].find(({ id }) => id === caseId)!.rules;
  const complaint: Complaint = {
    rule,
    expected: 'an end of the case',
    happened: says,
    time: 0,
    where: 'code under test',
  };
  return { id: caseId, outcome: 'failed', complaints: [complaint], excerpt: [], simulated: 0 };
}
