import type { Enumerator } from '../../emulator/sim/choice';
import type { Explorable, Verdict } from './explorer';

/** Thrown through a run that can only repeat what has been explored. */
class Abandoned extends Error {
  constructor() {
    super('this run repeats an explored order');
    this.name = 'Abandoned';
  }
}

/** The one that is thrown: thousands are, and nobody reads where from. */
export const ABANDONED = new Abandoned();

/** Who makes the choices of one run after another. */
export interface Search extends Enumerator {
  /** Whether the run under way has been given up. */
  readonly abandoned: boolean;
  /** Ways that have been left out so far, runs that were given up included. */
  readonly pruned: number;
  /** The answers of the run, where there was a choice. */
  readonly answers: readonly number[];
  /** A number for the order of the run when it has ended, the same for equivalent orders. */
  readonly key: number;
  /** The run has ended. */
  end(): void;
  /** Prepares the next run; false when there is none. */
  next(): boolean;
}

/** The verdict of one run, undefined when the search gave it up. */
export function runOnce(subject: Explorable, search: Search): Verdict | undefined {
  try {
    const verdict = subject.run(search);
    return search.abandoned ? undefined : verdict;
  } catch (error) {
    if (search.abandoned) return undefined;
    throw error;
  } finally {
    search.end();
  }
}

/** What is wrong with a case whose run goes another way although all answers are the same. */
export function notDeterministic(point: string): Error {
  return new Error(`the case is not deterministic: the same choices have led to another ${point}`);
}
