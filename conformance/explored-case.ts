/** A conformance case in every order of events that can differ, or in the one that a string of choices says. */
import { Dram } from '../emulator/memory/dram';
import type { PlatformRecord } from '../emulator/platforms/platform';
import type { Chooser } from '../emulator/sim/choice';
import type { CaseResult, ConformanceCase } from './case';
import { explore } from './explorer/explore';
import type { Explorable, Strategy } from './explorer/explorer';
import { replay } from './explorer/replay';
import type { CaseOptions } from './run-case';
import { runCase } from './run-case';
import type { ExploreSummary } from './suite';

/** Memory of a board that is built thousands of times. */
const DRAM_BYTES = 256 * 1024;
/** Descriptor memory of a channel: a driver's bookkeeping for more costs more than a run. */
const POOL_BYTES = 1024;

export interface ExploredResult {
  /** Of the run that broke a rule; of the default order where none did. */
  readonly result: CaseResult;
  readonly explored: ExploreSummary;
}

type Options = Omit<CaseOptions, 'dram' | 'machine'>;

/**
 * Explores a case. @param budget runs at most @param strategy `exhaustive` goes over to few preemptions by itself where
 * the budget is too small for all orders
 */
export function exploreCase(
  subject: ConformanceCase,
  options: Options,
  budget: number,
  strategy: Strategy,
  onProgress: () => void,
): ExploredResult {
  const runs = new ExploredRuns(subject, options);
  const { explored, pruned, exhausted, bound, failure } = explore(runs, {
    strategy,
    budget,
    seed: options.seed,
    onProgress,
  });
  const counts = { explored, pruned, exhausted, ...(bound === undefined ? {} : { bound }) };
  if (failure === undefined) return { result: runs.inDefaultOrder(), explored: counts };
  const { choices } = failure;
  return { result: runs.again(choices), explored: { ...counts, choices } };
}

/** Runs a case in the order that `choices` says. Throws ChoicesError when they are of another case. */
export function replayCase(subject: ConformanceCase, options: Options, choices: string): CaseResult {
  return new ExploredRuns(subject, options).again(choices);
}

/** The runs of one case, all on the same memory. */
class ExploredRuns implements Explorable {
  readonly name: string;
  private readonly dram: Dram;
  private readonly platform: PlatformRecord;
  private latest: CaseResult | undefined;
  private recorded = false;

  constructor(
    private readonly subject: ConformanceCase,
    private readonly options: Options,
  ) {
    const { platform } = options;
    this.name = subject.id;
    this.dram = new Dram(platform.dramBase, DRAM_BYTES);
    this.platform = {
      ...platform,
      engines: platform.engines.map((engine) => ({ ...engine, poolBytes: Math.min(engine.poolBytes, POOL_BYTES) })),
    };
  }

  run(chooser: Chooser): ReturnType<Explorable['run']> {
    const { dram, platform, subject, options, recorded } = this;
    this.latest = runCase(subject, { ...options, platform, dram, recorded, machine: { chooser, explored: true } });
    const [complaint] = this.latest.complaints;
    if (complaint === undefined) return { ok: true };
    return { ok: false, rule: complaint.rule, text: `expected ${complaint.expected}; ${complaint.happened}` };
  }

  /** One run in a given order, its result whole, trace and all. */
  again(choices: string): CaseResult {
    this.recorded = true;
    replay(this, choices);
    return this.latest!;
  }

  inDefaultOrder(): CaseResult {
    return this.again('0');
  }
}
