import {
  bitmapBytes,
  bitmapChunks,
  decodeBitmap,
  dirtyChunks,
  encodeBitmap,
  isDirty,
  newBitmap,
} from '../../../raid5/superblock/bitmap';
import { UUID, vector, vectorDisks } from './world';

const GiB = 2n ** 21n;

describe('the internal bitmap', () => {
  it('has one bit a chunk and takes whole pages (SB-08)', () => {
    const bitmap = newBitmap(UUID, 100n * GiB + 1n, 128)!;
    expect(bitmap.super).toMatchObject({ version: 4, chunksize: 2 ** 26, daemonSleep: 5, syncSize: 100n * GiB + 1n });
    expect(bitmapChunks(bitmap.super)).toBe(1601);
    expect(bitmapBytes(bitmap.super)).toBe(4096);
    expect(encodeBitmap(bitmap)).toHaveLength(4096);
  });

  it('covers more with a bit when the room is small: the bits always fit (SB-09)', () => {
    for (const size of [GiB, 1000n * GiB, 64n * 1024n * GiB]) {
      for (const room of [8, 128, 256]) {
        const bitmap = newBitmap(UUID, size, room)!;
        expect(bitmapBytes(bitmap.super)).toBeLessThanOrEqual(room * 512);
        expect(Math.log2(bitmap.super.chunksize) % 1).toBe(0);
      }
    }
    expect(newBitmap(UUID, 64n * 1024n * GiB, 8)!.super.chunksize).toBe(2 ** 32);
    expect(newBitmap(UUID, GiB, 0)).toBeUndefined();
  });

  it('is new all dirty, and counts no bit behind the last chunk', () => {
    const bitmap = newBitmap(UUID, GiB + 1n, 8)!;
    expect(bitmap.bits.every((byte) => byte === 0xff)).toBe(true);
    expect(dirtyChunks(bitmap)).toBe(17);
    bitmap.bits[1] = 0x04;
    expect([9, 10, 11].map((chunk) => isDirty(bitmap, chunk))).toEqual([false, true, false]);
    expect(dirtyChunks(bitmap)).toBe(10);
  });

  it('of Linux: clean after a resync, one chunk dirty after a write on a degraded array (BM-01)', () => {
    const of = (name: string): number =>
      dirtyChunks(decodeBitmap(vectorDisks(vector(name))[0].image.slice(8192, 8192 + 512)));
    expect(of('r6bm')).toBe(0);
    expect(of('degraded')).toBe(1);
    expect(of('dirty')).toBe(1);
  });
});
