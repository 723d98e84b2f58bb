import type { Request } from '../world';
import { ArrayWorld, read, write, wrongSectors } from '../world';

describe.each(['iop342', 'none'] as const)('on %s', (platform) => {
  it('a write and a read of every alignment and size around a chunk border return what was written', () => {
    const world = new ArrayWorld({ platform, sectors: 128 });
    for (let sector = 8; sector <= 32; sector += 3) {
      for (const sectors of [1, 3, 7, 8, 9, 16, 17, 33, 70]) {
        const flights = world.play([write(sector, sectors), read(Math.max(0, sector - 5), sectors + 9)], 1);
        expect(wrongSectors(flights)).toEqual([]);
      }
    }
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it('requests that overlap each other while they are under way all end, reads see no torn sector (BQ-02, BQ-06)', () => {
    const world = new ArrayWorld({ platform, sectors: 128 });
    const requests: Request[] = [];
    for (let i = 0; i < 60; i++) {
      const sector = (i * 7) % 60;
      requests.push({ write: i % 3 !== 1, sector, sectors: 1 + ((i * 5) % 40) });
    }
    expect(wrongSectors(world.play(requests))).toEqual([]);
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it('one request far larger than the cache ends: raid5d, not the submitter, handles stripes (SC-10, R-20)', () => {
    const world = new ArrayWorld({ platform, cache: 17, sectors: 1536 });
    const flights = world.play([write(3, 1500), read(0, 1536)], 1);
    expect(wrongSectors(flights)).toEqual([]);
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it('many requests larger than the cache end as well, on a cache of 4 (SC-02)', () => {
    const world = new ArrayWorld({ platform, cache: 4, sectors: 512 });
    const requests = [write(1, 300), write(2, 301), read(0, 400), write(200, 300), read(7, 505)];
    expect(wrongSectors(world.play(requests))).toEqual([]);
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });
});

it('a sector never written reads as zeros', () => {
  const world = new ArrayWorld();
  expect(world.play([read(5, 20)])[0].versions).toEqual(Array.from({ length: 20 }, () => 0));
});

it('a degraded array reads a cached block without the disks, and never parity for a read', () => {
  const world = new ArrayWorld();
  world.array.error(3);
  world.play([read(0, 24)]);
  expect(world.served).toEqual({ reads: 3, writes: 0 });
  world.play([read(0, 24), read(3, 2), read(8, 8)]);
  expect(world.served).toEqual({ reads: 3, writes: 0 });
});

it('a degraded array reads a written block from the cache as well', () => {
  const world = new ArrayWorld();
  world.play([write(0, 48)]);
  world.array.error(3);
  const { reads } = world.served;
  expect(wrongSectors(world.play([read(0, 48)]))).toEqual([]);
  expect(world.served.reads).toBe(reads);
});

it('a read queued while the same block is copied out for another ends as well (R-01, OP-03, OP-04)', () => {
  const world = new ArrayWorld();
  world.array.error(3);
  world.play([read(0, 8)]);
  let met = 0;
  for (let delay = 0; delay < 60; delay++) {
    const stripe = world.stripe(0)!;
    const { scheduler } = world.kernel;
    const flights = world.thread(
      (function* () {
        const first = yield* world.start(read(0, 8));
        yield* scheduler.sleep(delay * 400_000);
        if (stripe.dev[0].read.length > 0) met++;
        const second = yield* world.start(read(2, 3));
        yield* scheduler.sleep(1_000_000_000);
        return [first, second];
      })(),
    );
    expect(flights.map(({ ended, wrong }) => [ended, wrong.length])).toEqual([
      [true, 0],
      [true, 0],
    ]);
  }
  expect(met).toBeGreaterThan(0);
  expect(world.broken()).toEqual([]);
});

describe('a write that overlaps one in the queue (BQ-02, BQ-06)', () => {
  it('waits until that one is drained, and wins', () => {
    const world = new ArrayWorld();
    world.thread(
      (function* () {
        yield* world.start(write(0, 5));
        const { dev } = world.stripe(0)!;
        const [first] = dev[0].towrite;
        expect(first.sectors).toBe(5);
        yield* world.start(write(3, 5));
        expect(dev[0].towrite).not.toContain(first);
      })(),
    );
    world.rest();
    expect(world.play([read(0, 8)])[0].versions).toEqual([1, 1, 1, 2, 2, 2, 2, 2]);
    expect(world.broken()).toEqual([]);
  });

  it('keeps the order of any number of writes of one sector', () => {
    const world = new ArrayWorld({ sectors: 64 });
    world.play(Array.from({ length: 24 }, (_, i) => write(i % 5, 4 + (i % 3))));
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });
});

it.each(['hdd-7200', 'ssd'] as const)('works with the service times of %s', (model) => {
  const world = new ArrayWorld({ model, sectors: 128 });
  const flights = world.play([write(1, 100), read(0, 128), write(40, 8), read(36, 20)]);
  expect(wrongSectors(flights)).toEqual([]);
  expect(world.readBack()).toEqual([]);
  expect(world.broken()).toEqual([]);
});

it.each(['left-symmetric', 'left-asymmetric', 'right-symmetric', 'right-asymmetric'] as const)(
  'lays out %s so that data and parity survive a walk over all turns (LO-03)',
  (layout) => {
    const world = new ArrayWorld({ layout, disks: 3, chunk: 4096, sectors: 96 });
    expect(wrongSectors(world.play([write(0, 96), write(5, 40), read(0, 96)], 1))).toEqual([]);
    world.disks[1].die();
    expect(world.readBack()).toEqual([]);
    expect(world.array.failedDisks).toEqual([1]);
    expect(world.broken()).toEqual([]);
  },
);

it('two members mirror each other: parity of one block is a copy', () => {
  const world = new ArrayWorld({ disks: 2, sectors: 64 });
  expect(wrongSectors(world.play([write(0, 40), read(3, 30), write(20, 3), read(0, 64)], 2))).toEqual([]);
  expect(world.readBack()).toEqual([]);
  world.disks[0].die();
  expect(world.readBack()).toEqual([]);
  expect(world.broken()).toEqual([]);
});
