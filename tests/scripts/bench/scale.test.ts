import { hugeArray, spread } from '../../../scripts/bench/scale';

it('a check does the same work for a stripe whether it goes over a thousand of 100 TB or thirty thousand', () => {
  const world = hugeArray();
  const { sim } = world.kernel.machine;
  const events = [1_000, 30_000].map((count) => {
    const before = [sim.fired, world.array.statistics.handled];
    const { mismatchSectors, interrupted } = world.pass('check', spread(count));
    expect([mismatchSectors, interrupted]).toEqual([0, false]);
    return [(sim.fired - before[0]) / count, (world.array.statistics.handled - before[1]) / count];
  });
  expect(events[1][0] / events[0][0]).toBeGreaterThan(0.9);
  expect(events[1][0] / events[0][0]).toBeLessThan(1.1);
  expect(events[1][1]).toBeCloseTo(events[0][1], 1);
});

it('keeps nothing of the stripes it is done with: the cache holds its heads, disks hold nothing, no mapping is left', () => {
  const world = hugeArray();
  const { array, kernel } = world;
  world.pass('check', spread(20_000));
  expect((array.cache as unknown as { hash: Map<number, unknown> }).hash.size).toBeLessThanOrEqual(
    array.cache.size + 1,
  );
  expect(array.cache.active).toBe(0);
  expect(kernel.dma.live).toBe(0);
  expect(array.disks.flatMap(({ media }) => [...media.writtenSectors()])).toEqual([]);
});

it('spreads ascending stripes over members of more than 2^32 sectors', () => {
  const sectors = [...spread(1000)];
  expect(sectors.every((sector, i) => sector % 8 === 0 && (i === 0 || sector > sectors[i - 1]))).toBe(true);
  expect(sectors[999]).toBeGreaterThan(4.8e10);
});
