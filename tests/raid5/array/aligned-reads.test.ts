import type { WorldOptions } from '../world';
import { ArrayWorld, read, write, wrongSectors } from '../world';

/** Four members, chunks of 16 sectors: a row of chunks is 48 sectors. */
function written(options: WorldOptions = {}): ArrayWorld {
  const world = new ArrayWorld({ sectors: 96, ...options });
  world.play([write(0, 96)]);
  world.rest();
  world.array.cache.dropCached();
  return world;
}

/** Disk reads and passes of the handler that reading these sectors takes. */
function effort(world: ArrayWorld, sector: number, sectors: number): readonly number[] {
  const { reads } = world.served;
  const { handled } = world.array.statistics;
  const [flight] = world.play([read(sector, sectors)]);
  world.rest();
  expect([flight.failed, flight.wrong]).toEqual([false, []]);
  expect(world.array.alignedReads.active).toBe(0);
  return [world.served.reads - reads, world.array.statistics.handled - handled];
}

describe('a read of an array in order (IO-07)', () => {
  it('is one request to a member for every chunk that it touches, and no stripe is handled', () => {
    const world = written();
    expect(effort(world, 0, 16)).toEqual([1, 0]);
    expect(effort(world, 5, 8)).toEqual([1, 0]);
    expect(effort(world, 15, 2)).toEqual([2, 0]);
    expect(effort(world, 3, 80)).toEqual([6, 0]);
    expect(world.broken()).toEqual([]);
  });

  it.each([1, 3, 7, 8, 9, 15, 16, 17])('brings %i sectors from any place to theirs', (sectors) => {
    const world = written();
    for (let sector = 0; sector + sectors <= 96; sector++) {
      expect(wrongSectors(world.play([read(sector, sectors)]))).toEqual([]);
    }
  });

  it('sees what a write has changed as soon as that is answered', () => {
    const world = written();
    for (let i = 0; i < 40; i++) {
      const flights = world.play([write(i, 5 + (i % 7)), read(Math.max(0, i - 4), 20)], 1);
      expect(wrongSectors(flights)).toEqual([]);
    }
    expect(world.broken()).toEqual([]);
  });
});

it('a read of a degraded array goes through the cache, and once only (IO-07, R-31)', () => {
  const world = written();
  world.array.error(3);
  const [reads, handled] = effort(world, 0, 16);
  expect(reads).toBe(2);
  expect(handled).toBeGreaterThan(0);
});

describe('a read that its member fails (IO-07, R-23)', () => {
  it.each([4, 32])('is tried again through the cache, of %i stripes, and the block is corrected (IO-02)', (cache) => {
    const world = written({ cache });
    world.disks[0].unreadable.set(8, 'until written');
    const [flight] = world.play([read(2, 14)]);
    expect([flight.failed, flight.wrong]).toEqual([false, []]);
    world.rest();
    expect(world.disks[0].unreadable.size).toBe(0);
    expect(world.array.members[0].correctedErrors).toBe(1);
    expect(world.array.failedDisks).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it('counts as its first attempt: the cache asks the member once before it corrects (IO-02)', () => {
    const world = written();
    const [disk] = world.disks;
    disk.unreadable.set(0, 'until written');
    const asked: string[] = [];
    const submit = disk.submit.bind(disk);
    disk.submit = (request) => {
      asked.push(request.write ? 'write' : 'read');
      submit(request);
    };
    world.play([read(0, 8)]);
    world.rest();
    // Around the cache and through it; then what the others say is written and read back.
    expect(asked).toEqual(['read', 'read', 'write', 'read']);
    expect(world.broken()).toEqual([]);
  });

  it('is answered from the others when the member is dead, however many fail at once', () => {
    const world = written({ cache: 4 });
    world.disks[0].die();
    const flights = world.play(Array.from({ length: 12 }, (_, i) => read((7 * i) % 60, 30)));
    expect(flights.filter(({ failed, wrong }) => failed || wrong.length > 0)).toEqual([]);
    expect(world.array.failedDisks).toEqual([0]);
    expect(world.broken()).toEqual([]);
  });
});
