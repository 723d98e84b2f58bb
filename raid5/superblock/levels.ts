/** Levels and layouts as the superblock numbers them and mdadm names them (LO-02 … LO-06). */

export type ParityLevel = 4 | 5 | 6;

interface LevelRecord {
  /** Members that hold parity in a stripe. */
  readonly parityDisks: 1 | 2;
  /** Fewest members (RU-01; the limit of levels 4 and 5 is mdadm's). */
  readonly leastDisks: number;
  /** mdadm's name of each layout and md's number. RAID-4 has one, which no number says. */
  readonly layouts: Readonly<Record<string, number>>;
  /** What create takes when nobody says. */
  readonly defaultLayout: string;
}

const FIVE = {
  'left-asymmetric': 0,
  'right-asymmetric': 1,
  'left-symmetric': 2,
  'right-symmetric': 3,
  'parity-first': 4,
  'parity-last': 5,
};

export const PARITY_LEVELS: Readonly<Record<ParityLevel, LevelRecord>> = {
  4: { parityDisks: 1, leastDisks: 2, layouts: { 'parity-last': 0 }, defaultLayout: 'parity-last' },
  5: { parityDisks: 1, leastDisks: 2, layouts: FIVE, defaultLayout: 'left-symmetric' },
  6: {
    parityDisks: 2,
    leastDisks: 4,
    layouts: {
      ...FIVE,
      'ddf-zero-restart': 8,
      'ddf-N-restart': 9,
      'ddf-N-continue': 10,
      'left-asymmetric-6': 16,
      'right-asymmetric-6': 17,
      'left-symmetric-6': 18,
      'right-symmetric-6': 19,
      'parity-first-6': 20,
    },
    defaultLayout: 'left-symmetric',
  },
};

/** The level's record; undefined for a level without parity. */
export function parityLevel(level: number): LevelRecord | undefined {
  return PARITY_LEVELS[level as ParityLevel];
}

/** mdadm's name of a layout number; undefined when the level has none such. RAID-4 takes any number. */
export function layoutName(level: number, layout: number): string | undefined {
  const record = parityLevel(level);
  if (record === undefined || level === 4) return record?.defaultLayout;
  return Object.entries(record.layouts).find(([, number]) => number === layout)?.[0];
}

/** Whether the member in this place never holds data (`only_parity` of raid5.c). */
export function onlyParity(level: number, layout: string, disks: number, role: number): boolean {
  const { parityDisks } = PARITY_LEVELS[level as ParityLevel];
  if (layout === 'parity-first') return role < parityDisks;
  if (layout === 'parity-last') return role >= disks - parityDisks;
  if (layout === 'parity-first-6') return role === 0 || role === disks - 1;
  return layout.endsWith('-6') && role === disks - 1;
}
