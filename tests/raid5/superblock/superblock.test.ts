import fc from 'fast-check';
import type { StructField } from '../../../raid5/superblock/fields';
import { SUPERBLOCK } from '../../../raid5/superblock/layout';
import type { Superblock } from '../../../raid5/superblock/superblock';
import { decodeSuperblock, encodeSuperblock, roleOf } from '../../../raid5/superblock/superblock';
import { VECTORS, vectorDisks } from './world';

/** SB-03 once more, with bigints and shifts. */
function sum(bytes: Uint8Array, maxDev: number): number {
  const data = Buffer.from(bytes.subarray(0, 256 + 2 * maxDev));
  data.writeUInt32LE(0, 216);
  let total = 0n;
  for (let at = 0; at < data.length; at += 4) {
    total += at + 4 <= data.length ? BigInt(data.readUInt32LE(at)) : BigInt(data.readUInt16LE(at));
  }
  return Number(BigInt.asUintN(32, (total & 0xffff_ffffn) + (total >> 32n)));
}

const arbitrary = (field: StructField): fc.Arbitrary<number | bigint | Uint8Array> => {
  switch (field.type) {
    case 'bytes':
      return fc.uint8Array({ minLength: field.length, maxLength: field.length });
    case 'u64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case 's32':
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case 'u8':
    case 'u16':
    case 'u32':
      return fc.integer({ min: 0, max: { u8: 2 ** 8, u16: 2 ** 16, u32: 2 ** 32 }[field.type] - 1 });
  }
};

const superblocks = fc
  .record({
    ...Object.fromEntries(Object.entries(SUPERBLOCK).map(([name, field]) => [name, arbitrary(field)])),
    roles: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 1920 }),
  })
  .map((fields) => fields as unknown as Superblock);

describe('a superblock', () => {
  it('comes back from its bytes as it went in, with the checksum of SB-03', () => {
    fc.assert(
      fc.property(superblocks, (superblock) => {
        const bytes = encodeSuperblock(superblock);
        const maxDev = superblock.roles.length;
        expect(bytes).toHaveLength(4096);
        expect(decodeSuperblock(bytes)).toEqual({ ...superblock, maxDev, sbCsum: sum(bytes, maxDev) });
      }),
    );
  });

  it('adds the last 16 bits of an odd role table, and carries what leaves 32 bits (SB-03)', () => {
    const ones = decodeSuperblock(new Uint8Array(4096).fill(0xff));
    for (const entries of [0, 1, 2, 3, 1919, 1920]) {
      const bytes = encodeSuperblock({ ...ones, roles: new Array<number>(entries).fill(0xffff) });
      expect(decodeSuperblock(bytes).sbCsum).toBe(sum(bytes, entries));
    }
  });

  it('has room for 1920 roles, not one more (SB-05)', () => {
    const blank = decodeSuperblock(new Uint8Array(4096));
    expect(() => encodeSuperblock({ ...blank, roles: new Array<number>(1921).fill(0) })).toThrow(RangeError);
  });

  it.each(VECTORS.map((vector) => [vector.name, vector] as const))(
    'of mdadm and Linux comes back byte for byte (%s)',
    (_, vector) => {
      for (const disk of vectorDisks(vector)) {
        const bytes = disk.image.subarray(4096, 8192);
        expect(Buffer.compare(encodeSuperblock(decodeSuperblock(bytes)), bytes)).toBe(0);
      }
    },
  );

  it('of a member whose number is beyond the role table is a spare (SB-04)', () => {
    const blank = decodeSuperblock(new Uint8Array(4096));
    expect(roleOf({ ...blank, roles: [4, 7], devNumber: 1 })).toBe(7);
    expect(roleOf({ ...blank, roles: [4, 7], devNumber: 2 })).toBe(0xffff);
  });
});
