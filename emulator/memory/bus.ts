import type { Timing } from './timing';

/** How a transaction reaches the DRAM. */
export const Route = {
  /** The dedicated port of the engines. */
  port: 0,
  /** Over the internal bus and then into the memory controller. */
  internal: 1,
} as const;
export type Route = (typeof Route)[keyof typeof Route];

const BANKS = 16;
const ROW_BYTES = 8192;

/**
 * Buses and DRAM as arithmetic on time: a transaction is asked for at a moment and told when it ends; the
 * data bus of the DRAM and the internal bus are each busy with one transaction at a time, granted in order
 * of asking. A master has one transaction outstanding, so among saturating masters that order is round
 * robin. The core preempts bursts (M p.571): it never waits, but what it moves delays the others.
 * Refresh closes the DRAM for `REFRESH` every `REFRESH_EVERY`, computed, not scheduled.
 *
 * All times are picoseconds. Formulas: hw-iop13xx 5.2.
 */
export class MemoryBus {
  private ddrFree = 0;
  private internalFree = 0;
  /** When the latest transaction got the data bus. */
  private granted = 0;
  private refreshEnd = 0;
  private nextRefresh: number;
  private readonly openRow = new Float64Array(BANKS).fill(-1);
  /** Picoseconds the DRAM data bus was busy. */
  busyTime = 0;

  constructor(readonly timing: Timing) {
    this.nextRefresh = timing.REFRESH_EVERY;
  }

  /** When a read of `bytes` at `address`, asked for at `now`, has delivered its last byte. */
  read(now: number, route: Route, address: number, bytes: number): number {
    const t = this.timing;
    const extra = route === Route.internal ? t.IB_EXTRA : 0;
    const ready = now + t.T_PORT + extra + t.T_ARB + t.T_HIT + this.rowMiss(address);
    const end = this.occupy(ready, route, bytes, 0);
    return Math.max(end, this.granted + this.datapath(bytes)) + t.T_PORT;
  }

  /** When a write of `bytes` at `address`, asked for at `now`, is in memory. */
  write(now: number, route: Route, address: number, bytes: number): number {
    const t = this.timing;
    const extra = route === Route.internal ? t.IB_EXTRA : 0;
    this.rowMiss(address);
    const ready = now + t.T_PORT + extra + t.T_ARB + t.TURN;
    const edges = partialEdges(address, bytes) * t.RMW;
    const end = this.occupy(ready, route, bytes, edges);
    return Math.max(end, this.granted + this.datapath(bytes) + edges);
  }

  /** Traffic of the core or of a host bus: takes DRAM time from everybody else; returns when it is through. */
  transfer(now: number, bytes: number): number {
    return this.occupy(now + this.timing.T_ARB, Route.internal, bytes, 0);
  }

  /** Forgets all traffic: power-on. */
  reset(): void {
    this.ddrFree = 0;
    this.internalFree = 0;
    this.refreshEnd = 0;
    this.nextRefresh = this.timing.REFRESH_EVERY;
    this.openRow.fill(-1);
    this.busyTime = 0;
  }

  private datapath(bytes: number): number {
    const t = this.timing;
    return Math.ceil(bytes / t.DP_BYTES) * t.clocks.ibclk;
  }

  private occupy(ready: number, route: Route, bytes: number, edges: number): number {
    const t = this.timing;
    let start = ready > this.ddrFree ? ready : this.ddrFree;
    if (route === Route.internal && start < this.internalFree) start = this.internalFree;
    start = this.afterRefresh(start);
    const data = Math.ceil(bytes / t.DDR_BYTES) * t.clocks.mclk + edges;
    if (route === Route.internal) this.internalFree = start + Math.ceil(bytes / t.IB_BYTES) * t.clocks.ibclk;
    this.granted = start;
    this.ddrFree = start + data;
    this.busyTime += data;
    return this.ddrFree;
  }

  private afterRefresh(start: number): number {
    if (start >= this.nextRefresh) {
      const t = this.timing;
      const window = Math.floor(start / t.REFRESH_EVERY) * t.REFRESH_EVERY;
      // A refresh waits for the transaction it finds on the bus (M p.568).
      this.refreshEnd = Math.max(window, this.ddrFree) + t.REFRESH;
      this.nextRefresh = window + t.REFRESH_EVERY;
      this.openRow.fill(-1);
    }
    return start < this.refreshEnd ? this.refreshEnd : start;
  }

  private rowMiss(address: number): number {
    const line = Math.floor(address / ROW_BYTES);
    const bank = line % BANKS;
    if (this.openRow[bank] === line) return 0;
    this.openRow[bank] = line;
    return this.timing.T_MISS;
  }
}

/** How many ends of the range do not fall on the 8-byte lanes of the DRAM (0, 1 or 2). */
function partialEdges(address: number, bytes: number): number {
  const first = address % 8 !== 0;
  const last = (address + bytes) % 8 !== 0;
  if (first && last && Math.floor(address / 8) === Math.floor((address + bytes) / 8)) return 1;
  return (first ? 1 : 0) + (last ? 1 : 0);
}
