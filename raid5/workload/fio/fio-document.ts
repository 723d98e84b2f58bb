/**
 * The results of a job file in the shape of fio's `--output-format=json`, with fio's names and units: `_ns` in
 * nanoseconds, `bw` in KiB a second, `runtime` in milliseconds; all of it simulated time. Percentiles are exact samples
 * (nearest rank), not the middles of fio's histogram bins.
 */
import { MILLISECOND, NANOSECOND, seconds } from '../../../emulator/sim/time';
import type { LatencyRecord } from '../latency';
import type { JobResult } from './job-results';
import type { DirectionStatistics } from './statistics';

/** fio's default `percentile_list`, in ten-thousandths of a percent: a whole rank stays whole. */
const PERCENTILES = [
  ...[10_000, 50_000, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000, 800_000, 900_000],
  ...[950_000, 990_000, 995_000, 999_000, 999_500, 999_900],
];
const WHOLE = 1_000_000;

interface LatencyDocument {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  readonly N: number;
  /** by `"99.000000"` */
  readonly percentile?: Readonly<Record<string, number>>;
}

interface DirectionDocument {
  readonly io_bytes: number;
  readonly io_kbytes: number;
  readonly bw_bytes: number;
  readonly bw: number;
  readonly iops: number;
  readonly runtime: number;
  readonly total_ios: number;
  readonly short_ios: number;
  readonly drop_ios: number;
  readonly slat_ns: LatencyDocument;
  readonly clat_ns: LatencyDocument;
  readonly lat_ns: LatencyDocument;
}

export interface FioDocument {
  readonly 'fio version': string;
  readonly jobs: readonly {
    readonly jobname: string;
    readonly groupid: number;
    readonly error: number;
    /** seconds */
    readonly elapsed: number;
    readonly 'job options': Readonly<Record<string, string>>;
    readonly read: DirectionDocument;
    readonly write: DirectionDocument;
    /** milliseconds */
    readonly job_runtime: number;
  }[];
}

/** @param version what stands where fio has its own version */
export function fioDocument(results: readonly JobResult[], version: string): FioDocument {
  return {
    'fio version': version,
    jobs: results.map(({ job, stage, statistics, error }) => ({
      jobname: job.name,
      groupid: stage,
      error,
      elapsed: Math.ceil(seconds(statistics.runtime)),
      'job options': { name: job.name, ...job.given },
      read: direction(statistics.read),
      write: direction(statistics.write),
      job_runtime: milliseconds(statistics.runtime),
    })),
  };
}

function direction({ bytes, requests, failed, runtime, slat, clat, lat }: DirectionStatistics): DirectionDocument {
  const rate = (amount: number): number => (runtime === 0 ? 0 : amount / seconds(runtime));
  return {
    io_bytes: bytes,
    io_kbytes: Math.floor(bytes / 1024),
    bw_bytes: Math.floor(rate(bytes)),
    bw: Math.floor(rate(bytes) / 1024),
    iops: rate(requests),
    runtime: milliseconds(runtime),
    total_ios: requests,
    short_ios: 0,
    drop_ios: failed,
    slat_ns: latency(slat, false),
    clat_ns: latency(clat, true),
    lat_ns: latency(lat, true),
  };
}

function latency(record: LatencyRecord, withPercentiles: boolean): LatencyDocument {
  const sorted = record.sorted().map((picoseconds) => picoseconds / NANOSECOND);
  const N = sorted.length;
  if (N === 0) return { min: 0, max: 0, mean: 0, stddev: 0, N: 0 };
  const mean = sorted.reduce((sum, value) => sum + value, 0) / N;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    min: Math.round(sorted[0]),
    max: Math.round(sorted[N - 1]),
    mean,
    stddev: N > 1 ? Math.sqrt(squares / (N - 1)) : 0,
    N,
    ...(withPercentiles ? { percentile: percentiles(sorted) } : {}),
  };
}

function percentiles(sorted: Float64Array): Readonly<Record<string, number>> {
  return Object.fromEntries(
    PERCENTILES.map((share) => [
      (share / (WHOLE / 100)).toFixed(6),
      Math.round(sorted[Math.ceil((share * sorted.length) / WHOLE) - 1]),
    ]),
  );
}

/** A direction that did anything did it in at least one. */
function milliseconds(time: number): number {
  return time === 0 ? 0 : Math.max(1, Math.round(time / MILLISECOND));
}
