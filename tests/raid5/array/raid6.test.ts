import type { LayoutName, Level } from '../../../raid5/layouts';
import { LAYOUTS } from '../../../raid5/layouts';
import type { WorldOptions } from '../world';
import { ArrayWorld, read, write, wrongSectors } from '../world';

const PAIRS = (members: number): [number, number][] =>
  Array.from({ length: members }, (_, a) => a).flatMap((a) =>
    Array.from({ length: members - a - 1 }, (_, i): [number, number] => [a, a + 1 + i]),
  );

function written(options: WorldOptions): ArrayWorld {
  const world = new ArrayWorld({ level: 6, disks: 5, chunk: 4096, sectors: 120, ...options });
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

const everyLayout = ([4, 5, 6] as const).flatMap((level) =>
  (Object.keys(LAYOUTS[level]) as LayoutName[]).map((layout): [Level, LayoutName] => [level, layout]),
);

it.each(everyLayout)('RAID-%i %s: what is written is there, whatever the level survives is lost', (level, layout) => {
  const members = 5;
  const losses = level === 6 ? [[], ...PAIRS(members)] : [[], [0], [1], [2], [3], [4]];
  for (const lost of losses) {
    const world = written({ level, layout, disks: members });
    world.play([write(3, 5), write(40, 30), write(77, 2)], 1);
    expect([lost, world.broken()]).toEqual([lost, []]);
    lose(world, ...lost);
    expect([lost, world.readBack()]).toEqual([lost, []]);
    world.play([write(9, 2), write(50, 40), write(80, 8)], 1);
    expect([lost, world.readBack(), world.broken()]).toEqual([lost, [], []]);
  }
});

describe.each(['iop342', 'none'] as const)('RAID-6 on %s', (platform) => {
  it.each([4, 5, 7])('of %i members survives every pair, with whole and partial writes to every block', (disks) => {
    for (const [a, b] of PAIRS(disks)) {
      const world = written({ platform, disks, sectors: 16 * (disks - 2) });
      lose(world, a, b);
      for (let block = 0; block < world.sectors; block += 8) {
        const flights = world.play([write(block, 8), read(block, 8)], 1);
        world.array.cache.dropCached();
        flights.push(...world.play([write(block + 3, 2)]));
        world.array.cache.dropCached();
        flights.push(...world.play([write(block + 1, 7), read(block, 8)]));
        expect([a, b, flights.filter(({ failed, wrong }) => failed || wrong.length > 0)]).toEqual([a, b, []]);
      }
      expect([a, b, world.readBack(), world.broken()]).toEqual([a, b, [], []]);
    }
  });

  it('with one member missing keeps P and Q right for the others', () => {
    for (let lost = 0; lost < 5; lost++) {
      const world = written({ platform });
      lose(world, lost);
      world.play([write(0, 8), write(19, 3), write(24, 48), write(90, 1)], 2);
      // `broken` recomputes what can be known of P and Q.
      expect([lost, world.readBack(), world.broken()]).toEqual([lost, [], []]);
    }
  });

  it.each([1, 2] as const)(
    'at rmw level %i makes the same parity as without read-modify-write (WR-12, OP-07)',
    (level) => {
      const worlds = ([0, level] as const).map((rmwLevel) => {
        const world = written({ platform, disks: 7, sectors: 160 });
        world.array.rmwLevel = rmwLevel;
        world.play([write(0, 8), write(43, 2), write(80, 3), write(3, 2)], 1);
        expect(world.broken()).toEqual([]);
        return world;
      });
      const [rcw, rmw] = worlds.map(({ array }) => array.statistics.writes);
      expect(rcw.rmw).toBe(0);
      expect(rmw.rmw).toBeGreaterThan(2);
      const media = worlds.map(({ disks }) =>
        disks.map(({ media: { writtenSectors, peek }, media }) =>
          [...writtenSectors.call(media)].sort((a, b) => a - b).map((sector) => [...peek.call(media, sector)!]),
        ),
      );
      expect(media[0]).toEqual(media[1]);
    },
  );

  it('members that die at any moment, two of them, cost no data and hang nothing', () => {
    const mix = [write(0, 72), write(3, 2), read(0, 24), write(24, 8), write(30, 30), read(20, 50), read(5, 60)];
    const make = (): ArrayWorld => new ArrayWorld({ platform, level: 6, disks: 5, chunk: 4096, cache: 6, sectors: 72 });
    const dry = make();
    const before = dry.events;
    dry.play(mix, 4);
    const events = dry.events - before;
    const step = Math.ceil(events / 24);
    for (let n = 1; n < events; n += step) {
      const world = make();
      const [a, b] = PAIRS(5)[n % 10];
      world.atEvent(n, () => world.disks[a].die());
      world.atEvent(n + 3 * (n % 17), () => world.disks[b].die());
      const flights = world.play(mix, 4);
      const verdict = [flights.some(({ failed }) => failed), wrongSectors(flights), world.readBack(), world.broken()];
      expect([n, a, b, ...verdict]).toEqual([n, a, b, false, [], [], []]);
    }
  });

  it('the third lost member fails what cannot be had, and nothing hangs (HS-06, HS-19)', () => {
    const world = written({ platform });
    lose(world, 0, 1, 2);
    const flights = world.play([read(0, 120), write(0, 24), write(3, 2), read(0, 8)]);
    expect(flights.every(({ ended }) => ended)).toBe(true);
    expect(flights.slice(0, 3).map(({ failed }) => failed)).toEqual([true, true, true]);
    expect(world.broken()).toEqual([]);
  });
});

it('computes two lost blocks once, from the others, and reads each of those once (FI-04, OP-14)', () => {
  const world = written({ sectors: 24 });
  const { data } = world.geometry.row(0);
  lose(world, data[0], data[1]);
  const before = world.served.reads;
  const [flight] = world.play([read(0, 16)]);
  expect([flight.failed, flight.wrong, world.served.reads - before]).toEqual([false, [], 3]);
  const computes = world.array.history.of(0).flatMap(({ operations }) => operations);
  expect(computes.filter((operation) => operation === 'COMPUTE')).toHaveLength(1);
});
