/** Runs a plan in worker threads. */
import type { SuiteEntry, SuiteReport, SuiteSubject } from '../../conformance/suite';
import { commandLine } from '../console/command-line';
import type { CaseHost } from './case-host';
import { inHosts, WORKERS } from './in-hosts';
import type { Plan } from './plan';

/** Runs all cases of the plan; the report has them in their order, whoever was done first. */
export async function runSuite(plan: Plan): Promise<SuiteReport> {
  const { underTest, cases, seed, where } = plan;
  const hosts = plan.explore === undefined ? 1 : WORKERS;
  const entries = await inHosts(cases, hosts, (subject, host) => run(subject, plan, host));
  return {
    subject: underTest.kind === 'iop-adma' || underTest.kind === 'mutant' ? 'iop-adma' : underTest.file,
    platform: where,
    seed,
    entries,
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
