/**
 * All orders with few preemptions, fewest first (iterative context bounding: Musuvathi and Qadeer 2007). The processor
 * goes on as long as it can; while it waits, the actor of the latest event does. Whoever else goes ahead preempts it;
 * further events of the same actor in a row cost no more, and where the latest actor has nothing pending and the
 * processor waits for whatever comes, the choice is free. Where a run comes to a state that an equivalent order has
 * reached with no more preemptions, it is given up.
 */
import type { Accesses } from '../../emulator/sim/accesses';
import type { Move } from '../../emulator/sim/choice';
import { PROCESSOR, WAITING } from '../../emulator/sim/explored';
import { OrderKey } from './order-key';
import type { Search } from './run';
import { ABANDONED, notDeterministic } from './run';
import { Timeline } from './timeline';

/** A way into the unexplored: an answer, and the answers before it, latest first. */
interface Way {
  readonly before: Way | undefined;
  readonly answer: number;
}

export class BoundedSearch implements Search {
  abandoned = false;
  pruned = 0;
  readonly answers: number[] = [];
  /** Preemptions of the run under way. */
  private used = 0;
  /** Ways by their preemptions. */
  private readonly queues: Way[][];
  private prefix: number[] = [];
  private way: Way | undefined;
  private readonly seen = new Set<number>();
  private readonly timeline: Timeline;
  private orderKey = new OrderKey();
  private move: Move | undefined;
  private accesses: Accesses | undefined;
  /** Ways that were forgotten because the budget ends before them, by their preemptions. */
  private readonly forgotten: number[];

  /**
   * @param bound most preemptions
   * @param room most ways that are kept for later, with each number of preemptions
   */
  constructor(
    actors: Map<string, number>,
    bound: number,
    private readonly room: number,
  ) {
    this.timeline = new Timeline(actors);
    this.queues = Array.from({ length: bound + 1 }, () => []);
    this.forgotten = this.queues.map(() => 0);
  }

  get key(): number {
    return this.orderKey.value;
  }

  /** The most preemptions of which every order has been explored; -1 while there are none. */
  get complete(): number {
    const open = this.queues.findIndex((queue, i) => queue.length > 0 || this.forgotten[i] > 0);
    return open < 0 ? this.queues.length - 1 : open - 1;
  }

  order(point: string, moves: readonly Move[], accesses: Accesses): number {
    if (this.abandoned) this.abandon();
    this.finishStep();
    if (moves.length > 1 && this.answers.length >= this.prefix.length) this.arrive();
    const latest = moves.findIndex(({ actor }) => actor === this.move?.actor);
    const goesOn = moves[0].actor === PROCESSOR ? 0 : Math.max(latest, 0);
    const free = latest < 0 && point === WAITING;
    const cost = (i: number): number => (free || i === goesOn || i === latest ? 0 : 1);
    const answer = this.answer(point, moves.length, goesOn, cost);
    this.used += cost(answer);
    this.move = moves[answer];
    this.accesses = accesses;
    return answer;
  }

  choose(point: string, alternatives: number): number {
    if (this.abandoned) this.abandon();
    const answer = this.answer(point, alternatives, 0, () => 0);
    this.orderKey.addAnswer(this.answers.length, answer);
    return answer;
  }

  end(): void {
    this.finishStep();
  }

  next(): boolean {
    if (this.abandoned) this.pruned++;
    const queue = this.queues.find(({ length }) => length > 0);
    if (queue === undefined) return false;
    const way = queue.pop()!;
    this.prefix = [];
    for (let at: Way | undefined = way; at !== undefined; at = at.before) this.prefix.push(at.answer);
    this.prefix.reverse();
    this.way = undefined;
    this.abandoned = false;
    this.used = 0;
    this.answers.length = 0;
    this.timeline.truncate(0);
    this.orderKey = new OrderKey();
    this.move = undefined;
    return true;
  }

  /** Takes the answer of the prefix, or the one that costs nothing, keeping the others for later. */
  private answer(point: string, alternatives: number, free: number, cost: (answer: number) => number): number {
    if (alternatives === 1) return 0;
    const position = this.answers.length;
    const answer = position < this.prefix.length ? this.prefix[position] : free;
    if (answer >= alternatives) throw notDeterministic(point);
    if (position >= this.prefix.length) {
      for (let other = 0; other < alternatives; other++) {
        if (other !== answer) this.keep(this.used + cost(other), other);
      }
    }
    this.way = { before: this.way, answer };
    this.answers.push(answer);
    return answer;
  }

  /** A state that an equivalent order has reached with no more preemptions leads nowhere new. */
  private arrive(): void {
    const key = this.orderKey.valueWith(this.move === undefined ? 0 : this.timeline.actor(this.move.actor) + 1);
    if (this.seen.has(key)) this.abandon();
    this.seen.add(key);
  }

  private abandon(): never {
    this.abandoned = true;
    throw ABANDONED;
  }

  private keep(preemptions: number, answer: number): void {
    if (preemptions >= this.queues.length) return;
    if (this.queues[preemptions].length >= this.room) {
      this.forgotten[preemptions]++;
      return;
    }
    this.queues[preemptions].push({ before: this.way, answer });
  }

  private finishStep(): void {
    if (this.move === undefined || this.accesses === undefined) return;
    this.orderKey.add(this.timeline.add(this.move, this.accesses));
    this.accesses = undefined;
  }
}
