/** Runs a plan in worker threads. */
import type { SuiteEntry, SuiteReport, SuiteSubject } from '../../conformance/suite';
import { commandLine } from '../console/command-line';
import { ProgressBar } from '../console/progress';
import { CaseHost } from './case-host';
import type { Plan } from './plan';

/** Workers at a time, where there is much to do. */
const WORKERS = 2;

/** Runs all cases of the plan; the report has them in their order, whoever was done first. */
export async function runSuite(plan: Plan): Promise<SuiteReport> {
  const { underTest, cases, seed, where } = plan;
  const bar = new ProgressBar(process.stderr, () => performance.now());
  const entries = new Map<SuiteSubject, SuiteEntry>();
  const queue = [...cases];
  const work = async (): Promise<void> => {
    const host = new CaseHost();
    try {
      for (let subject = queue.shift(); subject !== undefined; subject = queue.shift()) {
        bar.update(subject.id, entries.size, cases.length);
        entries.set(subject, await run(subject, plan, host));
      }
    } finally {
      await host.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: plan.explore === undefined ? 1 : WORKERS }, work));
  } finally {
    bar.clear();
  }
  return {
    subject: underTest.kind === 'iop-adma' || underTest.kind === 'mutant' ? 'iop-adma' : underTest.file,
    platform: where,
    seed,
    entries: cases.map((subject) => entries.get(subject)!),
    replay: (entry) => replayLine(plan, entry),
  };
}

async function run(subject: SuiteSubject, plan: Plan, host: CaseHost): Promise<SuiteEntry> {
  const { underTest, platform, seed, explore, replay, trace } = plan;
  const explored = explore !== undefined && subject.explorable === true ? { explore } : {};
  const how = replay === undefined ? { ...explored, ...(trace === undefined ? {} : { trace }) } : { replay };
  const answer = await host.run({ caseId: subject.id, underTest, platform, seed, ...how });
  return { subject, result: answer.result, ...(answer.explored === undefined ? {} : { explored: answer.explored }) };
}

/** The words that run one case again, in the order of events in which it failed. */
function replayLine({ underTest, platform, seed, replay }: Plan, { subject, explored }: SuiteEntry): string {
  const file = 'file' in underTest ? [`--${underTest.kind}`, underTest.file] : [];
  const on = underTest.kind === 'client' ? [] : ['--platform', platform];
  const choices = explored?.choices ?? replay;
  const order = choices === undefined ? [] : ['--replay', choices];
  return commandLine(['conformance', ...file, ...on, '--seed', String(seed), '--filter', subject.id, ...order]);
}
