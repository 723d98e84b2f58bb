/** Mutants against cases: which case kills which mutant, and which rules nothing would defend. */
import type { ConformanceCase } from './case';
import type { Mutant } from './mutants/mutant';

/** A case that failed on a mutant's stack. */
export interface Kill {
  readonly caseId: string;
  readonly platform: string;
  /** The order of events in which it failed, where the one that time makes was not enough. */
  readonly choices?: string;
}

/** What became of one mutant. */
export interface MutantFate {
  readonly mutant: Mutant;
  /** Runs of cases that name its rule, explorations among them. */
  readonly tried: number;
  /** Those that failed. */
  readonly kills: readonly Kill[];
  /** Where none of them did: other cases that failed, by accident. */
  readonly accidents: readonly Kill[];
}

export type MutantVerdict = 'killed' | 'by accident' | 'survives';

/** A mutant is dead when a case that names its rule fails; anything else is an accident. */
export function verdictOf({ kills, accidents }: MutantFate): MutantVerdict {
  if (kills.length > 0) return 'killed';
  return accidents.length > 0 ? 'by accident' : 'survives';
}

/** The cases that name the rule of a mutant. */
export function casesAgainst({ rule }: Mutant, cases: readonly ConformanceCase[]): ConformanceCase[] {
  return cases.filter(({ rules }) => rules.includes(rule));
}

/** Rules that cases are about, and no mutant breaks: nobody knows whether those cases can fail. */
export function rulesWithoutMutant(cases: readonly ConformanceCase[], mutants: readonly Mutant[]): string[] {
  const broken = new Set<string>(mutants.map(({ rule }) => rule));
  return [...new Set(cases.map(({ rules }) => rules[0]))].filter((rule) => !broken.has(rule));
}
