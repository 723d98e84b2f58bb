import type { Dram } from '../memory/dram';
import type { Actor, Footprint } from '../sim/actor';
import { Priority } from '../sim/actor';
import type { Simulator } from '../sim/simulator';

/**
 * The posted-write buffer in explored mode: each word leaves by an event of its own, in the order they came, so that
 * hardware may see any number of the oldest stores and not the rest. Nothing drains it but those events; a load of a
 * buffered word and a barrier wait for them.
 */
export class ExploredWriteBuffer {
  readonly actor: Actor = { name: 'core.write-buffer', priority: Priority.store };
  private readonly stores: { readonly address: number; readonly value: number }[] = [];
  private readonly footprint: Footprint = {
    reads: [],
    writes: [],
    details: (accesses) => accesses.writes(this.stores[0].address, 4),
  };

  constructor(
    private readonly sim: Simulator,
    private readonly dram: Dram,
    private readonly delay: number,
  ) {}

  /** Takes one word for a DRAM address that is a multiple of 4. */
  store(address: number, value: number): void {
    this.stores.push({ address, value });
    this.sim.schedule(this.actor, this.delay, this.footprint, this.leave);
  }

  /** Whether a store to this word is still buffered. */
  holds(address: number): boolean {
    return this.stores.some((store) => store.address === address);
  }

  private readonly leave = (): void => {
    const { address, value } = this.stores.shift()!;
    this.dram.setWord(address, value);
  };
}
