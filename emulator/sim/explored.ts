import { GuestHang } from '../findings';
import { Accesses } from './accesses';
import type { Actor, Footprint } from './actor';
import { isPatient } from './actor';
import type { Chooser, Move } from './choice';
import { isEnumerator } from './choice';
import type { EventHandle } from './event-queue';
import { EventQueue } from './event-queue';
import { ClockExhausted, Simulator } from './simulator';
import { END_OF_TIME } from './time';

/** The actor that is no source of events: whoever calls `offer`. */
export const PROCESSOR = 'processor';

/** The name of the points where the processor waits for whatever comes. */
export const WAITING = 'wait';

/** The name of what every step of the processor changes: its software. */
const SOFTWARE = 'software';

/** Events of one run after which there is no end in sight: an engine in an endless chain, say. */
const MOST_EVENTS = 20_000;
/** Points in a row that the processor passes while an event waits: then it spins, and the event fires all the same. */
const LONGEST_SPIN = 1_000;
/** Points in a row without any event pending. */
const LONGEST_SILENCE = 1_000_000;

/** Events do not wait in the queue of timed mode here. */
const UNUSED = new EventQueue();

interface Pending {
  readonly handle: EventHandle;
  readonly time: number;
  readonly actor: Actor;
  readonly footprint: Footprint;
  readonly handler: () => void;
  /** What choosers are told of it. */
  readonly move: Move;
}

/** The processor goes on, and has waited for nobody. */
const GOES_ON: Move = { actor: PROCESSOR, after: undefined, last: false };

/**
 * Simulated time in explored mode: nothing fires by time. At each point the chooser lets the processor go on or
 * takes the earliest event of any actor, any number of them one after the other. A processor that waits (a spin
 * loop's turn, idling) goes on only after an event.
 *
 * The clock is logical: it never goes back, and an event that is taken before its time moves the clock there, a late
 * one fires at the present. Time-outs (actors of priority timer and workload) fire when nothing else is pending, so
 * that they end only what nothing else can end.
 */
export class ExploredSimulator extends Simulator {
  /** While this is false nobody is asked: the processor goes on where it can, otherwise the earliest event fires. For boot. */
  exploring = true;
  /** What the stretch under way has touched so far. */
  accesses = new Accesses();
  /** In order of (time, priority, scheduling). */
  private readonly waiting: Pending[] = [];
  private nextHandle = 1;
  private passed = 0;
  /** Whether the stretch under way is an event's. */
  private inEvent = false;
  /** Whether the latest event that was waited for was a time-out. */
  private timedOut = false;
  /** The latest stretch of each source of events, in the order they came. */
  private readonly latest = new Map<Actor, Accesses>();

  constructor(chooser: Chooser) {
    super(chooser, UNUSED);
    this.accesses.writesNamed(SOFTWARE);
  }

  /** Infinity: nothing ever happens by itself. */
  override get nextTime(): number {
    return Infinity;
  }

  override get quiet(): boolean {
    return this.waiting.length === 0;
  }

  override pendingEvents(): ReturnType<Simulator['pendingEvents']> {
    return this.waiting.map(({ time, actor, footprint }) => ({ time, actor, footprint }));
  }

  override schedule(actor: Actor, delay: number, footprint: Footprint, handler: () => void): EventHandle {
    const time = this.clock + delay;
    if (!(delay >= 0) || time > END_OF_TIME) throw new ClockExhausted(time);
    const move = { actor: actor.name, after: this.accesses, last: isPatient(actor) };
    const event: Pending = { handle: this.nextHandle++, time, actor, footprint, handler, move };
    let at = this.waiting.length;
    while (at > 0 && isBefore(event, this.waiting[at - 1])) at--;
    this.waiting.splice(at, 0, event);
    return event.handle;
  }

  override cancel(handle: EventHandle): boolean {
    const at = this.waiting.findIndex((event) => event.handle === handle);
    if (at >= 0) this.waiting.splice(at, 1);
    return at >= 0;
  }

  override pending(handle: EventHandle): boolean {
    return this.waiting.some((event) => event.handle === handle);
  }

  /** The processor waits for any event: one fires; false when there is none. */
  override step(): boolean {
    return this.stepWithin(Infinity);
  }

  /** The same, where a time-out counts only when it comes by `deadline`. */
  override stepWithin(deadline: number): boolean {
    const heads = this.heads();
    if (heads.length > 0) {
      this.fire(heads[this.choose(WAITING, movesOf(heads))]);
      this.timedOut = false;
      return true;
    }
    const [timeOut] = this.waiting;
    if (timeOut === undefined || timeOut.time > deadline) return false;
    this.choose(WAITING, [timeOut.move]);
    this.fire(timeOut);
    this.timedOut = true;
    return true;
  }

  override advanceTo(time: number): void {
    this.skipTo(Math.max(time, this.clock));
  }

  override skipTo(time: number): void {
    if (time > END_OF_TIME || time < this.clock) throw new ClockExhausted(time);
    this.clock = time;
  }

  /**
   * A point of the processor: true when an event has fired in its place, false when it goes on.
   * @param awaited whose events the processor cannot overtake here
   */
  offer(point: string, awaited: (actor: Actor) => boolean = nobody): boolean {
    if (!this.exploring && awaited === nobody && this.passed < LONGEST_SPIN) {
      this.passed++;
      this.goesOn();
      return false;
    }
    const heads = this.heads();
    if (heads.length === 0) {
      if (++this.passed > LONGEST_SILENCE) this.endless('spins for ever: no event is pending');
      this.resume();
      return false;
    }
    const first = heads.findIndex(({ actor }) => awaited(actor));
    if (first > 0) heads.unshift(...heads.splice(first, 1));
    const waits = first >= 0 || ++this.passed > LONGEST_SPIN;
    const moves = waits ? movesOf(heads) : movesOf(heads, this.goingOn(awaited));
    const answer = this.choose(point, moves);
    if (!waits && answer === 0) {
      this.goesOn();
      return false;
    }
    this.fire(heads[waits ? answer : answer - 1]);
    return true;
  }

  /**
   * The processor sleeps: events fire until one is a time-out or has made `awake` hold; false when there are none. What
   * it would do in between is nothing, so that nothing in between has to be explored.
   */
  sleep(awake: () => boolean): boolean {
    do {
      if (!this.step()) return false;
    } while (!this.timedOut && !awake());
    return true;
  }

  /** No event waits and the processor goes on: no choice, but a step of its own. */
  private resume(): void {
    if (!this.inEvent) return;
    this.choose('resume', [GOES_ON]);
    this.goesOn();
  }

  /** An interrupt is taken: up to the next point what the processor does is part of the event under way. */
  divert(): void {
    this.accesses.writesNamed(SOFTWARE);
  }

  private goesOn(): void {
    this.inEvent = false;
    this.accesses.writesNamed(SOFTWARE);
  }

  /** Takes an answer; a new stretch begins. */
  private choose(point: string, moves: readonly Move[]): number {
    const accesses = new Accesses();
    const answer = this.exploring ? this.ask(point, moves, accesses) : 0;
    this.accesses = accesses;
    return answer;
  }

  private ask(point: string, moves: readonly Move[], accesses: Accesses): number {
    const { chooser } = this;
    if (isEnumerator(chooser)) return chooser.order(point, moves, accesses);
    return moves.length === 1 ? 0 : chooser.choose(point, moves.length);
  }

  private fire(event: Pending): void {
    const { accesses } = this;
    this.inEvent = true;
    this.passed = 0;
    if (++this.firedEvents > MOST_EVENTS) this.endless(`hardware goes on for more than ${MOST_EVENTS} events`);
    this.waiting.splice(this.waiting.indexOf(event), 1);
    if (event.time > this.clock) this.clock = event.time;
    for (const name of event.footprint.reads) accesses.readsNamed(name);
    for (const name of event.footprint.writes) accesses.writesNamed(name);
    const settled = event.footprint.details?.(accesses, event.handler);
    this.latest.delete(event.actor);
    this.latest.set(event.actor, accesses);
    event.handler();
    settled?.();
  }

  /** The earliest event of each actor, time-outs left aside. */
  private heads(): Pending[] {
    const heads: Pending[] = [];
    for (const event of this.waiting) {
      if (!event.move.last && !holds(heads, event.actor)) heads.push(event);
    }
    return heads;
  }

  /** The processor's move, after the latest stretch of those whose events it has to wait for. */
  private goingOn(awaited: (actor: Actor) => boolean): Move {
    if (awaited === nobody) return GOES_ON;
    let after: Accesses | undefined;
    for (const [actor, accesses] of this.latest) if (awaited(actor)) after = accesses;
    return { ...GOES_ON, after };
  }

  private endless(text: string): never {
    throw new GuestHang('KS-08', text, 'explored mode');
  }
}

function isBefore(a: Pending, b: Pending): boolean {
  return a.time !== b.time ? a.time < b.time : a.actor.priority < b.actor.priority;
}

/** Called at every point for every event: a loop costs less than a closure. */
function holds(heads: readonly Pending[], actor: Actor): boolean {
  for (const head of heads) if (head.actor === actor) return true;
  return false;
}

/** What there is to choose from. Called at every point: a loop costs less than a closure. */
function movesOf(heads: readonly Pending[], first?: Move): Move[] {
  const moves = first === undefined ? [] : [first];
  for (const { move } of heads) moves.push(move);
  return moves;
}

function nobody(): boolean {
  return false;
}
