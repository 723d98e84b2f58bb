/** The layouts of md as data: where parity turns, where Q stands, how data follow (LO-02 … LO-06). */

/** RAID levels with parity. */
export const LEVELS = [4, 5, 6] as const;
export type Level = (typeof LEVELS)[number];

/** How blocks lie on the members of a stripe. Stripe and members are counted from 0. */
export interface Placement {
  /** md's number of the layout. */
  readonly number: number;
  /** Where P goes from stripe to stripe: down from the last member, up from the first, or nowhere. */
  readonly turn: 'down' | 'up' | 'first' | 'last';
  /** Where Q stands; absent on levels without. `fixed` is the last member, and the others are laid out as if it were not there. */
  readonly q?: 'after-p' | 'before-p' | 'fixed';
  /** Whether data count up from member 0 past parity, or from behind parity round the end. */
  readonly data: 'by-number' | 'behind-parity';
  /** Stripes by which the turn is ahead. */
  readonly ahead?: number;
  /** Whether the syndrome numbers blocks as DDF does (OP-15). */
  readonly ddf?: boolean;
}

const RAID5 = {
  'left-asymmetric': { number: 0, turn: 'down', data: 'by-number' },
  'right-asymmetric': { number: 1, turn: 'up', data: 'by-number' },
  'left-symmetric': { number: 2, turn: 'down', data: 'behind-parity' },
  'right-symmetric': { number: 3, turn: 'up', data: 'behind-parity' },
  'parity-first': { number: 4, turn: 'first', data: 'by-number' },
  'parity-last': { number: 5, turn: 'last', data: 'by-number' },
} as const satisfies Record<string, Placement>;

/** Every layout of every level, by mdadm's name. */
export const LAYOUTS = {
  // RAID-4 has no number of its own: 0 is written, and none is read.
  4: { 'parity-last': { ...RAID5['parity-last'], number: 0 } },
  5: RAID5,
  6: {
    'left-asymmetric': { ...RAID5['left-asymmetric'], q: 'after-p' },
    'right-asymmetric': { ...RAID5['right-asymmetric'], q: 'after-p' },
    'left-symmetric': { ...RAID5['left-symmetric'], q: 'after-p' },
    'right-symmetric': { ...RAID5['right-symmetric'], q: 'after-p' },
    'parity-first': { ...RAID5['parity-first'], q: 'after-p' },
    'parity-last': { ...RAID5['parity-last'], q: 'after-p' },
    'ddf-zero-restart': { number: 8, turn: 'up', q: 'after-p', data: 'by-number', ddf: true },
    'ddf-N-restart': { number: 9, turn: 'down', q: 'after-p', data: 'by-number', ahead: 1, ddf: true },
    'ddf-N-continue': { number: 10, turn: 'down', q: 'before-p', data: 'behind-parity', ddf: true },
    'left-asymmetric-6': { ...RAID5['left-asymmetric'], number: 16, q: 'fixed' },
    'right-asymmetric-6': { ...RAID5['right-asymmetric'], number: 17, q: 'fixed' },
    'left-symmetric-6': { ...RAID5['left-symmetric'], number: 18, q: 'fixed' },
    'right-symmetric-6': { ...RAID5['right-symmetric'], number: 19, q: 'fixed' },
    'parity-first-6': { ...RAID5['parity-first'], number: 20, q: 'fixed' },
  },
} as const satisfies Record<Level, Record<string, Placement>>;

export type LayoutName = keyof (typeof LAYOUTS)[6];

/** The layout where nobody names one: md's default. */
export function defaultLayout(level: Level): LayoutName {
  return level === 4 ? 'parity-last' : 'left-symmetric';
}

/** The layout's placement; undefined when the level has none of that name. */
export function placementOf(level: Level, layout: LayoutName): Placement | undefined {
  const layouts: Partial<Record<LayoutName, Placement>> = LAYOUTS[level];
  return layouts[layout];
}

/** Who holds what in one stripe. */
export interface Row {
  readonly parity: number;
  /** Member that holds Q, -1 on levels without. */
  readonly q: number;
  /** Member of each data block. */
  readonly data: readonly number[];
  /** The inverse: data block of each member, -1 for parity (LO-07). */
  readonly index: readonly number[];
  /** Place of each member's block in the list that syndromes are computed from, P and Q last (OP-15); empty on levels without Q. */
  readonly slots: readonly number[];
}

/** One turn of a layout: the rows after which it repeats. */
export function rowsOf(placement: Placement, disks: number): readonly Row[] {
  const turning = placement.q === 'fixed' ? disks - 1 : disks;
  return Array.from({ length: turning }, (_, stripe) => rowOf(placement, disks, turning, stripe));
}

function rowOf(placement: Placement, disks: number, turning: number, stripe: number): Row {
  const turn = (stripe + (placement.ahead ?? 0)) % turning;
  // Parity that stays on the last member leaves the one behind it to Q.
  const last = placement.q === 'after-p' ? disks - 2 : turning - 1;
  const parity = { down: turning - 1 - turn, up: turn, first: 0, last }[placement.turn];
  const q = qDisk(placement, parity, disks);
  const start = placement.data === 'by-number' ? 0 : (placement.q === 'after-p' ? q : parity) + 1;
  const data = Array.from({ length: turning }, (_, i) => (start + i) % turning).filter(
    (disk) => disk !== parity && disk !== q,
  );
  const index = Array.from({ length: disks }, (_, disk) => data.indexOf(disk));
  return { parity, q, data, index, slots: slotsOf(parity, q, disks, placement.ddf === true) };
}

function qDisk({ q }: Placement, parity: number, disks: number): number {
  if (q === undefined) return -1;
  return { 'after-p': (parity + 1) % disks, 'before-p': (parity + disks - 1) % disks, fixed: disks - 1 }[q];
}

/** `raid6_idx_to_slot` from `raid6_d0` on (OP-15): DDF keeps the places of P and Q empty, others close up. */
function slotsOf(parity: number, q: number, disks: number, ddf: boolean): number[] {
  if (q < 0) return [];
  const slots = new Array<number>(disks).fill(-1);
  const dataSlots = ddf ? disks : disks - 2;
  let next = 0;
  for (let i = 0; i < disks; i++) {
    const disk = ddf ? i : (q + 1 + i) % disks;
    const sum = disk === parity || disk === q;
    slots[disk] = disk === parity ? dataSlots : disk === q ? dataSlots + 1 : next;
    if (ddf || !sum) next++;
  }
  return slots;
}
