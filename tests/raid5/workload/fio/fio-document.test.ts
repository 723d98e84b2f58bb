import { MICROSECOND, MILLISECOND, NANOSECOND, SECOND } from '../../../../emulator/sim/time';
import { fioDocument } from '../../../../raid5/workload/fio/fio-document';
import { jobResults } from '../../../../raid5/workload/fio/job-results';
import type { FioJob } from '../../../../raid5/workload/fio/job';
import { ThreadSource } from '../../../../raid5/workload/fio/thread-source';
import { job, thread } from './jobs';

/** A thread of a job whose reads took 1, 2, … `count` microseconds, 100 ns of them to submit, in `runtime`. */
function ran(count: number, runtime: number, shared: FioJob = job(), failed = false): ThreadSource {
  const source = new ThreadSource({ ...thread(), job: shared }, 1);
  for (let i = 1; i <= count; i++) {
    const outcome = { write: false, bytes: 4096, latency: i * MICROSECOND, submission: 100 * NANOSECOND, failed };
    source.statistics.add('read', outcome);
  }
  source.statistics.endIo(runtime, shared);
  return source;
}

it("has fio's names and units", () => {
  const [{ read, write, ...rest }] = fioDocument(jobResults([[ran(1000, 2 * SECOND)]], []), 'v').jobs;
  expect(rest).toEqual({
    ...{ jobname: 'job', groupid: 0, error: 0, elapsed: 2, job_runtime: 2000 },
    'job options': { name: 'job' },
  });
  expect(read).toMatchObject({
    ...{ io_bytes: 4_096_000, io_kbytes: 4000, bw_bytes: 2_048_000, bw: 2000, iops: 500, runtime: 2000 },
    ...{ total_ios: 1000, short_ios: 0, drop_ios: 0 },
    slat_ns: { min: 100, max: 100, mean: 100, stddev: 0, N: 1000 },
  });
  expect(write).toMatchObject({ io_bytes: 0, iops: 0, runtime: 0, lat_ns: { min: 0, max: 0, N: 0 } });
});

it('gives mean, sample deviation and exact percentiles in nanoseconds', () => {
  const { lat_ns: lat, clat_ns: clat } = fioDocument(jobResults([[ran(1000, SECOND)]], []), 'v').jobs[0].read;
  expect([lat.min, lat.max, lat.mean, lat.N]).toEqual([1000, 1_000_000, 500_500, 1000]);
  // The variance of 1 … n around its mean is n (n + 1) / 12.
  expect(lat.stddev).toBeCloseTo(1000 * Math.sqrt((1000 * 1001) / 12), 3);
  expect(lat.percentile).toEqual({
    ...{ '1.000000': 10_000, '5.000000': 50_000, '10.000000': 100_000, '20.000000': 200_000, '30.000000': 300_000 },
    ...{ '40.000000': 400_000, '50.000000': 500_000, '60.000000': 600_000, '70.000000': 700_000 },
    ...{ '80.000000': 800_000, '90.000000': 900_000, '95.000000': 950_000, '99.000000': 990_000 },
    ...{ '99.500000': 995_000, '99.900000': 999_000, '99.950000': 1_000_000, '99.990000': 1_000_000 },
  });
  expect(clat.percentile!['50.000000']).toBe(499_900);
});

it('reports every clone, or with group_reporting all of them as one that lasted as long as the longest', () => {
  const apart = job();
  const together = job({ groupReporting: true });
  const count = (shared: FioJob): number[] =>
    fioDocument(jobResults([[ran(10, SECOND, shared), ran(30, 2 * SECOND, shared)]], []), 'v').jobs.map(
      ({ read }) => read.iops,
    );
  expect(count(apart)).toEqual([10, 15]);
  expect(count(together)).toEqual([20]);
});

it('numbers groups by stage, and says EIO of a failed request and EILSEQ of a block that did not check', () => {
  const verified = job({ verify: 'crc32c' });
  const stages = [[ran(1, MILLISECOND)], [ran(1, MILLISECOND, job(), true)], [ran(1, MILLISECOND, verified)]];
  const errors = (sector: number): number[][] =>
    fioDocument(jobResults(stages, [{ sector, problem: 'bad' }]), 'v').jobs.map(({ groupid, error }) => [
      groupid,
      error,
    ]);
  expect(errors(16)).toEqual([
    [0, 0],
    [1, 5],
    [2, 84],
  ]);
  expect(errors(0)).toEqual([
    [0, 0],
    [1, 5],
    [2, 0],
  ]);
});
