import type { Level } from '../../../raid5/layouts';
import { ArrayWorld, read, write } from '../world';

function written(level: Level, disks = level === 6 ? 5 : 4): ArrayWorld {
  const world = new ArrayWorld({
    level,
    disks,
    chunk: 4096,
    sectors: 96,
    layout: level === 4 ? 'parity-last' : 'left-symmetric',
  });
  world.play([write(0, 96)]);
  world.rest();
  world.array.cache.dropCached();
  return world;
}

describe.each([4, 5, 6] as const)('RAID-%i', (level) => {
  it('a block that cannot be read is tried twice, computed, written again and read back (IO-02, HS-15)', () => {
    const world = written(level);
    const { disk, sector } = world.geometry.place(8);
    world.disks[disk].unreadable.set(sector, 'until written');
    const before = world.disks[disk].statistics.writes;
    const [flight] = world.play([read(8, 8)]);
    world.rest();
    expect([flight.failed, flight.wrong]).toEqual([false, []]);
    expect(world.disks[disk].statistics.writes - before).toBe(1);
    expect(world.array.members[disk]).toMatchObject({ faulty: false, correctedErrors: 1, readErrors: 0 });
    expect(world.disks[disk].unreadable.size).toBe(0);
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it('a block that cannot be read even after that fails its member (IO-02, IO-03)', () => {
    const world = written(level);
    const { disk, sector } = world.geometry.place(8);
    world.disks[disk].unreadable.set(sector, 'for ever');
    // The first read leaves it at a last try, which waits for somebody who needs the block.
    for (const failedDisks of [[], [disk]]) {
      const [flight] = world.play([read(8, 8)]);
      world.rest();
      expect([flight.failed, flight.wrong, world.array.failedDisks]).toEqual([false, [], failedDisks]);
    }
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it('a block that cannot be written fails its member, and the write is good (IO-04)', () => {
    for (const sectors of [8, 3]) {
      const world = written(level);
      const { disk, sector } = world.geometry.place(16);
      world.disks[disk].unwritable.add(sector);
      const [flight] = world.play([write(16, sectors)]);
      world.rest();
      expect([flight.failed, world.array.failedDisks]).toEqual([false, [disk]]);
      expect([world.readBack(), world.broken()]).toEqual([[], []]);
    }
  });

  it('parity that cannot be read is corrected by a check, which counts nothing for it (R-39)', () => {
    const world = written(level);
    for (const stripe of [0, 2, 3]) {
      const { parity, q } = world.geometry.row(8 * stripe);
      world.disks[parity].unreadable.set(8 * stripe, 'until written');
      // With P alone missing, RAID-6 would rather compute it than read it again (FI-04).
      if (q >= 0 && stripe > 0) world.disks[q].unreadable.set(8 * stripe, 'until written');
    }
    expect(world.sync('check')).toEqual({ action: 'check', mismatchSectors: 0, interrupted: false });
    world.rest();
    expect(world.disks.map(({ unreadable }) => unreadable.size).every((size) => size === 0)).toBe(true);
    expect([world.array.failedDisks, world.readBack(), world.broken()]).toEqual([[], [], []]);
  });

  it('a read error where nothing is left to correct it from fails the member only after one more try (IO-02)', () => {
    const world = written(level);
    const { data, parity, q } = world.geometry.row(0);
    for (const lost of level === 6 ? [parity, q] : [parity]) {
      world.array.error(lost);
      world.disks[lost].die();
    }
    world.array.cache.dropCached();
    world.disks[data[0]].unreadable.set(0, 'for ever');
    const before = world.array.members[data[0]].readErrors;
    const [flight] = world.play([read(0, 8)]);
    expect(flight.failed).toBe(true);
    expect(world.array.members[data[0]].readErrors - before).toBe(2);
    expect(world.array.members[data[0]].faulty).toBe(true);
    expect(world.broken()).toEqual([]);
  });
});

it('two blocks of a stripe of RAID-6 that cannot be read are both corrected', () => {
  const world = written(6);
  const { data } = world.geometry.row(8);
  for (const disk of data.slice(0, 2)) world.disks[disk].unreadable.set(8, 'until written');
  const flights = world.play([read(24, 24)]);
  world.rest();
  expect(flights.map(({ failed, wrong }) => [failed, wrong])).toEqual([[false, []]]);
  expect(data.slice(0, 2).map((disk) => world.array.members[disk].correctedErrors)).toEqual([1, 1]);
  expect([world.readBack(), world.broken()]).toEqual([[], []]);
});

it('a member with more errors than the cache has stripes is failed (IO-02)', () => {
  const world = new ArrayWorld({ disks: 4, chunk: 4096, cache: 8, sectors: 24 * 12 });
  world.play([write(0, world.sectors)]);
  world.rest();
  world.array.cache.dropCached();
  world.disks[1].die();
  expect(world.readBack()).toEqual([]);
  expect(world.array.failedDisks).toEqual([1]);
  expect(world.broken()).toEqual([]);
});
