import fc from 'fast-check';
import type { Raid5Layout } from '../../raid5/geometry';
import { Geometry } from '../../raid5/geometry';

/** LO-03, retyped: parity disk and disk of data block k, for stripe s of n members with d = n - 1. */
const FORMULAS: Record<Raid5Layout, (s: number, k: number, n: number) => { p: number; dd: number }> = {
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
};
const LAYOUTS = Object.keys(FORMULAS) as Raid5Layout[];

const anyGeometry = fc.record({
  layout: fc.constantFrom(...LAYOUTS),
  disks: fc.integer({ min: 2, max: 17 }),
  chunk: fc.integer({ min: 12, max: 20 }).map((power) => 2 ** power),
});

describe.each(LAYOUTS)('layout %s', (layout) => {
  it('places every block as LO-01 and LO-03 say, for 2 to 8 members and two turns of parity', () => {
    for (let n = 2; n <= 8; n++) {
      const geometry = new Geometry(n, 8192, layout);
      for (let chunk = 0; chunk < 2 * n * (n - 1); chunk++) {
        const s = Math.floor(chunk / (n - 1));
        const { p, dd } = FORMULAS[layout](s, chunk % (n - 1), n);
        for (const offset of [0, 1, 15]) {
          expect(geometry.place(chunk * 16 + offset)).toEqual({ disk: dd, sector: s * 16 + offset });
          expect(geometry.parityDisk(s * 16 + offset)).toBe(p);
        }
      }
    }
  });

  it('gives each member parity once in n stripes, and each stripe one parity and d data blocks', () => {
    for (let n = 2; n <= 8; n++) {
      const geometry = new Geometry(n, 4096, layout);
      const parity = Array.from({ length: n }, (_, s) => geometry.parityDisk(8 * s));
      expect([...parity].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      for (let s = 0; s < n; s++) {
        const used = Array.from({ length: n - 1 }, (_, k) => geometry.place((s * (n - 1) + k) * 8).disk);
        expect(new Set([...used, parity[s]]).size).toBe(n);
      }
    }
  });

  it('maps back from the member to the array sector, for sectors beyond 2^32 as well (LO-07)', () => {
    fc.assert(
      fc.property(
        anyGeometry,
        fc.maxSafeNat().map((n) => n % 2 ** 40),
        ({ disks, chunk }, sector) => {
          const geometry = new Geometry(disks, chunk, layout);
          const { disk, sector: memberSector } = geometry.place(sector);
          expect(geometry.arraySector(disk, memberSector)).toBe(sector);
          expect(geometry.arraySector(geometry.parityDisk(memberSector), memberSector)).toBeUndefined();
        },
      ),
    );
  });
});

it('moves parity from the last member down in left layouts and from the first up in right ones (LO-03)', () => {
  const turns = (layout: Raid5Layout): number[] =>
    Array.from({ length: 6 }, (_, s) => new Geometry(5, 65_536, layout).parityDisk(s * 128));
  expect(turns('left-symmetric')).toEqual([4, 3, 2, 1, 0, 4]);
  expect(turns('left-asymmetric')).toEqual([4, 3, 2, 1, 0, 4]);
  expect(turns('right-symmetric')).toEqual([0, 1, 2, 3, 4, 0]);
  expect(turns('right-asymmetric')).toEqual([0, 1, 2, 3, 4, 0]);
});

it('keeps blocks of 8 sectors whole and consecutive array sectors of a chunk on one member (R5-01, LO-01)', () => {
  fc.assert(
    fc.property(anyGeometry, fc.nat({ max: 2 ** 30 }), ({ layout, disks, chunk }, block) => {
      const geometry = new Geometry(disks, chunk, layout);
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
    fc.property(anyGeometry, fc.integer({ min: 1, max: 2 ** 36 }), ({ layout, disks, chunk }, bytes) => {
      const geometry = new Geometry(disks, chunk, layout);
      const sectors = geometry.memberSectors(bytes);
      expect(sectors % (chunk / 512)).toBe(0);
      expect(sectors * 512 * (disks - 1)).toBeGreaterThanOrEqual(bytes);
      expect((sectors - chunk / 512) * 512 * (disks - 1)).toBeLessThan(bytes);
    }),
  );
  expect(new Geometry(4, 65_536, 'left-symmetric').memberSectors(3 * 65_536 + 1)).toBe(256);
});
