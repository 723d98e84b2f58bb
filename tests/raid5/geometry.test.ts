import fc from 'fast-check';
import { Geometry } from '../../raid5/geometry';
import type { LayoutName, Level } from '../../raid5/layouts';
import { LAYOUTS, placementOf } from '../../raid5/layouts';

interface Placed {
  readonly p: number;
  readonly q?: number;
  readonly dd: number;
}
/** Where P, Q and data block k lie, for stripe s of n members. */
type Formula = (s: number, k: number, n: number) => Placed;

/** LO-03 on n members. */
const RAID5 = {
  'left-asymmetric': (s, k, n) => {
    const p = n - 1 - (s % n);
    return { p, dd: k >= p ? k + 1 : k };
  },
  'right-asymmetric': (s, k, n) => {
    const p = s % n;
    return { p, dd: k >= p ? k + 1 : k };
  },
  'left-symmetric': (s, k, n) => {
    const p = n - 1 - (s % n);
    return { p, dd: (p + 1 + k) % n };
  },
  'right-symmetric': (s, k, n) => {
    const p = s % n;
    return { p, dd: (p + 1 + k) % n };
  },
  'parity-first': (_s, k) => ({ p: 0, dd: k + 1 }),
  'parity-last': (_s, k, n) => ({ p: n - 1, dd: k }),
} satisfies Record<string, Formula>;

/** LO-04: what follows from P in the asymmetric layouts. */
function asymmetric(p: number, k: number, n: number): Placed {
  if (p === n - 1) return { p, q: 0, dd: k + 1 };
  return { p, q: p + 1, dd: k >= p ? k + 2 : k };
}

/** LO-06: a RAID-5 on all members but the last, which holds Q. */
function fixedQ(formula: Formula): Formula {
  return (s, k, n) => ({ ...formula(s, k, n - 1), q: n - 1 });
}

/** LO-02 … LO-06, retyped. */
const FORMULAS: Record<Level, Partial<Record<LayoutName, Formula>>> = {
  4: { 'parity-last': RAID5['parity-last'] },
  5: RAID5,
  6: {
    'left-asymmetric': (s, k, n) => asymmetric(n - 1 - (s % n), k, n),
    'right-asymmetric': (s, k, n) => asymmetric(s % n, k, n),
    'left-symmetric': (s, k, n) => {
      const p = n - 1 - (s % n);
      return { p, q: (p + 1) % n, dd: (p + 2 + k) % n };
    },
    'right-symmetric': (s, k, n) => {
      const p = s % n;
      return { p, q: (p + 1) % n, dd: (p + 2 + k) % n };
    },
    'parity-first': (_s, k) => ({ p: 0, q: 1, dd: k + 2 }),
    'parity-last': (_s, k, n) => ({ p: n - 2, q: n - 1, dd: k }),
    'ddf-zero-restart': (s, k, n) => asymmetric(s % n, k, n),
    'ddf-N-restart': (s, k, n) => asymmetric(n - 1 - ((s + 1) % n), k, n),
    'ddf-N-continue': (s, k, n) => {
      const p = n - 1 - (s % n);
      return { p, q: (p + n - 1) % n, dd: (p + 1 + k) % n };
    },
    'left-asymmetric-6': fixedQ(RAID5['left-asymmetric']),
    'right-asymmetric-6': fixedQ(RAID5['right-asymmetric']),
    'left-symmetric-6': fixedQ(RAID5['left-symmetric']),
    'right-symmetric-6': fixedQ(RAID5['right-symmetric']),
    'parity-first-6': fixedQ(RAID5['parity-first']),
  },
};

const NUMBERS: Record<Level, Partial<Record<LayoutName, number>>> = {
  4: { 'parity-last': 0 },
  5: {
    'left-asymmetric': 0,
    'right-asymmetric': 1,
    'left-symmetric': 2,
    'right-symmetric': 3,
    'parity-first': 4,
    'parity-last': 5,
  },
  6: {
    'left-asymmetric': 0,
    'right-asymmetric': 1,
    'left-symmetric': 2,
    'right-symmetric': 3,
    'parity-first': 4,
    'parity-last': 5,
    'ddf-zero-restart': 8,
    'ddf-N-restart': 9,
    'ddf-N-continue': 10,
    'left-asymmetric-6': 16,
    'right-asymmetric-6': 17,
    'left-symmetric-6': 18,
    'right-symmetric-6': 19,
    'parity-first-6': 20,
  },
};

const FEWEST: Record<Level, number> = { 4: 2, 5: 2, 6: 4 };
const PARITIES: Record<Level, number> = { 4: 1, 5: 1, 6: 2 };

const ALL = ([4, 5, 6] as const).flatMap((level) =>
  (Object.keys(FORMULAS[level]) as LayoutName[]).map((layout) => [level, layout] as const),
);

const anyGeometry = fc
  .record({
    pick: fc.constantFrom(...ALL),
    more: fc.nat({ max: 13 }),
    chunk: fc.integer({ min: 12, max: 20 }).map((power) => 2 ** power),
  })
  .map(({ pick: [level, layout], more, chunk }) => ({ level, layout, disks: FEWEST[level] + more, chunk }));

it("has md's layouts under md's numbers, and no others", () => {
  for (const level of [4, 5, 6] as const) {
    const numbers = Object.fromEntries(Object.entries(LAYOUTS[level]).map(([name, { number }]) => [name, number]));
    expect([level, numbers]).toEqual([level, NUMBERS[level]]);
  }
});

describe.each(ALL)('RAID-%i, layout %s', (level, layout) => {
  const formula = FORMULAS[level][layout]!;

  it('places every block as LO-01 … LO-06 say, for 2 or 4 to 8 members and three turns', () => {
    for (let n = FEWEST[level]; n <= 8; n++) {
      const d = n - PARITIES[level];
      const geometry = new Geometry(level, n, 8192, layout);
      for (let chunk = 0; chunk < 3 * n * d; chunk++) {
        const s = Math.floor(chunk / d);
        const { p, q = -1, dd } = formula(s, chunk % d, n);
        for (const offset of [0, 1, 15]) {
          expect(geometry.place(chunk * 16 + offset)).toEqual({ disk: dd, sector: s * 16 + offset });
          expect(geometry.row(s * 16 + offset)).toMatchObject({ parity: p, q });
        }
      }
    }
  });

  it('uses every member of a stripe once: d for data, the others for P and Q', () => {
    for (let n = FEWEST[level]; n <= 9; n++) {
      const geometry = new Geometry(level, n, 4096, layout);
      for (let s = 0; s < 2 * n; s++) {
        const { parity, q, data } = geometry.row(8 * s);
        const used = level === 6 ? [...data, parity, q] : [...data, parity];
        expect([...used].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }
    }
  });

  it('maps back from every member to the array sector, for sectors beyond 2^32 as well (LO-07)', () => {
    fc.assert(
      fc.property(
        anyGeometry,
        fc.maxSafeNat().map((n) => n % 2 ** 40),
        ({ disks: anyDisks, chunk }, sector) => {
          const disks = Math.max(FEWEST[level], anyDisks);
          const geometry = new Geometry(level, disks, chunk, layout);
          const { disk, sector: memberSector } = geometry.place(sector);
          expect(geometry.arraySector(disk, memberSector)).toBe(sector);
          for (let other = 0; other < disks; other++) {
            const back = geometry.arraySector(other, memberSector);
            if (back !== undefined) expect(geometry.place(back)).toEqual({ disk: other, sector: memberSector });
          }
          const { parity, q } = geometry.row(memberSector);
          expect(geometry.arraySector(parity, memberSector)).toBeUndefined();
          if (level === 6) expect(geometry.arraySector(q, memberSector)).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });
});

it('moves parity from the last member down in left layouts and from the first up in right ones (LO-03)', () => {
  const turns = (layout: LayoutName): number[] =>
    Array.from({ length: 6 }, (_, s) => new Geometry(5, 5, 65_536, layout).row(s * 128).parity);
  expect(turns('left-symmetric')).toEqual([4, 3, 2, 1, 0, 4]);
  expect(turns('left-asymmetric')).toEqual([4, 3, 2, 1, 0, 4]);
  expect(turns('right-symmetric')).toEqual([0, 1, 2, 3, 4, 0]);
  expect(turns('right-asymmetric')).toEqual([0, 1, 2, 3, 4, 0]);
});

describe('the order of a syndrome (OP-15)', () => {
  /** The slot of each member, by walking the members as the rule says. */
  function walked(n: number, p: number, q: number, ddf: boolean): number[] {
    const slots: number[] = [];
    let disk = ddf || q === n - 1 ? 0 : q + 1;
    for (let count = 0, step = 0; step < n; step++, disk = (disk + 1) % n) {
      if (disk === p || disk === q) {
        slots[disk] = (ddf ? n : n - 2) + (disk === q ? 1 : 0);
        if (ddf) count++;
      } else {
        slots[disk] = count++;
      }
    }
    return slots;
  }

  it('starts behind Q, or at member 0 for DDF, which counts P and Q too, in every layout', () => {
    for (const layout of Object.keys(FORMULAS[6]) as LayoutName[]) {
      const ddf = layout.startsWith('ddf');
      for (let n = 4; n <= 9; n++) {
        const geometry = new Geometry(6, n, 4096, layout);
        for (let s = 0; s < 2 * n; s++) {
          const { parity, q, slots } = geometry.row(8 * s);
          expect([layout, n, s, slots]).toEqual([layout, n, s, walked(n, parity, q, ddf)]);
        }
      }
    }
  });

  it.each<[LayoutName, number, readonly number[], string]>([
    ['left-symmetric', 0, [4, 0, 1, 2, 3], 'P on 4, Q on 0: data from member 1'],
    ['left-symmetric', 1, [0, 1, 2, 3, 4], 'P on 3, Q on 4: data from member 0'],
    ['left-symmetric', 2, [1, 2, 3, 4, 0], 'P on 2, Q on 3: data from member 4 round the end'],
    ['ddf-zero-restart', 0, [5, 6, 2, 3, 4], 'P on 0, Q on 1: places 0 and 1 stay empty'],
    ['ddf-N-continue', 0, [0, 1, 2, 6, 5], 'P on 4, Q on 3: places 3 and 4 stay empty'],
    ['parity-first-6', 3, [3, 0, 1, 2, 4], 'P on 0, Q on the last'],
  ])('%s, stripe %i of 5 members: %j (%s)', (layout, stripe, slots) => {
    expect(new Geometry(6, 5, 4096, layout).row(8 * stripe).slots).toEqual(slots);
  });
});

it('keeps blocks of 8 sectors whole and consecutive array sectors of a chunk on one member (R5-01, LO-01)', () => {
  fc.assert(
    fc.property(anyGeometry, fc.nat({ max: 2 ** 30 }), ({ level, layout, disks, chunk }, block) => {
      const geometry = new Geometry(level, disks, chunk, layout);
      const first = geometry.place(block * 8);
      expect(first.sector % 8).toBe(0);
      for (let i = 1; i < 8; i++) {
        expect(geometry.place(block * 8 + i)).toEqual({ disk: first.disk, sector: first.sector + i });
      }
    }),
  );
});

it('gives members the fewest whole chunks that hold the array', () => {
  fc.assert(
    fc.property(anyGeometry, fc.integer({ min: 1, max: 2 ** 36 }), ({ level, layout, disks, chunk }, bytes) => {
      const geometry = new Geometry(level, disks, chunk, layout);
      const sectors = geometry.memberSectors(bytes);
      const data = disks - PARITIES[level];
      expect(sectors % (chunk / 512)).toBe(0);
      expect(sectors * 512 * data).toBeGreaterThanOrEqual(bytes);
      expect((sectors - chunk / 512) * 512 * data).toBeLessThan(bytes);
    }),
  );
  expect(new Geometry(5, 4, 65_536, 'left-symmetric').memberSectors(3 * 65_536 + 1)).toBe(256);
});

it('refuses a layout that the level does not have, and too few members (RU-01)', () => {
  expect(() => new Geometry(5, 5, 4096, 'ddf-zero-restart')).toThrow(RangeError);
  expect(() => new Geometry(4, 5, 4096, 'left-symmetric')).toThrow(RangeError);
  expect(() => new Geometry(6, 3, 4096, 'left-symmetric')).toThrow(RangeError);
  expect(placementOf(4, 'parity-last')).toBeDefined();
});
