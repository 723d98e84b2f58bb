/**
 * Depth-first search over all orders that can differ, by running again and again from the start: dynamic partial-order
 * reduction with sleep sets (Flanagan and Godefroid 2005; source sets after Abdulla, Aronis, Jonsson and Sagonas 2014).
 *
 * At first one way is tried at each point. Each pair of steps that depend on each other and could have come in the
 * other order (a race) asks for a second way at the point before the first of them. A way that has been tried sleeps
 * until something happens that it depends on; a point where everything sleeps leads only to orders that have been seen.
 */
import type { Accesses } from '../../emulator/sim/accesses';
import type { Move } from '../../emulator/sim/choice';
import { OrderKey } from './order-key';
import type { Search } from './run';
import { ABANDONED, notDeterministic } from './run';
import type { Step } from './timeline';
import { precedes, Timeline } from './timeline';

/** A way that has been tried, and what its first step touched. */
interface Sleeper {
  readonly actor: number;
  readonly accesses: Accesses;
}

/** A point of the run. */
interface OrderPoint {
  readonly kind: 'order';
  readonly moves: readonly Move[];
  readonly actors: readonly number[];
  /** Ways that are tried, have been or will be. */
  readonly wanted: boolean[];
  readonly tried: boolean[];
  readonly sleep: Sleeper[];
  answer: number;
  /** Answers of another kind were given within the step: what it touches depends on them. */
  varies: boolean;
}

/** A choice that orders nothing: all its answers are tried. */
interface AnswerPoint {
  readonly kind: 'answer';
  readonly alternatives: number;
  /** Steps completed before it. */
  readonly steps: number;
  answer: number;
}

export class ExhaustiveSearch implements Search {
  abandoned = false;
  /** Ways that were left out, and runs that were given up. */
  pruned = 0;
  private readonly points: (OrderPoint | AnswerPoint)[] = [];
  /** The points where steps begin, by step. */
  private readonly starts: OrderPoint[] = [];
  private readonly timeline: Timeline;
  /** Points of the run under way that have been passed. */
  private passed = 0;
  /** Steps of the run under way, the one under way included. */
  private begun = 0;
  private move: Move | undefined;
  private accesses: Accesses | undefined;

  /** @param prune whether equivalent orders are left out */
  constructor(
    actors: Map<string, number>,
    private readonly prune: boolean,
  ) {
    this.timeline = new Timeline(actors);
  }

  get answers(): readonly number[] {
    const choices = this.points.filter((point) => alternativesOf(point) > 1);
    return choices.map(({ answer }) => answer);
  }

  get key(): number {
    const key = new OrderKey();
    for (const step of this.timeline.steps) key.add(step);
    this.points.forEach((point, i) => {
      if (point.kind === 'answer') key.addAnswer(i, point.answer);
    });
    return key.value;
  }

  order(point: string, moves: readonly Move[], accesses: Accesses): number {
    if (this.abandoned) throw ABANDONED;
    this.finishStep();
    const known = this.passed < this.points.length ? this.points[this.passed] : this.newPoint(moves);
    if (known.kind !== 'order' || known.moves.length !== moves.length) throw notDeterministic(point);
    this.passed++;
    this.move = moves[known.answer];
    this.accesses = accesses;
    accesses.index = this.begun++;
    return known.answer;
  }

  choose(point: string, alternatives: number): number {
    if (alternatives === 1) return 0;
    if (this.abandoned) throw ABANDONED;
    if (this.passed === this.points.length) {
      this.points.push({ kind: 'answer', alternatives, steps: this.timeline.steps.length, answer: 0 });
    }
    const known = this.points[this.passed++];
    if (known.kind !== 'answer' || known.alternatives !== alternatives) throw notDeterministic(point);
    if (this.begun > 0) this.starts[this.begun - 1].varies = true;
    return known.answer;
  }

  end(): void {
    this.finishStep();
  }

  next(): boolean {
    if (this.abandoned) this.pruned++;
    this.abandoned = false;
    this.passed = 0;
    this.begun = 0;
    this.move = undefined;
    for (let point = this.points.at(-1); point !== undefined; point = this.points.at(-1)) {
      if (point.kind === 'answer' ? this.nextAnswer(point) : this.nextWay(point)) return true;
      this.points.pop();
    }
    return false;
  }

  private nextAnswer(point: AnswerPoint): boolean {
    if (++point.answer === point.alternatives) return false;
    this.timeline.truncate(point.steps);
    return true;
  }

  private nextWay(point: OrderPoint): boolean {
    const { actors, answer, sleep, tried, wanted } = point;
    const step = this.starts.lastIndexOf(point);
    tried[answer] = true;
    if (this.prune && !point.varies) sleep.push(this.timeline.steps[step]);
    const next = actors.findIndex((actor, i) => wanted[i] && !tried[i] && !isAsleep(sleep, actor));
    if (next < 0) {
      this.pruned += tried.reduce((count, was) => count + (was ? 0 : 1), 0);
      this.starts.length = step;
      return false;
    }
    point.answer = next;
    point.varies = false;
    this.timeline.truncate(step);
    this.starts.length = step + 1;
    return true;
  }

  private newPoint(moves: readonly Move[]): OrderPoint {
    const actors = moves.map(({ actor }) => this.timeline.actor(actor));
    const sleep =
      this.begun === 0 ? [] : this.stillAsleep(this.starts[this.begun - 1], this.timeline.steps[this.begun - 1]);
    const answer = actors.findIndex((actor) => !isAsleep(sleep, actor));
    if (answer < 0) {
      this.abandoned = true;
      throw ABANDONED;
    }
    const point: OrderPoint = {
      kind: 'order',
      moves,
      actors,
      wanted: moves.map((_, i) => !this.prune || i === answer),
      tried: moves.map(() => false),
      sleep,
      answer,
      varies: false,
    };
    this.points.push(point);
    this.starts.push(point);
    return point;
  }

  /** What slept where the step began, and has not been woken by it. */
  private stillAsleep({ sleep }: OrderPoint, { accesses }: Step): Sleeper[] {
    return sleep.filter((sleeper) => !sleeper.accesses.conflictsWith(accesses));
  }

  /** The step under way is complete. Its like may stand on the timeline already, from the run before. */
  private finishStep(): void {
    if (this.move === undefined || this.timeline.steps.length >= this.begun) return;
    this.timeline.add(this.move, this.accesses!, this.raced);
  }

  /** The later step, or what it needs first, shall also be tried in place of the earlier one. */
  private readonly raced = (earlier: Step, later: Step): void => {
    if (!this.prune) return;
    const { actors, sleep, wanted } = this.starts[earlier.index];
    const first = this.firstWithout(earlier, later);
    if (first.some((actor) => isAsleep(sleep, actor) || wanted[actors.indexOf(actor)])) return;
    const way = actors.findIndex((actor) => first.includes(actor));
    if (way >= 0) wanted[way] = true;
    else wanted.fill(true);
  };

  /** Actors that can begin what leads from before `earlier` to `later` without it. */
  private firstWithout(earlier: Step, later: Step): number[] {
    const { steps } = this.timeline;
    const firsts: Step[] = [];
    const consider = (step: Step): void => {
      if (!firsts.some(({ actor }) => actor === step.actor)) firsts.push(step);
    };
    for (let i = earlier.index + 1; i < steps.length; i++) if (!precedes(earlier, steps[i])) consider(steps[i]);
    consider(later);
    return firsts
      .filter((step) => !firsts.some((other) => other.index < step.index && precedes(other, step)))
      .map(({ actor }) => actor);
  }
}

function isAsleep(sleep: readonly Sleeper[], actor: number): boolean {
  return sleep.some((sleeper) => sleeper.actor === actor);
}

function alternativesOf(point: OrderPoint | AnswerPoint): number {
  return point.kind === 'order' ? point.moves.length : point.alternatives;
}
