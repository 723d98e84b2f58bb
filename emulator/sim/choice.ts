import type { Accesses } from './accesses';
import { SeededRandom } from './random';

/**
 * Who answers when something in the world is not determined. Every source of non-determinism asks here,
 * so that a run is a seed, an enumeration or a recorded string of answers, and nothing else.
 */
export interface Chooser {
  /** Picks one of `alternatives` (an integer ≥ 1) at the named point; returns 0 … alternatives − 1. */
  choose(point: string, alternatives: number): number;
}

/** One way to go on at a point of explored mode. */
export interface Move {
  /** Whose next step it is: the processor's, or the earliest event of a source of events. */
  readonly actor: string;
  /** The stretch without which this move would not exist: it scheduled the event, or is what the processor waited for. */
  readonly after: Accesses | undefined;
  /** The event comes when nothing else is under way, whatever that does: a time-out. */
  readonly last: boolean;
}

/** A chooser that orders events: it is told who can go on, and afterwards what the one it picked has touched. */
export interface Enumerator extends Chooser {
  /**
   * Picks one of the moves (at least one), in place of `choose`. The processor, where it can go on, is the first.
   * @param accesses filled while the move is carried out, complete at the next call or when the run ends
   */
  order(point: string, moves: readonly Move[], accesses: Accesses): number;
}

/** Whether a chooser wants to know whom it chooses from. */
export function isEnumerator(chooser: Chooser): chooser is Enumerator {
  return 'order' in chooser;
}

/** Answers from a seeded generator and remembers nothing. */
export class SeededChooser implements Chooser {
  private readonly random: SeededRandom;

  constructor(readonly seed: number) {
    this.random = new SeededRandom(seed);
  }

  choose(_point: string, alternatives: number): number {
    return alternatives === 1 ? 0 : this.random.below(alternatives);
  }
}

/** Answers from a recorded list and refuses a list that does not fit the run. */
export class RecordedChooser implements Chooser {
  private position = 0;

  constructor(private readonly answers: readonly number[]) {}

  choose(point: string, alternatives: number): number {
    if (alternatives === 1) return 0;
    const answer = this.answers[this.position++];
    if (answer === undefined || answer >= alternatives) {
      throw new RangeError(
        `choice ${this.position} at ${point}: ${answer ?? 'nothing'} recorded, ${alternatives} ways`,
      );
    }
    return answer;
  }
}

/** Passes every question on and keeps the answers, for a replay string. */
export class RecordingChooser implements Chooser {
  readonly answers: number[] = [];

  constructor(private readonly inner: Chooser) {}

  choose(point: string, alternatives: number): number {
    const answer = this.inner.choose(point, alternatives);
    if (alternatives > 1) this.answers.push(answer);
    return answer;
  }
}
