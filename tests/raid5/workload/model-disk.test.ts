import fc from 'fast-check';
import { ModelDisk } from '../../../raid5/workload/model-disk';

const anyWrites = fc.array(
  fc.record({
    sector: fc.oneof(fc.nat({ max: 5000 }), fc.constantFrom(2 ** 40, 2 ** 40 + 2047)),
    sectors: fc.integer({ min: 1, max: 2500 }),
  }),
  { maxLength: 6 },
);

it('knows the last write of every sector, and gives each written sector in exactly one run, in order', () => {
  fc.assert(
    fc.property(anyWrites, fc.integer({ min: 1, max: 300 }), (writes, longest) => {
      const model = new ModelDisk();
      const naive = new Map<number, number>();
      writes.forEach(({ sector, sectors }, i) => {
        model.write(sector, sectors, i + 1);
        for (let at = sector; at < sector + sectors; at++) naive.set(at, i + 1);
      });
      const given: number[] = [];
      for (const run of model.writtenRuns(longest)) {
        if (run.sectors < 1 || run.sectors > longest) throw new Error(`a run of ${run.sectors} sectors`);
        for (let at = run.sector; at < run.sector + run.sectors; at++) given.push(at);
      }
      const expected = [...naive.keys()].sort((a, b) => a - b);
      expect([given.length, given.findIndex((at, i) => at !== expected[i])]).toEqual([expected.length, -1]);
      expect(given.every((at) => model.version(at) === naive.get(at))).toBe(true);
      expect(model.writtenSectors).toBe(naive.size);
    }),
    { numRuns: 50 },
  );
});

it('holds 0 for a sector never written', () => {
  const model = new ModelDisk();
  model.write(10, 2, 5);
  expect([9, 10, 11, 12, 2 ** 45].map((sector) => model.version(sector))).toEqual([0, 5, 5, 0, 0]);
});

it('cuts runs at extents of 1 MiB and at the longest length', () => {
  const model = new ModelDisk();
  model.write(2040, 20, 1);
  expect([...model.writtenRuns(6)]).toEqual([
    { sector: 2040, sectors: 6 },
    { sector: 2046, sectors: 2 },
    { sector: 2048, sectors: 6 },
    { sector: 2054, sectors: 6 },
  ]);
});
