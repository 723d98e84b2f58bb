import type { Dram } from '../memory/dram';
import type { Actor, Footprint } from '../sim/actor';
import { Priority } from '../sim/actor';
import type { EventHandle } from '../sim/event-queue';
import { NO_EVENT } from '../sim/event-queue';
import type { Simulator } from '../sim/simulator';

const ENTRIES = 64;

/**
 * The core's posted-write buffer in front of uncached DRAM. A store stays here up to `STORE_DRAIN` before
 * memory has it; hardware that looks earlier sees the old word. A load of a buffered word and a barrier
 * drain it, a load of another word does not. Stores leave in the order they came.
 */
export class WriteBuffer {
  private readonly addresses = new Float64Array(ENTRIES);
  private readonly words = new Uint32Array(ENTRIES);
  private count = 0;
  private drainEvent: EventHandle = NO_EVENT;
  private readonly actor: Actor = { name: 'core.write-buffer', priority: Priority.store };
  private readonly footprint: Footprint = { reads: [], writes: ['dram'] };

  constructor(
    private readonly sim: Simulator,
    private readonly dram: Dram,
    private readonly delay: number,
  ) {}

  /** Takes one word for a DRAM address that is a multiple of 4. A full buffer empties first. */
  store(address: number, value: number): void {
    if (this.count === ENTRIES) this.drain();
    if (this.count === 0) this.drainEvent = this.sim.schedule(this.actor, this.delay, this.footprint, this.onDrain);
    this.addresses[this.count] = address;
    this.words[this.count++] = value;
  }

  /** Whether a store to this word is still buffered. */
  holds(address: number): boolean {
    for (let i = 0; i < this.count; i++) if (this.addresses[i] === address) return true;
    return false;
  }

  /** Writes everything to memory now. */
  drain(): void {
    if (this.count === 0) return;
    this.sim.cancel(this.drainEvent);
    this.onDrain();
  }

  private readonly onDrain = (): void => {
    for (let i = 0; i < this.count; i++) this.dram.setWord(this.addresses[i], this.words[i]);
    this.count = 0;
  };
}
