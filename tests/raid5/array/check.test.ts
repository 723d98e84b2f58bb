import type { SyncPass } from '../../../raid5/handler/sync-pass';
import { touchedStripes, verifyParity } from '../../../raid5/workload/verify-parity';
import type { WorldOptions } from '../world';
import { ArrayWorld, read, write, wrongSectors } from '../world';

const STRIPES = 12;

/** Twelve stripes of four members, written, with nothing of them in the cache. */
function written(options: WorldOptions = {}): ArrayWorld {
  const world = new ArrayWorld({ disks: 4, chunk: 4096, sectors: 24 * STRIPES, ...options });
  world.play([write(0, world.sectors)]);
  world.rest();
  world.array.cache.dropCached();
  return world;
}

function check(world: ArrayWorld, checkOnly = true): SyncPass {
  return world.thread(world.array.sync.run(checkOnly ? 'check' : 'repair', touchedStripes(world.disks)));
}

describe.each(['iop342', 'none'] as const)('on %s', (platform) => {
  it('a check finds nothing on a good array, reads every block once and writes none', () => {
    const world = written({ platform });
    const before = world.served;
    expect(check(world).mismatchSectors).toBe(0);
    expect(world.served).toEqual({ reads: before.reads + 4 * STRIPES, writes: before.writes });
    expect(world.broken()).toEqual([]);
  });

  it('a check counts 8 sectors for each stripe with a flipped bit on any member, and writes nothing (RS-02, R-24)', () => {
    const world = written({ platform });
    const spoilt = [0, 3, 4, 7, 11];
    spoilt.forEach((stripe, i) => world.flip(i % 4, 8 * stripe, (i * 6553 + 32_767) % 32_768));
    const before = world.served.writes;
    expect(check(world)).toEqual({ action: 'check', mismatchSectors: 8 * spoilt.length, interrupted: false });
    expect(world.served.writes).toBe(before);
    expect(verifyParity(world.disks, world.geometry).wrong).toEqual(spoilt.map((stripe) => 8 * stripe));
    expect(check(world).mismatchSectors).toBe(8 * spoilt.length);
    expect(world.broken(spoilt.length)).toEqual([]);
  });

  it('a repair writes parity and nothing else, and the next check counts 0 (RS-02, R-08)', () => {
    const world = written({ platform });
    for (const stripe of [1, 5, 6]) world.flip(world.geometry.row(8 * stripe).parity, 8 * stripe, 77);
    const before = world.served.writes;
    expect(check(world, false).mismatchSectors).toBe(24);
    expect(world.served.writes).toBe(before + 3);
    expect(check(world).mismatchSectors).toBe(0);
    world.array.cache.dropCached();
    expect(check(world).mismatchSectors).toBe(0);
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it('requests beside a check are served, and neither spoils the other', () => {
    const world = written({ platform, cache: 8 });
    const flights = world.thread(
      (function* () {
        const flying = [yield* world.start(write(3, 100)), yield* world.start(read(50, 100))];
        const pass = yield* world.array.sync.run('check', touchedStripes(world.disks));
        expect(pass.mismatchSectors).toBe(0);
        flying.push(...(yield* world.playing([write(7, 200), read(0, 288)], 1)));
        return flying;
      })(),
    );
    expect(wrongSectors(flights)).toEqual([]);
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });
});

it('a check does not compute a block that it could read, and so does not compare computed with computed (FI-05, R-10, R-11)', () => {
  const world = written();
  // Sectors 0 … 23 are members 0, 1, 2; parity of that stripe is on member 3.
  world.play([read(0, 16)]);
  world.flip(2, 0, 5);
  expect(check(world).mismatchSectors).toBe(8);
  const parity = written();
  parity.play([read(0, 24)]);
  parity.flip(3, 0, 5);
  expect(check(parity).mismatchSectors).toBe(8);
});

it('a read-modify-write in flight does not make a stripe count as checked; only a reconstruct-write does (HS-08, R-09)', () => {
  const world = new ArrayWorld({ disks: 5, chunk: 4096, sectors: 64 });
  world.play([write(0, 64)]);
  const { writes } = world.array.statistics;
  const seen = { rmw: 0, rcw: 0 };
  for (let delay = 0; delay < 40; delay++) {
    world.rest();
    world.array.cache.dropCached();
    if (verifyParity(world.disks, world.geometry).mismatches === 0) world.flip(4, 0, 9);
    const before = writes.rmw;
    const pass = world.thread(
      (function* () {
        yield* world.start(write(2, 3));
        yield* world.kernel.scheduler.sleep(delay * 4_000_000);
        return yield* world.array.sync.run('check', [0]);
      })(),
    );
    world.rest();
    const mode = writes.rmw > before ? 'rmw' : 'rcw';
    seen[mode]++;
    // A reconstruct-write has made parity right.
    const wrong = mode === 'rmw' ? 1 : 0;
    expect([delay, verifyParity(world.disks, world.geometry).mismatches, pass.mismatchSectors]).toEqual([
      delay,
      wrong,
      8 * wrong,
    ]);
  }
  expect(seen.rmw).toBeGreaterThan(10);
  expect(world.broken(verifyParity(world.disks, world.geometry).mismatches)).toEqual([]);
});

it('a degraded array has nothing to check: the pass ends at once (RS-01)', () => {
  const world = written();
  world.array.error(2);
  const before = world.served;
  expect(check(world).mismatchSectors).toBe(0);
  expect(world.served).toEqual(before);
  expect(world.broken()).toEqual([]);
});

it('a member that dies at any moment of a check neither hangs it nor costs data (CK5-05, R-06)', () => {
  const dry = written();
  const start = dry.events;
  check(dry);
  const events = dry.events - start;
  for (let n = 1; n < events; n += 61) {
    const world = written();
    world.atEvent(n, () => world.disks[n % 4].die());
    check(world);
    expect([n, world.readBack(), world.broken()]).toEqual([n, [], []]);
  }
});

it('two members that die during a check neither hang it nor stay unnoticed by the next reads (HS-06, HS-19, R-27)', () => {
  let noticed = 0;
  for (let n = 1; n < 300; n += 19) {
    const world = written();
    world.atEvent(n, () => [1, 2].forEach((disk) => world.disks[disk].die()));
    check(world);
    world.play([read(0, world.sectors)]);
    if (world.array.failedDisks.length === 2) noticed++;
    expect([n, world.broken()]).toEqual([n, []]);
  }
  expect(noticed).toBeGreaterThan(0);
});

it('a data member that is failed while a repair runs does not keep wrong parity from being repaired (C5-02, R-07)', () => {
  let during = 0;
  for (let delay = 36; delay < 56; delay++) {
    const world = written({ sectors: 24 });
    const { array, kernel } = world;
    const parity = world.geometry.row(0).parity;
    const lost = (parity + 1) % 4;
    world.flip(parity, 0, 123);
    kernel.scheduler.spawn(
      'mdadm --fail',
      (function* () {
        yield* kernel.scheduler.sleep(delay * 1_000_000);
        if (world.stripe(0)?.checkState !== 'compute_run') return;
        during++;
        array.error(lost);
        world.disks[lost].die();
      })(),
    );
    const pass = world.thread(array.sync.run('repair', [0]));
    expect([delay, pass.mismatchSectors, world.readBack(), world.broken()]).toEqual([delay, 8, [], []]);
  }
  expect(during).toBeGreaterThan(0);
});
