/** `adma conformance`: whether a driver keeps the rules, case by case. */
import chalk from 'chalk';
import type { ConformanceCase } from '../../conformance/case';
import { CASE_GROUPS, CASES } from '../../conformance/cases';
import { human } from '../../conformance/reporters/human';
import { json } from '../../conformance/reporters/json';
import { junit } from '../../conformance/reporters/junit';
import { ktap } from '../../conformance/reporters/ktap';
import type { SuiteEntry, SuiteReport } from '../../conformance/suite';
import { isConforming, matches } from '../../conformance/suite';
import { PLATFORM_NAMES } from '../../emulator/platforms';
import type { PlatformName } from '../../emulator/platforms';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { CaseHost } from '../conformance/case-host';
import type { Job } from '../conformance/job';
import type { UnderTest } from '../conformance/under-test';
import { commandLine } from '../console/command-line';
import { ExitCode } from '../console/exit-code';
import { ProgressBar } from '../console/progress';
import { fields, forOption, integer, oneOf } from '../input/fields';
import { didYouMean } from '../input/spelling';
import { mutants } from './mutants';

/** Options as commander hands them over. */
export interface ConformanceOptions {
  readonly driver?: string;
  readonly platform?: string;
  readonly filter?: string;
  readonly format?: string;
  readonly seed?: string;
  readonly explore?: string;
  readonly strategy?: string;
  readonly replay?: string;
  readonly list?: boolean;
  readonly mutants?: boolean;
  readonly json?: boolean;
}

export const FORMATS = ['human', 'ktap', 'junit', 'json'] as const;
/** Which orders of events: all that differ, by dice, by random priorities. */
export const STRATEGIES = ['exhaustive', 'random', 'pct'] as const;
type Format = (typeof FORMATS)[number];

interface Plan {
  readonly underTest: UnderTest;
  readonly platform: PlatformName;
  readonly format: Format;
  readonly seed: number;
  readonly cases: readonly ConformanceCase[];
  /** Orders of events to run at most, of each case that is small enough, and which. */
  readonly explore: Job['explore'];
  readonly replay: string | undefined;
}

/** Runs the cases that are meant and prints the report; 1 when one failed, or none could run. */
export async function conformance(options: ConformanceOptions): Promise<ExitCode> {
  const plan = planOf(options);
  if (options.mutants === true) return mutants(plan.format === 'json', plan.seed);
  if (options.list === true) {
    process.stdout.write(listing(plan));
    return ExitCode.done;
  }
  const report = await runSuite(plan);
  process.stdout.write(rendered(report, plan.format));
  return isConforming(report) ? ExitCode.done : ExitCode.failed;
}

function planOf(options: ConformanceOptions): Plan {
  const { driver, filter, explore, replay, json: asJson = false } = options;
  const strategy = options.strategy ?? 'exhaustive';
  const platform = options.platform ?? 'iop342';
  const seed = options.seed ?? '1';
  const format = options.format ?? (asJson ? 'json' : 'human');
  const cases = filter === undefined ? CASES : forOption('--filter', () => selected(filter));
  if (replay !== undefined && cases.length !== 1) {
    forOption('--replay', () => {
      throw new FieldError('an order of events belongs to one case', '--filter with its name');
    });
  }
  return {
    replay,
    explore:
      explore === undefined
        ? undefined
        : {
            runs: forOption('--explore', () => integer(1, 100_000_000).parse(explore)),
            strategy: forOption('--strategy', () => oneOf(STRATEGIES).parse(strategy)),
          },
    underTest: driver === undefined ? { kind: 'iop-adma' } : { kind: 'driver', file: driver },
    platform: forOption('--platform', () => oneOf(PLATFORM_NAMES).parse(platform)),
    format: forOption('--format', () => oneOf(FORMATS).parse(format)),
    seed: forOption('--seed', () => fields.seed.parse(seed)),
    cases,
  };
}

function selected(filter: string): ConformanceCase[] {
  const cases = CASES.filter((subject) => matches(subject, filter));
  if (cases.length > 0) return cases;
  const names = [...Object.keys(CASE_GROUPS), ...CASES.flatMap(({ id, rules }) => [id, ...rules])];
  throw new FieldError(
    `${quote(filter)} names no case${didYouMean(filter, names)}`,
    'a case, a group, a rule, or a pattern with *',
  );
}

async function runSuite({ underTest, platform, seed, cases, explore, replay }: Plan): Promise<SuiteReport> {
  const host = new CaseHost();
  const bar = new ProgressBar(process.stderr, () => performance.now());
  const entries: SuiteEntry[] = [];
  try {
    for (const subject of cases) {
      bar.update(subject.id, entries.length, cases.length);
      const how = replay !== undefined ? { replay } : explore !== undefined && subject.explorable ? { explore } : {};
      const { result, explored } = await host.run({ caseId: subject.id, underTest, platform, seed, ...how });
      entries.push({ subject, result, ...(explored === undefined ? {} : { explored }) });
    }
  } finally {
    bar.clear();
    await host.close();
  }
  const file = underTest.kind === 'driver' ? ['--driver', underTest.file] : [];
  const again = ['conformance', ...file, '--platform', platform, '--seed', String(seed)];
  return {
    subject: underTest.kind === 'driver' ? underTest.file : 'iop-adma',
    platform,
    seed,
    entries,
    replay: ({ subject, explored }) => {
      const choices = explored?.choices ?? replay;
      return commandLine([...again, '--filter', subject.id, ...(choices === undefined ? [] : ['--replay', choices])]);
    },
  };
}

function rendered(report: SuiteReport, format: Format): string {
  switch (format) {
    case 'human':
      return human(report, { good: chalk.green, bad: chalk.red, faint: chalk.dim });
    case 'ktap':
      return ktap(report);
    case 'junit':
      return junit(report);
    case 'json':
      return json(report);
  }
}

/** The cases with their rules, without running them. */
function listing({ cases }: Plan): string {
  const width = Math.max(...cases.map(({ id }) => id.length));
  const lines = cases.map(({ id, rules, title }) => `${id.padEnd(width)}  ${rules.join(' ')}  ${title}`);
  return `${lines.join('\n')}\n`;
}
