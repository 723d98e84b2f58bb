import type { Level } from '../../../raid5/layouts';
import { verifyParity } from '../../../raid5/workload/verify-parity';
import type { WorldOptions } from '../world';
import { ArrayWorld, read, write, wrongSectors } from '../world';

const STRIPES = 12;

/** Twelve stripes, written, with nothing of them in the cache. */
function written(level: Level, options: WorldOptions = {}): ArrayWorld {
  const disks = level === 6 ? 5 : 4;
  const layout = level === 4 ? 'parity-last' : 'left-symmetric';
  const world = new ArrayWorld({ level, disks, layout, chunk: 4096, sectors: 24 * STRIPES, ...options });
  world.play([write(0, world.sectors)]);
  world.rest();
  world.array.cache.dropCached();
  return world;
}

function lose(world: ArrayWorld, ...members: readonly number[]): void {
  for (const member of members) {
    world.array.error(member);
    world.disks[member].die();
  }
  world.array.cache.dropCached();
}

function wrongStripes(world: ArrayWorld): readonly number[] {
  return verifyParity(world.array.disks, world.geometry).wrong.map((sector) => sector / 8);
}

describe.each([4, 5, 6] as const)('RAID-%i', (level) => {
  it('a check counts 8 sectors for each stripe with a flipped bit on any member and writes nothing (RS-02, R-24)', () => {
    const world = written(level);
    const spoilt = [0, 2, 3, 7, 8, 11];
    spoilt.forEach((stripe, i) => world.flip(i % world.disks.length, 8 * stripe, 4001 * i));
    const before = world.served;
    expect(world.sync('check')).toEqual({ action: 'check', mismatchSectors: 8 * spoilt.length, interrupted: false });
    expect(world.served).toEqual({ reads: before.reads + STRIPES * world.disks.length, writes: before.writes });
    expect(wrongStripes(world)).toEqual(spoilt);
    expect(world.broken(spoilt.length)).toEqual([]);
  });

  it('a repair writes only the sums that are wrong, and the next check counts 0 (C5-04, C6-03, R-08)', () => {
    const world = written(level);
    for (const stripe of [1, 5]) world.flip(world.geometry.row(8 * stripe).parity, 8 * stripe, 99);
    if (level === 6) for (const stripe of [5, 6]) world.flip(world.geometry.row(8 * stripe).q, 8 * stripe, 1234);
    const before = world.served.writes;
    expect(world.sync('repair').mismatchSectors).toBe(level === 6 ? 24 : 16);
    expect(world.served.writes - before).toBe(level === 6 ? 4 : 2);
    world.array.cache.dropCached();
    expect(world.sync('check').mismatchSectors).toBe(0);
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it('a resync makes parity right where it may be wrong, and moves recovery_cp to the end (RS-01, AN-07)', () => {
    const world = written(level);
    for (const stripe of [1, 6, 9]) world.flip(world.geometry.row(8 * stripe).parity, 8 * stripe, 5);
    world.array.recoveryCp = 8 * 4;
    const before = world.served.reads;
    expect(world.sync('resync')).toMatchObject({ mismatchSectors: 16, interrupted: false });
    // Below recovery_cp parity counts as right.
    expect(world.served.reads - before).toBe((STRIPES - 4) * world.disks.length);
    expect([wrongStripes(world), world.array.recoveryCp]).toEqual([[1], Infinity]);
    expect(world.broken(1)).toEqual([]);
  });

  it('a write where parity may be wrong makes it right (WR-01, R-58)', () => {
    const world = written(level, { disks: 7, sectors: 60 });
    world.flip(world.geometry.row(0).parity, 0, 5);
    world.array.recoveryCp = 0;
    const before = world.array.statistics.writes.rmw;
    world.play([write(0, 8)]);
    expect(world.array.statistics.writes.rmw).toBe(before);
    expect(wrongStripes(world)).toEqual([]);
  });

  it('a blank disk in the place of a lost one is rebuilt, whoever it is (RS-03, AN-04)', () => {
    for (let lost = 0; lost < (level === 6 ? 5 : 4); lost++) {
      const world = written(level);
      lose(world, lost);
      world.play([write(10, 40)]);
      const spare = world.addSpare(lost);
      expect(world.array.degraded).toBe(1);
      const before = spare.statistics.writes;
      expect(world.sync('recover').interrupted).toBe(false);
      expect([world.array.degraded, spare.statistics.writes - before]).toEqual([0, STRIPES]);
      expect([lost, world.readBack(), world.broken()]).toEqual([lost, [], []]);
      // The rebuilt member carries its part: the array survives another one.
      lose(world, (lost + 1) % 4);
      expect([lost, world.readBack(), world.broken()]).toEqual([lost, [], []]);
    }
  });

  it('requests beside a rebuild are served, on both sides of where it is (AN-04, HS-08)', () => {
    for (let delay = 0; delay < 8; delay++) {
      const world = written(level, { cache: 17, model: 'ssd' });
      lose(world, 1);
      world.addSpare(1);
      const flights = world.thread(
        (function* () {
          const flying = [yield* world.start(write(3, 100)), yield* world.start(read(50, 100))];
          world.kernel.scheduler.spawn(
            'requests',
            (function* () {
              yield* world.kernel.scheduler.sleep(delay * 100_000_000);
              for (let i = 0; i < 6; i++) {
                flying.push(yield* world.start(write((i * 53) % 250, 1 + 6 * i)));
                flying.push(yield* world.start(read((i * 101) % 200, 30)));
              }
            })(),
          );
          yield* world.array.sync.run(
            'recover',
            Array.from({ length: STRIPES }, (_, i) => 8 * i),
          );
          return flying;
        })(),
      );
      world.rest();
      expect([delay, world.array.degraded, wrongSectors(flights)]).toEqual([delay, 0, []]);
      expect([delay, flights.some(({ failed }) => failed), world.readBack(), world.broken()]).toEqual([
        delay,
        false,
        [],
        [],
      ]);
    }
  });
});

describe('RAID-6 with members missing', () => {
  it.each([0, 1, 2, 3, 4])('checks the sum that member %i has not made (C6-01, C6-04)', (lost) => {
    const world = written(6);
    lose(world, lost);
    const before = world.served.writes;
    expect(world.sync('check')).toEqual({ action: 'check', mismatchSectors: 0, interrupted: false });
    expect(world.served.writes).toBe(before);
    // Wrong: a bit of Q, or of P in the stripes whose Q is missing.
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      const { parity, q } = world.geometry.row(8 * stripe);
      world.flip(q === lost ? parity : q, 8 * stripe, 77);
    }
    world.array.cache.dropCached();
    expect(world.sync('check').mismatchSectors).toBe(8 * STRIPES);
    expect(world.array.members[lost].faulty).toBe(true);
  });

  it('rebuilds two blank disks at once', () => {
    for (const [a, b] of [
      [0, 1],
      [1, 3],
      [3, 4],
      [4, 0],
    ]) {
      const world = written(6);
      lose(world, a, b);
      world.play([write(5, 90)]);
      for (const slot of [a, b]) world.addSpare(slot);
      expect(world.sync('recover').interrupted).toBe(false);
      expect([a, b, world.array.degraded, world.readBack(), world.broken()]).toEqual([a, b, 0, [], []]);
      lose(world, 2, (a + 1) % 5 === 2 ? (a + 2) % 5 : (a + 1) % 5);
      expect([a, b, world.readBack()]).toEqual([a, b, []]);
    }
  });

  it('rebuilds one while the other stays away, and writes to it do not count as its rebuild (HS-08, R-44)', () => {
    for (const missing of [0, 2, 4]) {
      const world = written(6, { cache: 17, model: 'ssd' });
      const spare = (missing + 1) % 5;
      lose(world, missing, spare);
      world.addSpare(spare);
      world.thread(
        (function* () {
          for (let i = 0; i < 12; i++) yield* world.start(write((i * 24) % 280, 8));
          yield* world.array.sync.run(
            'recover',
            Array.from({ length: STRIPES }, (_, i) => 8 * i),
          );
        })(),
      );
      world.rest();
      expect([missing, world.array.degraded, world.readBack(), world.broken()]).toEqual([missing, 1, [], []]);
      lose(world, (missing + 2) % 5);
      expect([missing, world.readBack(), world.broken()]).toEqual([missing, [], []]);
    }
  });

  it('has nothing to check when no redundancy is left (RS-01)', () => {
    const world = written(6);
    lose(world, 1, 2);
    const before = world.served;
    expect(world.sync('check')).toEqual({ action: 'check', mismatchSectors: 0, interrupted: true });
    expect(world.served).toEqual(before);
  });

  it('a member that dies at any moment of a check neither hangs it nor costs data (CK5-05, R-06, R-27)', () => {
    const dry = written(6);
    const start = dry.events;
    dry.sync('check');
    const events = dry.events - start;
    for (let n = 1; n < events; n += 97) {
      const world = written(6);
      world.atEvent(n, () => world.disks[n % 5].die());
      world.failAt(n + 40, (n + 1) % 5);
      world.sync(n % 2 === 0 ? 'check' : 'repair');
      expect([n, world.readBack(), world.broken()]).toEqual([n, [], []]);
    }
  });
});

describe('a rebuild', () => {
  it('that loses its source ends, and stays where its last checkpoint was (RS-04, IO-05)', () => {
    let interrupted = 0;
    for (const n of [40, 200, 400, 700]) {
      const world = written(5);
      lose(world, 0);
      world.addSpare(0);
      world.failAt(n, 2);
      const pass = world.sync('recover');
      if (!pass.interrupted) continue;
      interrupted++;
      expect([world.array.degraded, world.array.members[0].inSync]).toEqual([2, false]);
      expect(world.array.members[0].recoveryOffset).toBeLessThan(8 * STRIPES);
    }
    expect(interrupted).toBeGreaterThan(1);
  });

  it('that is started again goes on from its checkpoint', () => {
    const world = written(6);
    lose(world, 0, 3);
    const spare = world.addSpare(0);
    world.array.members[0].recoveryOffset = 8 * 5;
    expect(world.sync('recover').interrupted).toBe(false);
    expect(spare.statistics.writes).toBe(STRIPES - 5);
  });

  it('has no place where a member works', () => {
    const world = written(5);
    expect(world.array.addSpare(1, world.disks[1])).toBe(false);
  });
});
