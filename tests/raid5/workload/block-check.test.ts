import { CheckedContent } from '../../../raid5/workload/block-check';
import type { BlockCheck } from '../../../raid5/workload/block-check';
import { SectorContent } from '../../../raid5/workload/content';
import { crc32c } from '../../../raid5/workload/crc32c';

const CRC: BlockCheck = { method: 'crc32c', pattern: undefined, interval: 1024, thread: 3 };
const PATTERN: BlockCheck = { method: 'pattern', pattern: Uint8Array.of(1, 2, 3), interval: 512, thread: 0 };

/** A write of four sectors at sector 8, and the bytes that it puts there. */
function written(check: BlockCheck): { content: CheckedContent; data: Uint8Array } {
  const content = new CheckedContent(new SectorContent(7));
  content.stamp(5, 8, 4, check, 1_500_000_000_000);
  const words = new Uint32Array(4 * 128);
  content.fill(words, 0, 8, 4, 5);
  return { content, data: new Uint8Array(words.buffer) };
}

const all = (): number => 5;

it('computes the CRC-32C of RFC 3720, in one piece or in several', () => {
  const bytes = new TextEncoder().encode('123456789');
  expect(crc32c(bytes)).toBe(0xe306_9283);
  expect(crc32c(bytes.subarray(4), crc32c(bytes.subarray(0, 4)))).toBe(0xe306_9283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a91_36aa);
});

it('puts a header in front of every interval: magic, length, offset, time, thread, and the CRC of what follows', () => {
  const { data } = written(CRC);
  for (const start of [0, 1024]) {
    const view = new DataView(data.buffer, start, 1024);
    expect(view.getUint16(0, true)).toBe(0xacca);
    expect(view.getUint32(4, true)).toBe(1024);
    expect(Number(view.getBigUint64(16, true))).toBe(8 * 512 + start);
    expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([1, 500_000_000]);
    expect(view.getUint16(32, true)).toBe(3);
    expect(view.getUint32(36, true)).toBe(crc32c(data.subarray(start, start + 36)));
    expect(view.getUint32(40, true)).toBe(crc32c(data.subarray(start + 44, start + 1024)));
  }
});

it('repeats a pattern from the start of the request over all of it', () => {
  const { data } = written(PATTERN);
  expect(data.every((byte, i) => byte === 1 + (i % 3))).toBe(true);
});

it.each([CRC, PATTERN])('finds what it wrote right, by the blocks and by the model', (check) => {
  const { content, data } = written(check);
  content.checkRead(data, 8, all);
  expect([content.blocks, content.failedBlocks]).toEqual([2048 / check.interval, 0]);
  const words = new Uint32Array(data.buffer);
  expect([0, 1, 2, 3].map((i) => content.firstDifference(words, i * 128, 8 + i, 5))).toEqual([-1, -1, -1, -1]);
});

it.each([
  [0, 'bad magic in the header'],
  [4, 'bad CRC of the header'],
  [20, 'bad CRC of the header'],
  [41, 'bad CRC-32C of the data'],
  [900, 'bad CRC-32C of the data'],
])('notices byte %d of a block: %s', (at, problem) => {
  const { content, data } = written(CRC);
  data[1024 + at] ^= 1;
  content.checkRead(data, 8, all);
  expect([content.blocks, content.failedBlocks]).toEqual([2, 1]);
  expect(content.failures).toEqual([{ sector: 10, problem }]);
  expect(
    content.firstDifference(
      new Uint32Array(data.buffer),
      (2 + Math.floor(at / 512)) * 128,
      10 + Math.floor(at / 512),
      5,
    ),
  ).toBe(at % 512);
});

it('notices a right block in the wrong place', () => {
  const { content, data } = written(CRC);
  data.copyWithin(1024, 0, 1024);
  content.checkRead(data, 8, all);
  expect(content.failures).toEqual([{ sector: 10, problem: 'bad offset in the header' }]);
});

it('notices a byte that is not of the pattern', () => {
  const { content, data } = written(PATTERN);
  data[700] = 9;
  content.checkRead(data, 8, all);
  expect(content.failures).toEqual([{ sector: 9, problem: 'bad pattern at byte 188' }]);
});

it('leaves blocks out that another write has cut into, that are not whole, or that nobody stamped', () => {
  const { content, data } = written(CRC);
  content.checkRead(data, 8, (sector) => (sector === 9 ? 6 : 5));
  expect(content.blocks).toBe(1);
  content.checkRead(data.subarray(512, 1536), 9, all);
  expect(content.blocks).toBe(1);
  content.checkRead(data, 8, () => 0);
  expect(content.blocks).toBe(1);
});
