/**
 * Runs a case under every interleaving of hardware progress and driver steps that can differ, or under as many as
 * a budget allows, and says which one broke a rule.
 */
import type { Chooser } from '../../emulator/sim/choice';

/** How a run ended: well, or with a rule that was broken. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly rule: string; readonly text: string };

/** A case: deterministic given the chooser's answers; builds or resets its own machine each time. */
export interface Explorable {
  readonly name: string;
  run(chooser: Chooser): Verdict;
}

/**
 * - `exhaustive`: every order that can differ; where they are more than the budget allows, those with few preemptions
 * - `random`: each run leans towards hardware or processor as its own dice say
 * - `pct`: random priorities that change at a few random points (probabilistic concurrency testing)
 */
export type Strategy = 'exhaustive' | 'random' | 'pct';

export interface ExploreOptions {
  readonly strategy: Strategy;
  /** Most runs, those included that are given up half way. */
  readonly budget: number;
  readonly seed: number;
  /**
   * `exhaustive`: only orders in which hardware goes ahead of a processor that could go on at most this often.
   * `pct`: how often priorities change; 3 unless given.
   */
  readonly preemptions?: number;
  /** `exhaustive`: whether equivalent orders are left out; true unless given. */
  readonly prune?: boolean;
  /** Called after each run. */
  readonly onProgress?: (explored: number, pruned: number) => void;
}

/** The run that broke a rule. */
export interface ExploreFailure {
  /** Replays it: see `replay`. */
  readonly choices: string;
  readonly verdict: Verdict & { readonly ok: false };
  /** How many choices differed from the default when it was found; as few as possible do in `choices`. */
  readonly minimisedFrom: number;
}

export interface ExploreReport {
  readonly strategy: Strategy;
  /** Runs that came to their end, each another order; for `random` and `pct` some may be equivalent. */
  readonly explored: number;
  /** Ways to go on that were left out, or given up half way, because an equivalent order is among the explored. */
  readonly pruned: number;
  /** Whether every order that can differ has been explored, within `bound` where there is one. */
  readonly exhausted: boolean;
  /** Most preemptions of the orders that have all been explored; absent when they were not limited. */
  readonly bound?: number;
  readonly failure?: ExploreFailure;
}
