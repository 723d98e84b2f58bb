/** Orders by chance, from a seed: one run after the other, each with its own dice. */
import type { Accesses } from '../../emulator/sim/accesses';
import type { Move } from '../../emulator/sim/choice';
import { PROCESSOR } from '../../emulator/sim/explored';
import { SeededRandom } from '../../emulator/sim/random';
import { OrderKey } from './order-key';
import type { Search } from './run';
import { Timeline } from './timeline';

/** How one run picks among at least two moves. */
type Picker = (moves: readonly Move[], step: number) => number;

/** Steps of a run before its length is known. */
const LENGTH_GUESS = 100;

abstract class RandomSearch implements Search {
  readonly abandoned = false;
  readonly pruned = 0;
  readonly answers: number[] = [];
  protected readonly random: SeededRandom;
  /** Steps of the longest run so far. */
  protected longest = LENGTH_GUESS;
  private pick: Picker | undefined;
  private readonly timeline: Timeline;
  private orderKey = new OrderKey();
  private move: Move | undefined;
  private accesses: Accesses | undefined;

  constructor(actors: Map<string, number>, seed: number) {
    this.timeline = new Timeline(actors);
    this.random = new SeededRandom(seed);
  }

  get key(): number {
    return this.orderKey.value;
  }

  order(_point: string, moves: readonly Move[], accesses: Accesses): number {
    this.finishStep();
    this.pick ??= this.newPicker();
    const answer = moves.length === 1 ? 0 : this.pick(moves, this.timeline.steps.length);
    if (moves.length > 1) this.answers.push(answer);
    this.move = moves[answer];
    this.accesses = accesses;
    return answer;
  }

  choose(_point: string, alternatives: number): number {
    if (alternatives === 1) return 0;
    const answer = this.random.below(alternatives);
    this.orderKey.addAnswer(this.answers.length, answer);
    this.answers.push(answer);
    return answer;
  }

  end(): void {
    this.finishStep();
  }

  next(): boolean {
    this.longest = Math.max(this.longest, this.timeline.steps.length);
    this.answers.length = 0;
    this.timeline.truncate(0);
    this.orderKey = new OrderKey();
    this.move = undefined;
    this.pick = undefined;
    return true;
  }

  protected abstract newPicker(): Picker;

  private finishStep(): void {
    if (this.move === undefined || this.accesses === undefined) return;
    this.orderKey.add(this.timeline.add(this.move, this.accesses));
    this.accesses = undefined;
  }
}

/** Sixteenths of a chance. */
const SIDES = 16;

/** Each run leans towards hardware or processor as it likes, and rolls the dice at every point. */
export class LeaningSearch extends RandomSearch {
  protected override newPicker(): Picker {
    const eagerness = 1 + this.random.below(SIDES - 1);
    return (moves) => {
      const waits = moves[0].actor !== PROCESSOR;
      if (waits) return this.random.below(moves.length);
      return this.random.below(SIDES) >= eagerness ? 0 : 1 + this.random.below(moves.length - 1);
    };
  }
}

/**
 * Probabilistic concurrency testing (Burckhardt and others 2010): actors have random priorities, the highest goes
 * first, and at a few random steps the one that would go falls below all others.
 */
export class PriorityChangeSearch extends RandomSearch {
  /** @param changes how often priorities change in a run */
  constructor(
    actors: Map<string, number>,
    seed: number,
    private readonly changes: number,
  ) {
    super(actors, seed);
  }

  protected override newPicker(): Picker {
    const priorities = new Map<string, number>();
    const due = Array.from({ length: this.changes }, () => this.random.below(this.longest)).sort((a, b) => a - b);
    let lowest = 0;
    const priority = ({ actor }: Move): number => {
      const known = priorities.get(actor) ?? 1 + this.random.next();
      priorities.set(actor, known);
      return known;
    };
    const highest = (moves: readonly Move[]): number => {
      const all = moves.map(priority);
      return all.indexOf(Math.max(...all));
    };
    return (moves, step) => {
      while (due.length > 0 && due[0] <= step) {
        due.shift();
        priorities.set(moves[highest(moves)].actor, --lowest);
      }
      return highest(moves);
    };
  }
}
