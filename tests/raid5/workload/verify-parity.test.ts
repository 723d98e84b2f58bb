import fc from 'fast-check';
import { SparseMedia } from '../../../raid5/disks/media';
import { Geometry } from '../../../raid5/geometry';
import type { LayoutName } from '../../../raid5/layouts';
import { LAYOUTS } from '../../../raid5/layouts';
import { gfExp, gfMul } from '../../../async_tx/sync/galois';
import { touchedStripes, verifyParity } from '../../../raid5/workload/verify-parity';

const BLOCK = 4096;

/** Members whose blocks xor to zero in the given stripes; verifyParity looks at nothing but the media. */
function members(count: number, stripes: readonly number[]): { media: SparseMedia }[] {
  const disks = Array.from({ length: count }, () => ({ media: new SparseMedia() }));
  for (const stripe of stripes) {
    const parity = new Uint8Array(BLOCK);
    for (let disk = 0; disk < count - 1; disk++) {
      const block = Uint8Array.from({ length: BLOCK }, (_, i) => (i * 31 + disk * 17 + stripe * 7) & 0xff);
      block.forEach((byte, i) => (parity[i] ^= byte));
      disks[disk].media.writeBlock(8 * stripe, block, 0);
    }
    disks[count - 1].media.writeBlock(8 * stripe, parity, 0);
  }
  return disks;
}

const verify = (disks: readonly { media: SparseMedia }[]): ReturnType<typeof verifyParity> =>
  verifyParity(disks, new Geometry(5, disks.length, 4096, 'left-symmetric'));

it('finds nothing in good stripes and any single flipped bit in the stripe it is in', () => {
  const anyFlip = fc.record({
    disk: fc.nat({ max: 3 }),
    stripe: fc.nat({ max: 4 }),
    bit: fc.nat({ max: 8 * BLOCK - 1 }),
  });
  fc.assert(
    fc.property(anyFlip, ({ disk, stripe, bit }) => {
      const disks = members(4, [0, 1, 2, 3, 4]);
      expect(verify(disks)).toEqual({ stripes: 5, mismatches: 0, wrong: [] });
      disks[disk].media.peek(8 * stripe)![bit >>> 3] ^= 1 << (bit & 7);
      expect(verify(disks)).toEqual({ stripes: 5, mismatches: 1, wrong: [8 * stripe] });
    }),
    { numRuns: 30 },
  );
});

it('takes a block never written for zeros', () => {
  const disks = members(3, []);
  disks[1].media.writeBlock(16, new Uint8Array(BLOCK), 0);
  expect(verify(disks)).toEqual({ stripes: 1, mismatches: 0, wrong: [] });
  disks[1].media.peek(16)![4095] = 128;
  expect(verify(disks).wrong).toEqual([16]);
});

it('counts all wrong stripes and names the first sixteen', () => {
  const disks = members(
    3,
    Array.from({ length: 20 }, (_, i) => 19 - i),
  );
  for (let stripe = 0; stripe < 20; stripe++) disks[0].media.peek(8 * stripe)![0] ^= 1;
  expect(verify(disks)).toEqual({ stripes: 20, mismatches: 20, wrong: Array.from({ length: 16 }, (_, i) => 8 * i) });
  expect(touchedStripes(disks)).toEqual(Array.from({ length: 20 }, (_, i) => 8 * i));
});

describe('RAID-6', () => {
  const layouts = Object.keys(LAYOUTS[6]) as LayoutName[];

  /** Good stripes 0 … 5 of five members, Q by multiplication tables. */
  function raid6(layout: LayoutName): { disks: { media: SparseMedia }[]; geometry: Geometry } {
    const geometry = new Geometry(6, 5, 4096, layout);
    const disks = Array.from({ length: 5 }, () => ({ media: new SparseMedia() }));
    for (let stripe = 0; stripe < 6; stripe++) {
      const { parity, q, data, slots } = geometry.row(8 * stripe);
      const [p, syndrome] = [new Uint8Array(BLOCK), new Uint8Array(BLOCK)];
      for (const disk of data) {
        const block = Uint8Array.from({ length: BLOCK }, (_, i) => (i * 29 + disk * 71 + stripe * 13) & 0xff);
        block.forEach((byte, i) => {
          p[i] ^= byte;
          syndrome[i] ^= gfMul(gfExp(slots[disk]), byte);
        });
        disks[disk].media.writeBlock(8 * stripe, block, 0);
      }
      disks[parity].media.writeBlock(8 * stripe, p, 0);
      disks[q].media.writeBlock(8 * stripe, syndrome, 0);
    }
    return { disks, geometry };
  }

  function check(layout: LayoutName, missing: readonly number[], spoil?: number): number {
    const { disks, geometry } = raid6(layout);
    for (const disk of missing) for (let s = 0; s < 6; s++) disks[disk].media.peek(8 * s)!.fill(0xee);
    if (spoil !== undefined) disks[spoil].media.peek(16)![spoil * 7] ^= 1;
    return verifyParity(disks, geometry, missing).mismatches;
  }

  it.each(layouts)('%s: finds good stripes good and one flipped bit on any member (PQ-01, OP-15)', (layout) => {
    expect(check(layout, [])).toBe(0);
    for (let disk = 0; disk < 5; disk++) expect(check(layout, [], disk)).toBe(1);
  });

  it.each(layouts)('%s: with any one member missing, what is left still has to agree', (layout) => {
    for (let lost = 0; lost < 5; lost++) {
      expect([lost, check(layout, [lost])]).toEqual([lost, 0]);
      for (let disk = 0; disk < 5; disk++) {
        if (disk !== lost) expect([lost, disk, check(layout, [lost], disk)]).toEqual([lost, disk, 1]);
      }
    }
  });
});
