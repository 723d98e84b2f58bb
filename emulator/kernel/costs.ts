/**
 * What driver and kernel code costs the processor. Every share of processor time that a report shows rests
 * on this table. Order of magnitude: an 800 MHz XScale with DDR2-400 and non-coherent caches.
 */
export interface CostRow {
  readonly value: number;
  readonly unit: 'ns' | 'ps/byte';
  readonly says: string;
  readonly source: string;
}

const assumed = 'assumed';

/** Engines leave to the processor what resync takes beside xor. */
const FITTED_TO_P2 = 'fitted to oracle P2: with engines 15 % of the processor at 50 MB/s are 12 µs a stripe';

/** Picoseconds a source byte of software xor on the IOP321. */
const IOP321_XOR = 6800;

export const COSTS = {
  irqEntry: { value: 400, unit: 'ns', says: 'save state, find the handler', source: assumed },
  irqExit: { value: 300, unit: 'ns', says: 'restore state', source: assumed },
  tasklet: { value: 300, unit: 'ns', says: 'soft interrupt dispatch of one tasklet', source: assumed },
  taskletSchedule: { value: 80, unit: 'ns', says: 'tasklet_schedule', source: assumed },
  threadSwitch: { value: 2500, unit: 'ns', says: 'wake-up and context switch, caches included', source: assumed },
  wakeUp: { value: 500, unit: 'ns', says: 'try_to_wake_up', source: assumed },
  workqueueHop: { value: 6000, unit: 'ns', says: 'queue_work until the worker runs', source: assumed },
  lock: { value: 40, unit: 'ns', says: 'one spinlock operation, uniprocessor', source: assumed },
  store: { value: 5, unit: 'ns', says: 'one store into the write buffer', source: assumed },
  load: { value: 90, unit: 'ns', says: 'one load from uncached DRAM', source: 'RD_LAT of hw-iop13xx 5.2, row miss' },
  storeRegister: { value: 10, unit: 'ns', says: 'one posted register write retires', source: assumed },
  call: { value: 50, unit: 'ns', says: 'a short kernel routine', source: assumed },
  prep: { value: 350, unit: 'ns', says: 'prepare a descriptor, words not included', source: assumed },
  submit: { value: 250, unit: 'ns', says: 'tx_submit, words and locks not included', source: assumed },
  cleanupStep: { value: 120, unit: 'ns', says: 'look at one descriptor in cleanup', source: assumed },
  copy: { value: 2500, unit: 'ps/byte', says: 'memcpy, cache-cold', source: 'assumed: 400 MB/s' },
  xor: {
    value: 5400,
    unit: 'ps/byte',
    says: 'software xor, by source byte',
    source: 'fitted to oracle P2: 50 % of the processor at 25 MB/s are 82 µs a stripe; 185 MB/s',
  },
  syndrome: {
    value: 6000,
    unit: 'ps/byte',
    says: 'software P and Q, by byte of every data slot',
    source: 'assumed: twice an xor, for the doubling',
  },
  multiply: {
    value: 8000,
    unit: 'ps/byte',
    says: 'product in GF(2^8), by source byte',
    source: 'assumed: a table look-up a byte',
  },
  fill: { value: 1200, unit: 'ps/byte', says: 'memset', source: 'assumed: 830 MB/s' },
  compare: { value: 1200, unit: 'ps/byte', says: 'memcmp, one operand in cache', source: assumed },
  cacheMaintenance: {
    value: 195,
    unit: 'ps/byte',
    says: 'clean or invalidate for DMA, when mapped: 6.25 ns a line of 32',
    source: 'the loop of proc-xsc3.S, 4 instructions a line in 5 core cycles; unmapping does nothing on an XScale',
  },
  handleStripe: { value: 1000, unit: 'ns', says: 'one pass of handle_stripe', source: FITTED_TO_P2 },
  stripeLookup: { value: 400, unit: 'ns', says: 'get_active_stripe, hit', source: assumed },
  bio: { value: 800, unit: 'ns', says: 'build, queue, merge and complete one bio of a page', source: FITTED_TO_P2 },
  diskCommand: {
    value: 6000,
    unit: 'ns',
    says: 'build, start and end one command of a disk, whatever number of bios it merges',
    source: assumed,
  },
  request: { value: 4000, unit: 'ns', says: 'system call and block layer for one request', source: assumed },
} as const satisfies Record<string, CostRow>;

export type CostName = keyof typeof COSTS;

/** A table under the same names. */
export type CostTable = { readonly [K in CostName]: CostRow };

/**
 * The 600 MHz IOP321 with DDR-200 at half the memory bandwidth and a slower core. The xor row is fitted to
 * oracle P11 (the AAU is more than seven times the processor); the other rows are scaled.
 */
export const IOP321_COSTS: CostTable = {
  ...scaled(COSTS, 1.33),
  xor: { value: IOP321_XOR, unit: 'ps/byte', says: COSTS.xor.says, source: 'fitted to oracle P11' },
  copy: { ...COSTS.copy, value: 5000, source: 'assumed: 200 MB/s' },
  fill: { ...COSTS.fill, value: 2400, source: 'assumed: 415 MB/s' },
  compare: { ...COSTS.compare, value: 2400, source: 'assumed' },
};

/** The table of a platform; the IOP13xx and the IOP331 run their cores at 800 MHz. */
export function costTable(platform: string): CostTable {
  return platform === 'iop321' ? IOP321_COSTS : COSTS;
}

function scaled(table: CostTable, factor: number): CostTable {
  const rows = Object.entries(table).map(([name, row]) => [name, { ...row, value: Math.round(row.value * factor) }]);
  return Object.fromEntries(rows) as CostTable;
}

/** The same costs in picoseconds, or picoseconds a byte. */
export type Costs = { readonly [K in CostName]: number };

const resolved = new WeakMap<CostTable, Costs>();

/** Resolves a table to picoseconds. */
export function resolveCosts(table: CostTable): Costs {
  let costs = resolved.get(table);
  if (costs === undefined) {
    const rows = Object.entries(table).map(([name, { value, unit }]) => [name, unit === 'ns' ? value * 1000 : value]);
    costs = Object.fromEntries(rows) as Costs;
    resolved.set(table, costs);
  }
  return costs;
}
