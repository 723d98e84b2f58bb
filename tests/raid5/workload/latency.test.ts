import fc from 'fast-check';
import { LatencyRecord } from '../../../raid5/workload/latency';

/** The smallest sample that at least so many thousandths of all samples do not exceed. */
function naiveRank(samples: readonly number[], thousandths: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted.find(
    (value) => samples.filter((other) => other <= value).length * 1000 >= thousandths * samples.length,
  )!;
}

it('gives nearest-rank percentiles, the mean and the maximum of any samples', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 10 ** 13 }), { minLength: 1, maxLength: 300 }), (samples) => {
      const record = new LatencyRecord();
      samples.forEach((sample) => record.add(sample));
      const summary = record.summary()!;
      expect(summary).toMatchObject({
        count: samples.length,
        p50: naiveRank(samples, 500),
        p90: naiveRank(samples, 900),
        p99: naiveRank(samples, 990),
        p999: naiveRank(samples, 999),
        max: Math.max(...samples),
      });
      const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
      expect(Math.abs(summary.mean - mean)).toBeLessThanOrEqual(1e-6 * mean);
    }),
  );
});

it('has nothing to say without samples, and keeps more than its first thousand', () => {
  const record = new LatencyRecord();
  expect(record.summary()).toBeUndefined();
  for (let i = 5000; i > 0; i--) record.add(i);
  expect(record.summary()).toEqual({
    count: 5000,
    mean: 2500.5,
    p50: 2500,
    p90: 4500,
    p99: 4950,
    p999: 4995,
    max: 5000,
  });
});
