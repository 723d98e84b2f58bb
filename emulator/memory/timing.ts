/**
 * What every number of the bus and memory model is, in which unit, and where it comes from. The model is
 * `reference/hw-iop13xx` section 5.2; a source that starts with "assumed" is a stand-in for an unknown.
 */
export interface TimingParameter {
  readonly value: number;
  readonly unit: 'IBCLK' | 'MCLK' | 'bytes' | 'bytes/IBCLK' | 'bytes/MCLK' | 'core cycles' | 'ns';
  readonly says: string;
  readonly source: string;
}

const assumed = 'assumed (hw-iop13xx 5.2)';

/** IOP13xx: DDR2 behind the DMCU, ADMA on its dedicated port, core on the north bus. */
export const IOP13XX_TIMING = {
  BLOCK: { value: 1024, unit: 'bytes', says: 'store queue: most bytes of one phase', source: 'M p.494' },
  DP_BYTES: {
    value: 8,
    unit: 'bytes/IBCLK',
    says: 'width of a channel datapath',
    source: 'M p.494; one beat a clock assumed',
  },
  DDR_BYTES: { value: 16, unit: 'bytes/MCLK', says: '64-bit DDR, both edges', source: 'E; M p.610' },
  T_START: { value: 4, unit: 'IBCLK', says: 'enable written to first fetch request', source: assumed },
  T_PORT: { value: 4, unit: 'IBCLK', says: 'crossing the dedicated port, each way', source: assumed },
  T_ARB: { value: 2, unit: 'MCLK', says: 'grant by the DDR arbiter', source: assumed },
  T_HIT: { value: 7, unit: 'MCLK', says: 'read command to first data, open row', source: 'CL 3 (JEDEC) + 4 assumed' },
  T_MISS: {
    value: 6,
    unit: 'MCLK',
    says: 'extra on a row miss: tRP 3 + tRCD 3',
    source: 'M p.591; JEDEC-typical values',
  },
  TURN: { value: 4, unit: 'MCLK', says: 'bus turn-around before a write', source: assumed },
  RMW: {
    value: 10,
    unit: 'MCLK',
    says: 'read-modify-write of one partial 8-byte edge',
    source: 'M p.610; size assumed',
  },
  T_DECODE: { value: 4, unit: 'IBCLK', says: 'descriptor fetched to first request', source: assumed },
  T_NEXT: { value: 2, unit: 'IBCLK', says: 'completion to next fetch request', source: assumed },
  T_GF: { value: 4, unit: 'IBCLK', says: 'multiplier pipeline, once a source block', source: assumed },
  IB_EXTRA: { value: 8, unit: 'IBCLK', says: 'request over the internal bus instead of the port', source: assumed },
  IB_BYTES: { value: 16, unit: 'bytes/IBCLK', says: 'internal bus width', source: 'assumed 128 bit (hw-iop13xx 1.2)' },
  T_IRQ: { value: 4, unit: 'IBCLK', says: 'status flag to core input', source: assumed },
  T_CORE_IRQ: { value: 24, unit: 'core cycles', says: 'core input to first handler instruction', source: assumed },
  MMIO_WR: {
    value: 12,
    unit: 'IBCLK',
    says: 'posted register write until the unit sees it',
    source: 'posting E; size assumed',
  },
  MMIO_RD: { value: 40, unit: 'IBCLK', says: 'stall of a register read', source: assumed },
  CP6: { value: 4, unit: 'core cycles', says: 'coprocessor 6 access', source: assumed },
  REFRESH_EVERY: { value: 7800, unit: 'ns', says: 'one refresh', source: 'M p.568; E' },
  REFRESH: { value: 20, unit: 'MCLK', says: 'DRAM closed for a refresh', source: assumed },
  STORE_DRAIN: {
    value: 256,
    unit: 'IBCLK',
    says: 'longest stay of a store in the write buffer',
    source: 'assumed; longer than MMIO_WR, so a missing flush can lose',
  },
} as const satisfies Record<string, TimingParameter>;

/** IOP321: one 64-bit internal bus for core, DMA and AAU in front of DDR-200; no dedicated port. */
export const IOP321_TIMING = {
  ...IOP13XX_TIMING,
  BLOCK: { ...IOP13XX_TIMING.BLOCK, source: 'hw-iop3xx 7: store queue 1 KB' },
  DP_BYTES: { ...IOP13XX_TIMING.DP_BYTES, source: 'hw-iop3xx 7: 64-bit boolean unit' },
  DDR_BYTES: { ...IOP13XX_TIMING.DDR_BYTES, source: 'hw-iop3xx 7: 64-bit DDR' },
  IB_BYTES: { value: 8, unit: 'bytes/IBCLK', says: 'internal bus width', source: 'assumed 64 bit' },
  IB_EXTRA: { value: 4, unit: 'IBCLK', says: 'arbitration of the internal bus', source: 'assumed' },
  REFRESH_EVERY: { ...IOP13XX_TIMING.REFRESH_EVERY, source: 'hw-iop3xx 7: RFR 0x600 at 200 MHz' },
} as const satisfies TimingTable;

/** IOP331: the same structure, faster clocks. */
export const IOP331_TIMING: TimingTable = IOP321_TIMING;

/** The names of the parameters every platform gives. */
export type TimingName = keyof typeof IOP13XX_TIMING;

/** A platform's own values under the same names. */
export type TimingTable = { readonly [K in TimingName]: TimingParameter };

/** Clock periods in picoseconds. */
export interface Clocks {
  readonly core: number;
  readonly ibclk: number;
  readonly mclk: number;
}

/** The same parameters resolved: times in picoseconds, `BLOCK` in bytes, widths in bytes a clock. */
export type Timing = { readonly [K in TimingName]: number } & { readonly clocks: Clocks };

/** Resolves a table against the clocks of a platform. */
export function resolveTiming(table: TimingTable, clocks: Clocks): Timing {
  const period = { IBCLK: clocks.ibclk, MCLK: clocks.mclk, 'core cycles': clocks.core, ns: 1000 } as const;
  const resolved = Object.entries(table).map(([name, { value, unit }]) => {
    const scale = unit in period ? period[unit as keyof typeof period] : 1;
    return [name, value * scale] as const;
  });
  return { ...(Object.fromEntries(resolved) as Record<TimingName, number>), clocks };
}
