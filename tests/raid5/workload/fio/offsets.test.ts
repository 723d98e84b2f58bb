import { MappedOffsets } from '../../../../raid5/workload/fio/offsets';
import { Tausworthe } from '../../../../raid5/workload/fio/random';

/** Blocks of 4 KiB of 100 TB: more than 32 bits. */
const HUGE = Math.floor(100e12 / 4096);

function mapped(count: number, seed = 1): MappedOffsets {
  const random = new Tausworthe(seed);
  return new MappedOffsets(count, { next: () => random.below(count) });
}

it('a random map visits every block once before any twice, round after round', () => {
  const offsets = mapped(1000);
  for (let round = 0; round < 3; round++) {
    const seen = Array.from({ length: 1000 }, () => offsets.next(1).first).sort((a, b) => a - b);
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  }
});

it('a longer request ends where the next block is taken, or the region ends', () => {
  const places = [3, 1, 5, 3];
  const offsets = new MappedOffsets(7, { next: () => places.shift()! });
  const spans = Array.from({ length: 3 }, () => offsets.next(4));
  expect(spans).toEqual([
    { first: 3, units: 4 },
    { first: 1, units: 2 },
    { first: 0, units: 1 },
  ]);
  // All taken: the map is empty again.
  expect(offsets.next(2)).toEqual({ first: 3, units: 2 });
});

it('a map of 100 TB takes memory for what is visited only, and knows blocks beyond 32 bits apart', () => {
  const before = process.memoryUsage();
  const offsets = mapped(HUGE);
  const seen = new Set<number>();
  for (let i = 0; i < 20_000; i++) {
    const { first, units } = offsets.next(1);
    expect(units === 1 && first < HUGE).toBe(true);
    seen.add(first);
  }
  const after = process.memoryUsage();
  expect(seen.size).toBe(20_000);
  expect([...seen].filter((first) => first >= 2 ** 32).length).toBeGreaterThan(15_000);
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(120e6);
});

it('draws beyond 32 bits spread evenly, low bits too', () => {
  const random = new Tausworthe(3);
  const high = new Array<number>(8).fill(0);
  const low = new Array<number>(8).fill(0);
  for (let i = 0; i < 80_000; i++) {
    const draw = random.below(HUGE);
    high[Math.floor((draw / HUGE) * 8)]++;
    low[draw % 8]++;
  }
  for (const bin of [...high, ...low]) expect(Math.abs(bin - 10_000)).toBeLessThan(400);
});
