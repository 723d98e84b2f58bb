import { invariant } from '../findings';
import type { Trace, TracePoints } from '../trace/trace';
import type { Timing } from './timing';

/** How a transaction reaches the DRAM. */
export const Route = {
  /** The dedicated port of the engines. */
  port: 0,
  /** Over the internal bus and then into the memory controller. */
  internal: 1,
} as const;
export type Route = (typeof Route)[keyof typeof Route];

const ROUTE_NAMES = ['port', 'internal'] as const;

const BANKS = 16;
/** log2 of the bytes of a DRAM row. */
const ROW_SHIFT = 13;

/**
 * Buses and DRAM as arithmetic on time: a transaction is asked for at a moment and told when it ends; the
 * data bus of the DRAM and the internal bus are each busy with one transaction at a time, granted in order
 * of asking. A master has one transaction outstanding, so among saturating masters that order is round
 * robin. The core preempts bursts (M p.571): its loads and stores do not wait; its bulk traffic is granted like any other.
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
  private readonly openRow = new Int32Array(BANKS).fill(-1);
  /** Latency of a read or write before its first byte, by route. */
  private readonly readLatency: readonly [number, number];
  private readonly writeLatency: readonly [number, number];
  /** log2 of the bytes that cross in one clock, and that clock. */
  private readonly ddrShift: number;
  private readonly internalShift: number;
  private readonly datapathShift: number;
  private readonly mclk: number;
  private readonly ibclk: number;
  /** Picoseconds the DRAM data bus was busy. */
  busyTime = 0;

  /** @param trace where grants are recorded */
  constructor(
    readonly timing: Timing,
    private readonly trace?: Trace,
  ) {
    const { T_PORT, T_ARB, T_HIT, TURN, IB_EXTRA, DDR_BYTES, IB_BYTES, DP_BYTES, REFRESH_EVERY, clocks } = timing;
    this.nextRefresh = REFRESH_EVERY;
    this.readLatency = [T_PORT + T_ARB + T_HIT, T_PORT + IB_EXTRA + T_ARB + T_HIT];
    this.writeLatency = [T_PORT + T_ARB + TURN, T_PORT + IB_EXTRA + T_ARB + TURN];
    this.ddrShift = widthShift(DDR_BYTES);
    this.internalShift = widthShift(IB_BYTES);
    this.datapathShift = widthShift(DP_BYTES);
    this.mclk = clocks.mclk;
    this.ibclk = clocks.ibclk;
  }

  /** When a read of `bytes` at `address`, asked for at `now` by `master`, has delivered its last byte. */
  read(now: number, route: Route, address: number, bytes: number, master: string): number {
    const end = this.occupy(now + this.readLatency[route] + this.rowMiss(address), route, bytes, 0);
    this.trace?.emit('bus.grant', this.grant(master, route, false, address, bytes));
    const paced = this.granted + this.datapath(bytes);
    return (end > paced ? end : paced) + this.timing.T_PORT;
  }

  /** When a write of `bytes` at `address`, asked for at `now` by `master`, is in memory. */
  write(now: number, route: Route, address: number, bytes: number, master: string): number {
    this.rowMiss(address);
    const edges = partialEdges(address, bytes) * this.timing.RMW;
    const end = this.occupy(now + this.writeLatency[route], route, bytes, edges);
    this.trace?.emit('bus.grant', this.grant(master, route, true, address, bytes));
    const paced = this.granted + this.datapath(bytes) + edges;
    return end > paced ? end : paced;
  }

  /** Traffic of the core or of a host bus: takes DRAM time from everybody else; returns when it is through. */
  transfer(now: number, bytes: number, master: string): number {
    const end = this.occupy(now + this.timing.T_ARB, Route.internal, bytes, 0);
    this.trace?.emit('bus.transfer', { master, bytes, start: this.granted, end });
    return end;
  }

  private grant(master: string, at: Route, write: boolean, address: number, bytes: number): TracePoints['bus.grant'] {
    const route = ROUTE_NAMES[at];
    return { master, route, write, address, bytes, start: this.granted, end: this.ddrFree };
  }

  private datapath(bytes: number): number {
    return clocksFor(bytes, this.datapathShift) * this.ibclk;
  }

  private occupy(ready: number, route: Route, bytes: number, edges: number): number {
    let start = ready > this.ddrFree ? ready : this.ddrFree;
    if (route === Route.internal && start < this.internalFree) start = this.internalFree;
    if (start >= this.nextRefresh) this.refresh(start);
    if (start < this.refreshEnd) start = this.refreshEnd;
    const data = clocksFor(bytes, this.ddrShift) * this.mclk + edges;
    if (route === Route.internal) this.internalFree = start + clocksFor(bytes, this.internalShift) * this.ibclk;
    this.granted = start;
    this.ddrFree = start + data;
    this.busyTime += data;
    return this.ddrFree;
  }

  /** The refresh that is due at `start`; it waits for the transaction it finds on the bus (M p.568). */
  private refresh(start: number): void {
    const { REFRESH_EVERY, REFRESH } = this.timing;
    const window = Math.floor(start / REFRESH_EVERY) * REFRESH_EVERY;
    this.refreshEnd = Math.max(window, this.ddrFree) + REFRESH;
    this.nextRefresh = window + REFRESH_EVERY;
    this.openRow.fill(-1);
  }

  private rowMiss(address: number): number {
    const line = rowOf(address);
    const bank = line & (BANKS - 1);
    if (this.openRow[bank] === line) return 0;
    this.openRow[bank] = line;
    return this.timing.T_MISS;
  }
}

/** The row of an address: whole above 2^32 as well. */
function rowOf(address: number): number {
  return Math.floor(address / (1 << ROW_SHIFT)) | 0;
}

/** log2 of a width in bytes, which is a power of two. */
function widthShift(bytes: number): number {
  const shift = Math.log2(bytes);
  invariant(Number.isInteger(shift), `a bus is ${bytes} bytes wide`);
  return shift;
}

/** Clocks that `bytes` take at 2^shift bytes a clock. */
function clocksFor(bytes: number, shift: number): number {
  return (bytes + (1 << shift) - 1) >> shift;
}

/** How many ends of the range do not fall on the 8-byte lanes of the DRAM (0, 1 or 2). */
function partialEdges(address: number, bytes: number): number {
  const first = address & 7;
  const last = (first + bytes) & 7;
  if (first + bytes < 8 && first !== 0 && last !== 0) return 1;
  return (first === 0 ? 0 : 1) + (last === 0 ? 0 : 1);
}
