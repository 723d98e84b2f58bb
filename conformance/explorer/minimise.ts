import type { Chooser } from '../../emulator/sim/choice';
import { withoutDefaults } from './choices';
import type { Explorable, Verdict } from './explorer';

/** Most runs that are spent on one failure. */
const MOST_RUNS = 2_000;

/** Answers from a list as far as it fits, by default otherwise, and keeps what it answered. */
class LenientChooser implements Chooser {
  readonly answers: number[] = [];

  constructor(private readonly wanted: readonly number[]) {}

  choose(_point: string, alternatives: number): number {
    if (alternatives === 1) return 0;
    const wanted = this.wanted[this.answers.length] ?? 0;
    const answer = wanted < alternatives ? wanted : 0;
    this.answers.push(answer);
    return answer;
  }
}

/** A run that breaks a rule, and the answers that lead there. */
export interface FailingRun {
  readonly answers: readonly number[];
  readonly verdict: Verdict & { readonly ok: false };
}

/** How many answers differ from the default. */
export function departures(answers: readonly number[]): number {
  return answers.reduce((count, answer) => count + (answer === 0 ? 0 : 1), 0);
}

/**
 * Answers with fewer departures from the default that break the same rule: leaves out departures, in large groups at
 * first and then singly (delta debugging, Zeller and Hildebrandt 2002), until each that is left is needed.
 */
export function minimise(subject: Explorable, failing: FailingRun): FailingRun {
  let best: FailingRun = { ...failing, answers: withoutDefaults(failing.answers) };
  let runs = 0;
  const improves = (answers: readonly number[]): boolean => {
    if (runs++ >= MOST_RUNS) return false;
    const chooser = new LenientChooser(answers);
    const verdict = subject.run(chooser);
    if (verdict.ok || verdict.rule !== failing.verdict.rule) return false;
    const found = withoutDefaults(chooser.answers);
    if (!isSimpler(found, best.answers)) return false;
    best = { answers: found, verdict };
    return true;
  };
  for (let groups = 1; ;) {
    const places = best.answers.flatMap((answer, i) => (answer === 0 ? [] : [i]));
    if (places.length === 0) break;
    if (leavesOut(best.answers, places, Math.min(groups, places.length), improves)) groups = Math.max(1, groups >> 1);
    else if (groups >= places.length) break;
    else groups = Math.min(2 * groups, places.length);
  }
  return best;
}

/** Tries to do without each of so many groups of departures; whether one was not needed. */
function leavesOut(
  answers: readonly number[],
  places: readonly number[],
  groups: number,
  improves: (answers: readonly number[]) => boolean,
): boolean {
  for (let group = groups - 1; group >= 0; group--) {
    const from = Math.floor((group * places.length) / groups);
    const to = Math.floor(((group + 1) * places.length) / groups);
    const dropped = new Set(places.slice(from, to));
    if (improves(answers.map((answer, i) => (dropped.has(i) ? 0 : answer)))) return true;
  }
  return false;
}

/** Fewer departures, or as many in a shorter list. */
function isSimpler(a: readonly number[], b: readonly number[]): boolean {
  const difference = departures(a) - departures(b);
  return difference < 0 || (difference === 0 && a.length < b.length);
}
