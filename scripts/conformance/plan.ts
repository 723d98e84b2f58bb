/** What a command line of `adma conformance` asks for. */
import { CLIENT_CASES, CLIENT_CONDITIONS } from '../../conformance/client';
import { CASES } from '../../conformance/cases';
import type { SuiteSubject } from '../../conformance/suite';
import { groupOf, matches } from '../../conformance/suite';
import { PLATFORM_NAMES } from '../../emulator/platforms';
import type { PlatformName } from '../../emulator/platforms';
import { FieldError, quote } from '../../raid5/workload/input-error';
import type { TraceOptions } from '../console/recorder';
import { fields, forOption, integer, oneOf, refuseOption } from '../input/fields';
import { didYouMean } from '../input/spelling';
import type { Job } from './job';
import type { UnderTest } from './under-test';

/** Options as commander hands them over. */
export interface ConformanceOptions extends TraceOptions {
  readonly driver?: string;
  readonly client?: string;
  readonly platform?: string;
  readonly filter?: string;
  readonly format?: string;
  readonly seed?: string;
  readonly explore?: string;
  readonly strategy?: string;
  readonly replay?: string;
  readonly list?: boolean;
  readonly mutants?: boolean;
}

const FORMATS = ['human', 'ktap', 'junit', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Which orders of events: all that differ, by dice, by random priorities. */
const STRATEGIES = ['exhaustive', 'random', 'pct'] as const;

export interface Plan {
  readonly underTest: UnderTest;
  readonly platform: PlatformName;
  /** Where it runs, for the report. */
  readonly where: string;
  readonly format: Format;
  readonly seed: number;
  readonly cases: readonly SuiteSubject[];
  /** Orders of events to run at most, of each case that is small enough, and which. */
  readonly explore: Job['explore'];
  readonly replay: string | undefined;
  /** Where the one case is recorded. */
  readonly trace: TraceOptions | undefined;
}

/** Reads the options. @throws FieldError */
export function planOf(options: ConformanceOptions): Plan {
  const { driver, client, filter, explore, replay, json: asJson = false } = options;
  const { platform = 'iop342', seed = '1', strategy = 'exhaustive', format = asJson ? 'json' : 'human' } = options;
  const all: readonly SuiteSubject[] = client === undefined ? CASES : CLIENT_CASES;
  const cases = filter === undefined ? all : forOption('--filter', () => selected(all, filter));
  if (client !== undefined) {
    for (const flag of ['driver', 'platform', 'explore', 'replay', 'mutants'] as const) {
      if (options[flag] !== undefined)
        refuseOption(`--${flag}`, 'a client runs under conditions of its own', 'it without --client');
    }
  }
  if (replay !== undefined && cases.length !== 1) {
    refuseOption('--replay', 'an order of events belongs to one case', '--filter with its name');
  }
  const orders = forOption('--strategy', () => oneOf(STRATEGIES).parse(strategy));
  return {
    replay,
    trace: traceOf(options, cases.length),
    explore:
      explore === undefined
        ? undefined
        : {
            runs: forOption('--explore', () => integer(1, 100_000_000).parse(explore)),
            strategy: orders,
          },
    underTest: underTest(driver, client),
    platform: forOption('--platform', () => oneOf(PLATFORM_NAMES).parse(platform)),
    where: client === undefined ? platform : `${Object.keys(CLIENT_CONDITIONS).length} machines`,
    format: forOption('--format', () => oneOf(FORMATS).parse(format)),
    seed: forOption('--seed', () => fields.seed.parse(seed)),
    cases,
  };
}

/** One case is recorded, in the order that time makes. */
function traceOf(options: ConformanceOptions, cases: number): TraceOptions | undefined {
  const { trace, traceFilter } = options;
  if (trace === undefined && traceFilter === undefined) return undefined;
  for (const flag of ['client', 'explore', 'replay', 'mutants'] as const) {
    if (options[flag] !== undefined) refuseOption('--trace', 'one run of one case is recorded', `it without --${flag}`);
  }
  if (cases !== 1) refuseOption('--trace', 'one run of one case is recorded', '--filter with its name');
  if (trace === '-') refuseOption('--trace', 'stdout is the report’s', 'a file');
  return { ...(trace === undefined ? {} : { trace }), ...(traceFilter === undefined ? {} : { traceFilter }) };
}

function underTest(driver: string | undefined, client: string | undefined): UnderTest {
  if (client !== undefined) return { kind: 'client', file: client };
  return driver === undefined ? { kind: 'iop-adma' } : { kind: 'driver', file: driver };
}

function selected(all: readonly SuiteSubject[], filter: string): SuiteSubject[] {
  const cases = all.filter((subject) => matches(subject, filter));
  if (cases.length > 0) return cases;
  const names = [...new Set(all.flatMap(({ id, rules }) => [groupOf(id), id, ...rules]))];
  throw new FieldError(
    `${quote(filter)} names no case${didYouMean(filter, names)}`,
    'a case, a group, a rule, or a pattern with *',
  );
}
