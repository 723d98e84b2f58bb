import { SeededRandom } from './random';

/**
 * Who answers when something in the world is not determined. Every source of non-determinism asks here,
 * so that a run is a seed, an enumeration or a recorded string of answers, and nothing else.
 */
export interface Chooser {
  /** Picks one of `alternatives` (an integer ≥ 1) at the named point; returns 0 … alternatives − 1. */
  choose(point: string, alternatives: number): number;
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
