import type { Actor, Footprint } from './actor';
import type { Chooser } from './choice';
import type { EventHandle } from './event-queue';
import { EventQueue } from './event-queue';
import { END_OF_TIME } from './time';

/** Thrown when a delay would run past what the clock can hold (2^53 − 1 ps). */
export class ClockExhausted extends RangeError {
  constructor(time: number) {
    super(`simulated time ${time} ps is past the end of the clock (2^53 − 1 ps, 2.5 hours)`);
  }
}

/**
 * Simulated time and what is going to happen in it. Timed mode: the earliest event by (time, priority,
 * sequence) fires next and time jumps to it; idle time is skipped, never stepped through.
 */
export class Simulator {
  protected clock = 0;
  protected firedEvents = 0;

  /** @param queue where events wait; a new one unless given */
  constructor(
    readonly chooser: Chooser,
    private readonly queue = new EventQueue(),
  ) {}

  /** Picoseconds since power-on. */
  get now(): number {
    return this.clock;
  }

  /** Events fired since power-on. */
  get fired(): number {
    return this.firedEvents;
  }

  /** Events that are still to come, earliest first. */
  pendingEvents(): ReturnType<EventQueue['pendingEvents']> {
    return this.queue.pendingEvents();
  }

  /** Whether nothing is under way. */
  get quiet(): boolean {
    return this.queue.size === 0;
  }

  /** Time of the next event, Infinity when nothing will ever happen by itself. */
  get nextTime(): number {
    return this.queue.nextTime;
  }

  /**
   * Lets `handler` run after `delay` picoseconds.
   * @param actor whose event it is
   * @param delay picoseconds, ≥ 0
   * @param footprint what the handler touches
   */
  schedule(actor: Actor, delay: number, footprint: Footprint, handler: () => void): EventHandle {
    const time = this.clock + delay;
    if (!(delay >= 0) || time > END_OF_TIME) throw new ClockExhausted(time);
    return this.queue.add(time, actor, footprint, handler);
  }

  /** Takes a pending event back; false when it is too late. */
  cancel(handle: EventHandle): boolean {
    return this.queue.cancel(handle);
  }

  /** Whether the event is still to come. */
  pending(handle: EventHandle): boolean {
    return this.queue.pending(handle);
  }

  /** Fires the next event and moves time to it; false when there is none. */
  step(): boolean {
    if (this.queue.size === 0) return false;
    this.moveTo(this.queue.nextTime);
    this.firedEvents++;
    this.queue.takeFirst()();
    return true;
  }

  /** Fires the next event if it comes by `deadline`; false when none does. */
  stepWithin(deadline: number): boolean {
    return this.queue.nextTime <= deadline && this.step();
  }

  /** Fires everything up to and including `time`, then stands at `time`. */
  advanceTo(time: number): void {
    if (time > END_OF_TIME) throw new ClockExhausted(time);
    while (this.queue.nextTime <= time) this.step();
    if (time > this.clock) this.moveTo(time);
  }

  /** Moves time forward to a moment no event precedes: used when the caller has fired what was due. */
  skipTo(time: number): void {
    if (time > END_OF_TIME || time > this.queue.nextTime || time < this.clock) throw new ClockExhausted(time);
    this.moveTo(time);
  }

  /** Time moves on, or stays. */
  protected moveTo(time: number): void {
    this.clock = time;
  }
}
