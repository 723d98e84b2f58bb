import fc from 'fast-check';
import { SectorContent } from '../../../raid5/workload/content';

const anyPlace = fc.record({
  seed: fc.nat({ max: 0xffff_ffff }),
  sector: fc.maxSafeNat().map((n) => n % 2 ** 40),
  version: fc.integer({ min: 1, max: 1_000_000 }),
});

function sectorOf(seed: number, sector: number, version: number): Uint32Array {
  const words = new Uint32Array(128);
  new SectorContent(seed).fill(words, 0, sector, 1, version);
  return words;
}

it('firstDifference finds any single wrong byte and says where it is', () => {
  fc.assert(
    fc.property(
      anyPlace,
      fc.nat({ max: 511 }),
      fc.integer({ min: 1, max: 255 }),
      ({ seed, sector, version }, at, change) => {
        const words = sectorOf(seed, sector, version);
        const content = new SectorContent(seed);
        expect(content.firstDifference(words, 0, sector, version)).toBe(-1);
        new Uint8Array(words.buffer)[at] ^= change;
        expect(content.firstDifference(words, 0, sector, version)).toBe(at);
      },
    ),
  );
});

it('firstDifference names the first of several wrong bytes', () => {
  fc.assert(
    fc.property(
      anyPlace,
      fc.uniqueArray(fc.nat({ max: 511 }), { minLength: 1 }),
      ({ seed, sector, version }, wrong) => {
        const words = sectorOf(seed, sector, version);
        for (const at of wrong) new Uint8Array(words.buffer)[at] ^= 0x80;
        expect(new SectorContent(seed).firstDifference(words, 0, sector, version)).toBe(Math.min(...wrong));
      },
    ),
  );
});

it('a sector never written is expected to be zeros, to the last byte', () => {
  const words = new Uint32Array(128);
  const content = new SectorContent(7);
  expect(content.firstDifference(words, 0, 99, 0)).toBe(-1);
  new Uint8Array(words.buffer)[511] = 1;
  expect(content.firstDifference(words, 0, 99, 0)).toBe(511);
});

it('content of another write or sector never passes for it, whatever the seed', () => {
  const place = fc.record({ sector: fc.nat({ max: 40 }), version: fc.integer({ min: 1, max: 40 }) });
  fc.assert(
    fc.property(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 0xffff_ffff })), place, place, (seed, a, b) => {
      fc.pre(a.sector !== b.sector || a.version !== b.version);
      const found = sectorOf(seed, a.sector, a.version);
      expect(new SectorContent(seed).firstDifference(found, 0, b.sector, b.version)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 1000 },
  );
});

it('sector and version do not change places: write 5 of sector 3 is not write 3 of sector 5', () => {
  const content = new SectorContent(0);
  expect(content.firstDifference(sectorOf(0, 3, 5), 0, 5, 3)).toBeGreaterThanOrEqual(0);
  expect(content.firstDifference(sectorOf(0, 3, 3), 0, 5, 5)).toBeGreaterThanOrEqual(0);
});

it('fills runs of sectors as it fills each alone, and nothing beside them', () => {
  const anyRun = fc.record({ sectors: fc.integer({ min: 1, max: 5 }), skip: fc.nat({ max: 3 }) });
  fc.assert(
    fc.property(anyPlace, anyRun, ({ seed, sector, version }, { sectors, skip }) => {
      const words = new Uint32Array(128 * 9);
      new SectorContent(seed).fill(words, 128 * skip, sector, sectors, version);
      const expected = new Uint32Array(words.length);
      for (let i = 0; i < sectors; i++) expected.set(sectorOf(seed, sector + i, version), 128 * (skip + i));
      expect(words.every((word, i) => word === expected[i])).toBe(true);
    }),
  );
});
