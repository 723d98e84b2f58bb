import type { Actor, Footprint } from '../sim/actor';
import { Priority } from '../sim/actor';
import type { Simulator } from '../sim/simulator';
import type { RegisterWindow } from './address-map';

const ENTRIES = 64;

/**
 * Register writes on their way from the core to a unit: a store retires at once, the unit sees it `delay`
 * later. All take the same time, so they arrive in the order they were posted.
 */
export class PostedWrites {
  private readonly windows = new Array<RegisterWindow | undefined>(ENTRIES).fill(undefined);
  private readonly offsets = new Uint32Array(ENTRIES);
  private readonly values = new Uint32Array(ENTRIES);
  private readonly lanes = new Uint32Array(ENTRIES);
  private first = 0;
  private count = 0;
  /** Whose events they are. */
  readonly actor: Actor = { name: 'core.posted-write', priority: Priority.store };
  /** A write may change any register of its unit. */
  private readonly footprint: Footprint = {
    reads: [],
    writes: [],
    details: (accesses) => {
      const window = this.windows[this.first]!;
      accesses.writes(window.base, window.size);
    },
  };

  /** @param delay picoseconds until the unit sees a write */
  constructor(
    private readonly sim: Simulator,
    private readonly delay: number,
  ) {}

  /** Posts one write. A full queue stalls the core until the oldest has arrived. */
  post(window: RegisterWindow, offset: number, value: number, lanes: number): void {
    while (this.count === ENTRIES) this.sim.step();
    const at = (this.first + this.count++) % ENTRIES;
    this.windows[at] = window;
    this.offsets[at] = offset;
    this.values[at] = value;
    this.lanes[at] = lanes;
    this.sim.schedule(this.actor, this.delay, this.footprint, this.arrive);
  }

  private readonly arrive = (): void => {
    const at = this.first;
    this.first = (at + 1) % ENTRIES;
    this.count--;
    this.windows[at]?.write32(this.offsets[at], this.values[at], this.lanes[at]);
  };
}
