import fc from 'fast-check';
import { SparseMedia } from '../../../raid5/disks/media';

const BLOCK = 4096;

it('holds what was written last to each block, and zeros elsewhere', () => {
  const anyWrite = fc.record({
    block: fc.oneof(fc.nat({ max: 20 }), fc.constantFrom(2 ** 33, 2 ** 33 + 1)),
    fill: fc.nat({ max: 255 }),
  });
  fc.assert(
    fc.property(fc.array(anyWrite, { maxLength: 40 }), (writes) => {
      const media = new SparseMedia();
      const naive = new Map<number, number>();
      const memory = new Uint8Array(3 * BLOCK);
      for (const { block, fill } of writes) {
        memory.fill(fill, BLOCK, 2 * BLOCK);
        media.writeBlock(8 * block, memory, BLOCK);
        naive.set(block, fill);
      }
      expect([...media.writtenSectors()]).toEqual([...naive.keys()].map((block) => 8 * block));
      for (const block of [0, 7, 20, 2 ** 33, 2 ** 33 + 1, 2 ** 34]) {
        memory.fill(0xee);
        media.readBlock(8 * block, memory, BLOCK);
        const found = [memory.subarray(0, BLOCK), memory.subarray(BLOCK, 2 * BLOCK), memory.subarray(2 * BLOCK)];
        const expected = [0xee, naive.get(block) ?? 0, 0xee];
        found.forEach((part, i) => expect(part.every((byte) => byte === expected[i])).toBe(true));
      }
    }),
    { numRuns: 50 },
  );
});

it('takes no memory for blocks that are only read', () => {
  const media = new SparseMedia();
  media.readBlock(80, new Uint8Array(BLOCK), 0);
  expect([media.peek(80), [...media.writtenSectors()]]).toEqual([undefined, []]);
});

it('keeps blocks apart beyond its first slab', () => {
  const media = new SparseMedia();
  const block = new Uint8Array(BLOCK);
  for (let i = 0; i < 600; i++) media.writeBlock(8 * i, block.fill(i & 0xff), 0);
  for (let i = 0; i < 600; i++) expect(media.peek(8 * i)!.every((byte) => byte === (i & 0xff))).toBe(true);
});
