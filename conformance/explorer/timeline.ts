import type { Accesses } from '../../emulator/sim/accesses';
import type { Move } from '../../emulator/sim/choice';

/** One executed step: a stretch of the processor, or one event, between two points. */
export interface Step {
  /** Position on the timeline. */
  readonly index: number;
  /** Number of its actor. */
  readonly actor: number;
  /** How many steps of the same actor there are up to here, this one included. */
  readonly turn: number;
  readonly accesses: Accesses;
  /** By actor: how many of its steps come before this one or are it. Actors beyond the end have none. */
  readonly clock: number[];
}

/** Told of a step and a later one that depends on it, with nothing between that puts them in order. */
export type RaceListener = (earlier: Step, later: Step) => void;

/**
 * The steps of the run under way and the order among them that matters: a step comes after the steps of its own actor,
 * after the one that made it possible, and after those before it that it depends on. Runs in which this order is the
 * same are equivalent.
 */
export class Timeline {
  readonly steps: Step[] = [];
  private latest: (Step | undefined)[] = [];

  /** @param actors numbers of the actors met so far, by name; searches that share them give equal orders equal keys */
  constructor(private readonly actors: Map<string, number>) {}

  /** The number of an actor. */
  actor(name: string): number {
    let number = this.actors.get(name);
    if (number === undefined) {
      number = this.actors.size;
      this.actors.set(name, number);
    }
    return number;
  }

  /** Takes steps back, so that `length` are left. */
  truncate(length: number): void {
    this.steps.length = length;
    this.latest = [];
    for (const step of this.steps) this.latest[step.actor] = step;
  }

  /** Adds a step that has been completed: the move and what it touched. */
  add({ actor: name, after, last }: Move, accesses: Accesses, race: RaceListener = ignore): Step {
    const { steps } = this;
    const actor = this.actor(name);
    const previous = this.latest[actor];
    const turn = (previous?.turn ?? 0) + 1;
    const clock = new Array<number>(this.actors.size).fill(0);
    const step: Step = { index: steps.length, actor, turn, accesses, clock };
    if (previous !== undefined) join(clock, previous.clock);
    clock[actor] = turn;
    if (after !== undefined && after.index >= 0) join(clock, steps[after.index].clock);
    for (let i = steps.length - 1; i >= 0; i--) {
      const earlier = steps[i];
      if (precedes(earlier, step)) continue;
      // Nothing could be under way when a time-out fired: it comes after everything, and there is no other order.
      if (!last && !accesses.conflictsWith(earlier.accesses)) continue;
      if (!last) race(earlier, step);
      join(clock, earlier.clock);
    }
    accesses.index = step.index;
    steps.push(step);
    this.latest[actor] = step;
    return step;
  }
}

/** Whether the earlier of two steps comes before the later in every equivalent run, as far as its clock is filled. */
export function precedes(earlier: Step, { clock }: Step): boolean {
  return earlier.actor < clock.length && clock[earlier.actor] >= earlier.turn;
}

function join(clock: number[], other: readonly number[]): void {
  for (let actor = 0; actor < other.length; actor++) if (other[actor] > clock[actor]) clock[actor] = other[actor];
}

function ignore(): void {}
