/** Has cases run by a worker thread, and outlives whatever the code under test does to it. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CaseResult, Complaint } from '../../conformance/case';
import { CASES } from '../../conformance/cases';
import { ModelDefect } from '../../emulator/findings';
import { FieldError } from '../../raid5/workload/input-error';
import type { Answer, Job } from './job';

const PATIENCE = 10_000;
/** After so many hangs it gets a fifth of the time: one defect hangs many cases. */
const HANGS_UNTIL_IMPATIENT = 3;
const IMPATIENCE = 5;

export type CaseAnswer = Extract<Answer, { kind: 'result' }>;

export class CaseHost {
  private worker: Worker | undefined;
  private hangs = 0;

  /** @param patience host milliseconds a worker may be silent before it counts as hanging */
  constructor(private readonly patience = PATIENCE) {}

  /**
   * Runs one case. A worker that says nothing for ten seconds, or dies, fails the case, and the next one gets a new worker.
   * @throws FieldError when what is under test cannot be loaded, ModelDefect for a defect of the model
   */
  async run(job: Job): Promise<CaseAnswer> {
    const worker = (this.worker ??= newWorker());
    const patience = this.hangs < HANGS_UNTIL_IMPATIENT ? this.patience : this.patience / IMPATIENCE;
    const answer = await exchange(worker, job, patience);
    if (typeof answer === 'string') {
      await this.close();
      if (answer === HANGING) this.hangs++;
      return {
        kind: 'result',
        result: lost(job, answer === HANGING ? `no answer for ${patience / 1000} s: it hangs` : answer),
      };
    }
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
  async close(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }
}

/** A FieldError that a worker met: its message is whole already. */
class Refused extends FieldError {
  constructor(line: string) {
    super('', '');
    this.message = line;
  }
}

const HANGING = 'hanging';

/** The worker's answer, HANGING, or what it died of. */
function exchange(worker: Worker, job: Job, patience: number): Promise<Exclude<Answer, { kind: 'alive' }> | string> {
  return new Promise((resolve) => {
    const end = (answer: Exclude<Answer, { kind: 'alive' }> | string): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(answer);
    };
    const onMessage = (answer: Answer): void => {
      if (answer.kind === 'alive') timer.refresh();
      else end(answer);
    };
    const onError = (error: unknown): void => end(`it crashes: ${String(error)}`);
    const onExit = (code: number): void => end(`it ends its process with ${code}`);
    const timer = setTimeout(() => end(HANGING), patience);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(job);
  });
}

/** From source the worker needs the transpiler that this process has; compiled it needs nothing. */
function newWorker(): Worker {
  const source = __filename.endsWith('.ts');
  const file = join(__dirname, source ? 'worker.ts' : 'worker.js');
  const worker = new Worker(file, { stdout: true, ...(source ? { execArgv: ['--require', 'ts-node/register'] } : {}) });
  // Whatever the code under test prints is a message; stdout is the suite's.
  worker.stdout.pipe(process.stderr, { end: false });
  return worker;
}

function lost(job: Job, happened: string): CaseResult {
  const subject = CASES.find(({ id }) => id === job.caseId)!;
  const complaint: Complaint = {
    rule: subject.rules[0],
    expected: 'an end of the case',
    happened,
    time: 0,
    where: 'driver',
  };
  return { id: job.caseId, outcome: 'failed', complaints: [complaint], excerpt: [], simulated: 0 };
}
