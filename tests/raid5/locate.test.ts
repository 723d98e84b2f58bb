import fc from 'fast-check';
import { Geometry } from '../../raid5/geometry';
import type { LayoutName } from '../../raid5/layouts';
import { LAYOUTS } from '../../raid5/layouts';
import { locate } from '../../raid5/locate';

const BLOCK = 4096;

/** Shift and add, bit by bit. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = product & 0x80 ? ((product << 1) ^ 0x11d) & 0xff : product << 1;
    if (b & (1 << bit)) product ^= a;
  }
  return product;
}

/** A right stripe: P as the sum, Q as the sum weighted with 2^slot, both by the formulas. */
function stripe(geometry: Geometry, sector: number, seed: number): Uint8Array[] {
  const { parity, q, data, slots } = geometry.row(sector);
  const blocks = Array.from({ length: geometry.disks }, () => new Uint8Array(BLOCK));
  for (const disk of data)
    blocks[disk].forEach((_, i) => (blocks[disk][i] = Math.imul(i + seed + disk, 2654435761) >>> 24));
  for (let i = 0; i < BLOCK; i++) {
    for (const disk of data) {
      blocks[parity][i] ^= blocks[disk][i];
      if (q < 0) continue;
      let weight = 1;
      for (let power = 0; power < slots[disk]; power++) weight = times(weight, 2);
      blocks[q][i] ^= times(blocks[disk][i], weight);
    }
  }
  return blocks;
}

const six = Object.keys(LAYOUTS[6]) as LayoutName[];

describe('a RAID-6 stripe', () => {
  it.each(six)('of layout %s names the member that lies, parity or data, whatever it changed', (layout) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 9 }),
        fc.nat(20),
        fc.nat(8),
        fc.array(fc.tuple(fc.nat(BLOCK - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 5 }),
        (disks, chunk, liar, changes) => {
          const geometry = new Geometry(6, disks, BLOCK, layout);
          const sector = 8 * chunk;
          const blocks = stripe(geometry, sector, chunk);
          expect(locate(geometry, sector, blocks)).toEqual({ kind: 'none' });
          const disk = liar % disks;
          const before = blocks[disk].slice();
          for (const [at, change] of changes) blocks[disk][at] ^= change;
          const changed = before.some((byte, i) => byte !== blocks[disk][i]);
          expect(locate(geometry, sector, blocks)).toEqual(changed ? { kind: 'member', disk } : { kind: 'none' });
        },
      ),
      { numRuns: 15, seed: 1 },
    );
  });

  it('names nobody when different bytes point to different members', () => {
    const geometry = new Geometry(6, 6, BLOCK, 'left-symmetric');
    const blocks = stripe(geometry, 0, 3);
    const [a, b] = geometry.row(0).data;
    blocks[a][10] ^= 1;
    blocks[b][20] ^= 1;
    expect(locate(geometry, 0, blocks)).toEqual({ kind: 'unknown' });
  });

  it('names nobody when a byte points to a power of two that no member has', () => {
    const geometry = new Geometry(6, 4, BLOCK, 'left-symmetric');
    const blocks = stripe(geometry, 0, 3);
    const { parity, q } = geometry.row(0);
    blocks[parity][10] ^= 1;
    blocks[q][10] ^= 0x80;
    expect(locate(geometry, 0, blocks)).toEqual({ kind: 'unknown' });
  });
});

describe('a RAID-5 stripe', () => {
  it('says only that something is wrong', () => {
    const geometry = new Geometry(5, 5, BLOCK, 'left-symmetric');
    const blocks = stripe(geometry, 0, 3);
    expect(locate(geometry, 0, blocks)).toEqual({ kind: 'none' });
    blocks[2][7] ^= 1;
    expect(locate(geometry, 0, blocks)).toEqual({ kind: 'unknown' });
  });
});
