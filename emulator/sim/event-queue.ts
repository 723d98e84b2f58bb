import type { Actor, Footprint } from './actor';

/**
 * A reference to one scheduled event: slot number and the slot's generation in one integer, so that a
 * handle outlives its event harmlessly. 0 is never a valid handle.
 */
export type EventHandle = number;

/** The handle that refers to nothing. */
export const NO_EVENT: EventHandle = 0;

const SLOT_BITS = 16;
const MAX_EVENTS = 1 << SLOT_BITS;
const INITIAL_EVENTS = 64;

/**
 * Pending events, ordered by (time, priority, sequence): equal times are first in, first out.
 *
 * A binary heap of slot numbers over parallel arrays. Slots are recycled through a free list and carry a
 * generation, so scheduling and firing allocate nothing once the arrays have grown to the deepest queue
 * seen, and a stale handle can never cancel somebody else's event.
 *
 * Invariants: `heap[position[slot]] === slot` for every pending slot; `position[slot] === -1` for every
 * free one; the heap property holds for `before`.
 */
export class EventQueue {
  private times = new Float64Array(INITIAL_EVENTS);
  private priorities = new Int32Array(INITIAL_EVENTS);
  private sequences = new Float64Array(INITIAL_EVENTS);
  private generations = new Float64Array(INITIAL_EVENTS).fill(1);
  private position = new Int32Array(INITIAL_EVENTS).fill(-1);
  private heap = new Int32Array(INITIAL_EVENTS);
  private free = Int32Array.from({ length: INITIAL_EVENTS }, (_, i) => INITIAL_EVENTS - 1 - i);
  private freeCount = INITIAL_EVENTS;
  private readonly handlers: (() => void)[] = new Array<() => void>(INITIAL_EVENTS).fill(nothing);
  private readonly actors: (Actor | undefined)[] = new Array<Actor | undefined>(INITIAL_EVENTS).fill(undefined);
  private readonly footprints: (Footprint | undefined)[] = new Array<Footprint | undefined>(INITIAL_EVENTS).fill(
    undefined,
  );
  private count = 0;
  private sequence = 0;

  /** How many events are pending. */
  get size(): number {
    return this.count;
  }

  /** Time of the earliest event, or Infinity when nothing is pending. */
  get nextTime(): number {
    return this.count === 0 ? Infinity : this.times[this.heap[0]];
  }

  /** Who is going to do what, earliest first: what an enumerator chooses from. */
  pendingEvents(): { readonly time: number; readonly actor: Actor; readonly footprint: Footprint }[] {
    return Array.from(this.heap.subarray(0, this.count))
      .sort((a, b) => (this.before(a, b) ? -1 : 1))
      .map((slot) => ({ time: this.times[slot], actor: this.actors[slot]!, footprint: this.footprints[slot]! }));
  }

  /** Adds an event at an absolute time. Lower priorities fire first at equal times. */
  add(time: number, actor: Actor, footprint: Footprint, handler: () => void): EventHandle {
    if (this.freeCount === 0) this.grow();
    const slot = this.free[--this.freeCount];
    this.times[slot] = time;
    this.priorities[slot] = actor.priority;
    this.sequences[slot] = this.sequence++;
    // A slot tends to go back to whom it came from: comparing costs less than storing.
    if (this.handlers[slot] !== handler) this.handlers[slot] = handler;
    if (this.actors[slot] !== actor) this.actors[slot] = actor;
    if (this.footprints[slot] !== footprint) this.footprints[slot] = footprint;
    this.siftUp(this.count++, slot);
    return this.generations[slot] * MAX_EVENTS + slot;
  }

  /** Takes the earliest event off the queue and returns its handler. The queue must not be empty. */
  takeFirst(): () => void {
    const slot = this.heap[0];
    const handler = this.handlers[slot];
    this.remove(slot);
    return handler;
  }

  /** Removes a pending event; false when it has fired or was cancelled already. */
  cancel(handle: EventHandle): boolean {
    if (!this.pending(handle)) return false;
    this.remove(handle % MAX_EVENTS);
    return true;
  }

  /** Whether the event of this handle is still to come. */
  pending(handle: EventHandle): boolean {
    const slot = handle % MAX_EVENTS;
    return (
      handle !== NO_EVENT &&
      slot < this.times.length &&
      this.position[slot] >= 0 &&
      this.generations[slot] === (handle - slot) / MAX_EVENTS
    );
  }

  private remove(slot: number): void {
    const hole = this.position[slot];
    this.position[slot] = -1;
    this.generations[slot]++;
    this.free[this.freeCount++] = slot;
    const last = this.heap[--this.count];
    if (last === slot) return;
    this.siftDown(hole, last);
    if (this.position[last] === hole) this.siftUp(hole, last);
  }

  private before(a: number, b: number): boolean {
    const ta = this.times[a];
    const tb = this.times[b];
    if (ta !== tb) return ta < tb;
    const pa = this.priorities[a];
    const pb = this.priorities[b];
    return pa !== pb ? pa < pb : this.sequences[a] < this.sequences[b];
  }

  private siftUp(index: number, slot: number): void {
    const { heap, position } = this;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const other = heap[parent];
      if (!this.before(slot, other)) break;
      heap[index] = other;
      position[other] = index;
      index = parent;
    }
    heap[index] = slot;
    position[slot] = index;
  }

  private siftDown(index: number, slot: number): void {
    const { heap, position, count } = this;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      if (child + 1 < count && this.before(heap[child + 1], heap[child])) child++;
      const other = heap[child];
      if (!this.before(other, slot)) break;
      heap[index] = other;
      position[other] = index;
      index = child;
    }
    heap[index] = slot;
    position[slot] = index;
  }

  private grow(): void {
    const old = this.times.length;
    const size = Math.min(old * 2, MAX_EVENTS);
    if (size === old) throw new RangeError(`event queue is full: ${MAX_EVENTS} events are pending`);
    const wider = <A extends Float64Array | Int32Array>(into: A, from: A): A => {
      into.set(from);
      return into;
    };
    this.times = wider(new Float64Array(size), this.times);
    this.priorities = wider(new Int32Array(size), this.priorities);
    this.sequences = wider(new Float64Array(size), this.sequences);
    this.generations = wider(new Float64Array(size).fill(1), this.generations);
    this.position = wider(new Int32Array(size).fill(-1), this.position);
    this.heap = wider(new Int32Array(size), this.heap);
    this.free = new Int32Array(size);
    for (let slot = size - 1; slot >= old; slot--) {
      this.free[this.freeCount++] = slot;
      this.handlers[slot] = nothing;
      this.actors[slot] = undefined;
      this.footprints[slot] = undefined;
    }
  }
}

function nothing(): void {}
