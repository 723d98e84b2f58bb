import fc from 'fast-check';
import { decodeBitmap, encodeBitmap } from '../../../raid5/superblock/bitmap';
import type { CreateRequest } from '../../../raid5/superblock/create';
import { dataOffset, layoutNumber, newArray } from '../../../raid5/superblock/create';
import { loadSuperblock } from '../../../raid5/superblock/load';
import { decodeSuperblock, encodeSuperblock, nameOf } from '../../../raid5/superblock/superblock';
import { REQUEST, VECTORS, vectorDisks } from './world';

describe('a new array', () => {
  it.each(VECTORS.map((vector) => [vector.name, vector] as const))(
    'has the numbers mdadm chose for the same members (SB-09, %s)',
    (_, vector) => {
      const disks = vectorDisks(vector);
      const theirs = disks.map(({ image }) => decodeSuperblock(image.subarray(4096, 8192)));
      const [first] = theirs;
      const { superblocks, bitmap } = newArray({
        ...REQUEST,
        level: first.level as CreateRequest['level'],
        layout: first.layout,
        chunkBytes: first.chunksize * 512,
        memberSectors: disks.map(({ sectors }) => sectors),
        bitmap: (first.featureMap & 1) !== 0,
        name: nameOf(first),
        setUuid: first.setUuid,
        deviceUuids: theirs.map(({ deviceUuid }) => deviceUuid),
        ctime: Number(first.ctime),
      });
      superblocks.forEach((own, i) => {
        // What the kernel has changed since: counts, times, who is where.
        const { utime, events, resyncOffset, recoveryOffset, featureMap, devNumber, roles, sbCsum, ...lasting } = own;
        expect(theirs[i]).toMatchObject(lasting);
        expect({ utime, events, recoveryOffset, devNumber, featureMap, sbCsum }).toEqual({
          ...{ utime: first.ctime, events: 0n, recoveryOffset: 0n, devNumber: i, featureMap: first.featureMap & 1 },
          sbCsum: 0,
        });
        expect(resyncOffset).toBe(2n ** 64n - 1n);
        expect(roles).toEqual(Array.from({ length: 128 }, (_role, n) => (n < superblocks.length ? n : 0xffff)));
      });
      if (bitmap === undefined) return;
      const { events, eventsCleared, ...lasting } = bitmap.super;
      expect([events, eventsCleared]).toEqual([0n, 0n]);
      expect(decodeBitmap(disks[0].image.subarray(8192)).super).toMatchObject(lasting);
    },
  );

  it('is dirty from the first sector unless its members agree (SB-09)', () => {
    const [{ resyncOffset }] = newArray({ ...REQUEST, clean: false }).superblocks;
    expect(resyncOffset).toBe(0n);
  });

  it('starts its data at 1 MiB on small members, later where a reshape wants two chunks or the device is large', () => {
    const MiB = 2048;
    expect(dataOffset(20 * MiB, 65536)).toBe(MiB);
    expect(dataOffset(20 * MiB, 524288)).toBe(2 * MiB);
    expect(dataOffset(1024 * 1024 * MiB, 524288)).toBe(129 * MiB);
    expect(dataOffset(1024 * 1024 * MiB, 524288) * 512).toBeLessThan(0.001 * 2 ** 40);
  });

  it('loads, and its bitmap comes back, whatever was asked for', () => {
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom([4, 0, 3], [5, 2, 3], [6, 2, 4], [6, 20, 5]),
          extra: fc.integer({ min: 0, max: 200 }),
          chunkLog: fc.integer({ min: 12, max: 24 }),
          MiB: fc.integer({ min: 80, max: 4 * 1024 * 1024 }),
          odd: fc.integer({ min: 0, max: 2047 }),
          bitmap: fc.boolean(),
        }),
        ({ kind: [level, layout, least], extra, chunkLog, MiB, odd, bitmap }) => {
          const memberSectors = new Array<number>(least + extra).fill(MiB * 2048 + odd);
          const array = newArray({
            ...{ ...REQUEST, level: level, layout, memberSectors, bitmap },
            chunkBytes: 2 ** chunkLog,
            deviceUuids: memberSectors.map((_, i) => new Uint8Array(16).fill(i)),
          });
          for (const superblock of array.superblocks) {
            const bytes = encodeSuperblock(superblock);
            expect(loadSuperblock(bytes, memberSectors[0]).refusal).toBeUndefined();
            const { bblogOffset, bblogSize, dataOffset: offset } = superblock;
            expect(8 + bblogOffset + bblogSize).toBeLessThanOrEqual(Number(offset));
          }
          if (array.bitmap === undefined) return;
          const bytes = encodeBitmap(array.bitmap);
          expect(decodeBitmap(bytes)).toEqual(array.bitmap);
          expect(16 + bytes.length / 512).toBeLessThanOrEqual(8 + array.superblocks[0].bblogOffset);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses members that are too small, a long name and a layout of another level', () => {
    const small = { ...REQUEST, memberSectors: [2100, 40960, 40960] };
    expect(() => newArray(small)).toThrow('a member of 2100 sectors is too small, expected 2176 sectors or more');
    expect(() => newArray({ ...REQUEST, name: 'ä'.repeat(16) })).toThrow('32 bytes, expected 31 or fewer');
    expect(() => newArray({ ...REQUEST, chunkBytes: 4096, memberSectors: [2072, 2072], bitmap: true })).toThrow(
      'no room for a bitmap',
    );
    expect(layoutNumber(6, 'ddf-N-continue')).toBe(10);
    expect(() => layoutNumber(5, 'ddf-N-continue')).toThrow(/^RAID-5 has no layout 'ddf-N-continue', expected one of/);
  });
});
