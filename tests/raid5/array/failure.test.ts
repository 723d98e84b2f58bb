import type { PlatformName } from '../../../emulator/platforms';
import type { Request } from '../world';
import { ArrayWorld, read, write, wrongSectors } from '../world';

/** Reads, full, partial and overlapping writes over three stripes: every path of the handler in a few hundred events. */
const MIX: readonly Request[] = [
  write(0, 72),
  write(3, 2),
  read(0, 24),
  write(24, 8),
  write(30, 30),
  read(20, 50),
  write(0, 8),
  read(5, 60),
];
const SECTORS = 72;

function mixWorld(platform: PlatformName): ArrayWorld {
  return new ArrayWorld({ platform, disks: 4, chunk: 4096, cache: 6, sectors: SECTORS });
}

/** Events the mix takes when nothing fails. */
function eventsOf(platform: PlatformName): number {
  const world = mixWorld(platform);
  const before = world.events;
  world.play(MIX, 4);
  return world.events - before;
}

/** Software leaves few events: there every single one is a moment to die. */
describe.each([
  ['iop342', 19],
  ['none', 1],
] as const)('on %s', (platform, every) => {
  it(`a member that dies at any ${every}-th event costs no data and hangs nothing`, () => {
    const events = eventsOf(platform);
    let moments = 0;
    for (let n = 1; n < events; n += every) {
      const world = mixWorld(platform);
      const disk = moments++ % 4;
      world.atEvent(n, () => world.disks[disk].die());
      const flights = world.play(MIX, 4);
      const verdict = [flights.some(({ failed }) => failed), wrongSectors(flights), world.readBack(), world.broken()];
      expect([n, disk, ...verdict]).toEqual([n, disk, false, [], [], []]);
    }
    expect(moments).toBeGreaterThanOrEqual(20);
  });

  it(`two members that die at any ${9 * every}-th event fail requests, with neither hang nor foreign bytes (HS-06, HS-19)`, () => {
    const events = eventsOf(platform);
    let failures = 0;
    for (let n = 1; n < events; n += 9 * every) {
      for (const gap of [0, 7, 40]) {
        const world = mixWorld(platform);
        world.atEvent(n, () => world.disks[n % 4].die());
        world.atEvent(n + gap, () => world.disks[(n + 1 + (gap % 3)) % 4].die());
        const flights = world.play([...MIX, ...MIX], 6);
        failures += flights.filter(({ failed }) => failed).length;
        expect([n, gap, wrongSectors(flights), world.broken()]).toEqual([n, gap, [], []]);
      }
    }
    expect(failures).toBeGreaterThan(0);
  });
});

describe('a degraded array', () => {
  function degraded(disk: number, disks = 4, sectors = 96): ArrayWorld {
    const world = new ArrayWorld({ disks, chunk: 4096, sectors });
    world.play([write(0, sectors)]);
    world.rest();
    world.array.error(disk);
    world.disks[disk].die();
    world.array.cache.dropCached();
    return world;
  }

  it('computes what the failed member held from all others, and reads each of them once (FI-04)', () => {
    const world = degraded(0);
    const before = world.served.reads;
    // Sectors 0 … 7 are on member 0 and parity of that stripe on member 3.
    const [flight] = world.play([read(2, 4)]);
    expect([flight.failed, flight.wrong, world.served.reads - before]).toEqual([false, [], 3]);
    expect(world.array.history.of(0).flatMap(({ operations }) => operations)).toContain('COMPUTE');
    expect(world.broken()).toEqual([]);
  });

  it('reads what other members hold without computing', () => {
    const world = degraded(0);
    const before = world.served.reads;
    world.play([read(8, 8)]);
    expect(world.served.reads - before).toBe(1);
  });

  it.each([0, 1, 2, 3])('reads everything with member %i gone', (disk) => {
    const world = degraded(disk);
    expect(world.readBack()).toEqual([]);
    expect(world.broken()).toEqual([]);
  });

  it.each([3, 4, 5].flatMap((disks) => Array.from({ length: disks }, (_, disk) => [disks, disk])))(
    'takes whole and partial writes to every block, of %i members with member %i gone (FI-03, WR-16)',
    (disks, disk) => {
      const world = degraded(disk, disks, 24 * (disks - 1));
      for (let block = 0; block < world.sectors; block += 8) {
        const flights = world.play([write(block, 8), read(block, 8)], 1);
        world.array.cache.dropCached();
        flights.push(...world.play([write(block + 3, 2)]));
        world.array.cache.dropCached();
        flights.push(...world.play([write(block + 1, 7), write(Math.max(0, block - 2), 5), read(block, 8)]));
        expect(flights.filter(({ failed, wrong }) => failed || wrong.length > 0)).toEqual([]);
      }
      expect(world.readBack()).toEqual([]);
      expect(world.broken()).toEqual([]);
    },
  );

  it('writes a full stripe without reading, and the failed member is left out (HS-16, OP-16)', () => {
    const world = degraded(1);
    const before = world.served;
    world.play([write(0, 24)]);
    expect(world.served).toEqual({ reads: before.reads, writes: before.writes + 3 });
    expect(world.readBack()).toEqual([]);
  });

  it('ends writes without parity when the member that holds it is gone (HS-09)', () => {
    const world = degraded(3);
    const [flight] = world.play([write(0, 8)]);
    expect([flight.ended, flight.failed]).toEqual([true, false]);
    expect(world.readBack()).toEqual([]);
  });

  it('gives back the descriptors of every block it computes (OP-02)', () => {
    const world = degraded(0);
    for (let round = 0; round < 100; round++) {
      world.array.cache.dropCached();
      expect(wrongSectors(world.play([read(0, 96)]))).toEqual([]);
    }
    expect(world.broken()).toEqual([]);
  });
});

describe('an array that lost two members', () => {
  function broken(): ArrayWorld {
    const world = new ArrayWorld({ disks: 4, chunk: 4096, sectors: 96 });
    world.play([write(0, 96)]);
    world.rest();
    for (const disk of [0, 1]) world.disks[disk].die();
    world.array.cache.dropCached();
    return world;
  }

  it('fails reads of lost blocks and serves those of the others (HS-19)', () => {
    const world = broken();
    const flights = world.play([read(0, 8), read(8, 8), read(16, 8), read(0, 24)], 1);
    expect(flights.map(({ failed, wrong }) => [failed, wrong])).toEqual([
      [true, []],
      [true, []],
      [false, []],
      [true, []],
    ]);
    expect(world.array.failedDisks).toEqual([0, 1]);
    expect(world.broken()).toEqual([]);
  });

  it('fails every write, whole or partial, and leaves what it holds alone (HS-06)', () => {
    const world = broken();
    world.play([read(0, 24)]);
    const before = world.served.writes;
    const flights = world.play([write(0, 8), write(16, 8), write(3, 60), write(20, 2)]);
    expect(flights.map(({ failed }) => failed)).toEqual([true, true, true, true]);
    expect(world.served.writes).toBe(before);
    expect(world.broken()).toEqual([]);
  });

  it('still serves a lost block that it has cached, beside one that it has not (HS-19)', () => {
    const world = new ArrayWorld({ disks: 4, chunk: 4096, sectors: 24 });
    world.play([write(0, 24)]);
    world.rest();
    world.array.cache.dropCached();
    world.array.error(1);
    world.play([read(0, 8)]);
    world.array.error(0);
    const flights = world.play([read(0, 8), read(8, 8)]);
    expect(flights.map(({ failed, wrong }) => [failed, wrong])).toEqual([
      [false, []],
      [true, []],
    ]);
    expect(world.broken()).toEqual([]);
  });

  it('wakes those who wait because of an overlap (BQ-06)', () => {
    const world = broken();
    const flights = world.play(
      Array.from({ length: 12 }, (_, i) => ({ write: i % 2 === 0, sector: i % 4, sectors: 20 })),
    );
    expect(flights.every(({ ended }) => ended)).toBe(true);
    expect(world.broken()).toEqual([]);
  });
});
