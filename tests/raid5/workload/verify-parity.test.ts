import fc from 'fast-check';
import type { Disk } from '../../../raid5/disks/disk';
import { Media } from '../../../raid5/disks/media';
import { touchedStripes, verifyParity } from '../../../raid5/workload/verify-parity';

const BLOCK = 4096;

/** Members whose blocks xor to zero in the given stripes; verifyParity looks at nothing but the media. */
function members(count: number, stripes: readonly number[]): { media: Media }[] {
  const disks = Array.from({ length: count }, () => ({ media: new Media() }));
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

const verify = (disks: readonly { media: Media }[]): ReturnType<typeof verifyParity> =>
  verifyParity(disks as readonly Disk[]);

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
  expect(touchedStripes(disks as unknown as Disk[])).toEqual(Array.from({ length: 20 }, (_, i) => 8 * i));
});
