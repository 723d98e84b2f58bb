/** What a run has to say: one plain document, the same for people and for programs. */
import { seconds } from '../../emulator/sim/time';
import type { Finding } from '../../emulator/findings';
import type { StripeOperationRecord } from '../history';
import { SECTOR } from '../geometry';
import type { Level } from '../layouts';
import type { BlockFailure } from './block-check';
import type { RequestCounter } from './counters';
import type { JobResult } from './fio/job-results';
import { jobResults } from './fio/job-results';
import type { DirectionStatistics } from './fio/statistics';
import type { LatencyRecord } from './latency';
import type { RunConfig, WorkloadRun } from './run';

/** Version of the document; grows when a path changes its meaning. */
export const SCHEMA_VERSION = 1;

/** Latencies in seconds. */
export interface LatencyReport {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

interface DirectionReport {
  readonly bytes: number;
  readonly failed: number;
  readonly latency: LatencyReport | null;
}

/** One direction of a job. */
export interface JobDirectionReport extends DirectionReport {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
}

export interface JobReport {
  readonly name: string;
  /** of its section */
  readonly line: number;
  readonly reads: JobDirectionReport;
  readonly writes: JobDirectionReport;
}

/** The first byte that is not what was written. */
export interface FirstMismatch {
  readonly arraySector: number;
  readonly byte: number;
  readonly disk: number;
  readonly diskSector: number;
  /** member sector of the stripe */
  readonly stripe: number;
  /** Requests of the trace that touch the sector, by line; for fio the jobs that work there, by their section. */
  readonly requests: readonly { readonly line: number; readonly kind: 'read' | 'write' }[];
  /** What was done to the stripe, as far as remembered; times in picoseconds. */
  readonly operations: readonly StripeOperationRecord[];
}

/** A stripe whose parity is wrong. */
export interface WrongStripe {
  /** member sector */
  readonly stripe: number;
  /** member that holds its parity */
  readonly parityDisk: number;
  readonly operations: readonly StripeOperationRecord[];
}

export interface RunReport {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly verdict: 'verified' | 'failed' | 'panic' | 'interrupted';
  readonly platform: string;
  readonly array: {
    readonly level: Level;
    readonly disks: number;
    readonly chunk: number;
    readonly layout: string;
    readonly bytes: number;
    readonly diskModel: string;
    readonly failedDisks: readonly number[];
  };
  readonly requests: { readonly total: number; readonly read: number; readonly write: number };
  readonly reads: DirectionReport;
  readonly writes: DirectionReport;
  readonly simulated: { readonly seconds: number; readonly busySeconds: number };
  readonly host: { readonly seconds: number };
  readonly throughput: { readonly bytesPerSecond: number; readonly bytesPerBusySecond: number };
  /** The jobs of a fio job file, one entry for each thread or group. */
  readonly jobs: readonly JobReport[];
  readonly stripes: { readonly full: number; readonly rmw: number; readonly rcw: number; readonly handled: number };
  readonly engine: {
    readonly channels: readonly {
      readonly name: string;
      readonly descriptors: number;
      readonly bytes: number;
      readonly phases: number;
      readonly busySeconds: number;
    }[];
    /** Transfers that failed, and the operations that the processor then did again. */
    readonly errors: number;
    readonly redone: number;
  };
  readonly interrupts: number;
  readonly processor: {
    /** busy part of the workload's simulated time, 0 … 1 */
    readonly share: number;
    readonly thread: number;
    readonly softirq: number;
    readonly hardirq: number;
  };
  readonly disks: readonly {
    readonly name: string;
    readonly reads: number;
    readonly writes: number;
    readonly busySeconds: number;
  }[];
  /** Bytes compared with the plain model, and sectors that differ. */
  readonly verified: { readonly bytes: number; readonly mismatches: number; readonly failedReads: number };
  /** Blocks that fio's `verify=` checked by what stands in them, and those that were wrong. */
  readonly blocks: { readonly checked: number; readonly failed: number; readonly first: BlockFailure | null };
  readonly firstMismatch: FirstMismatch | null;
  readonly parity: {
    readonly stripes: number;
    readonly mismatches: number;
    readonly firstWrong: WrongStripe | null;
    readonly skipped: boolean;
  };
  readonly check: { readonly stripes: number; readonly mismatchSectors: number; readonly skipped: boolean } | null;
  readonly panic: { readonly rule: string; readonly text: string; readonly where: string } | null;
  readonly findings: readonly Finding[];
  readonly seed: number;
  readonly traceHash: string;
  readonly command: string;
}

/**
 * Builds the document of a run, finished or not.
 * @param hostSeconds how long it took here
 * @param command what repeats it
 */
export function report(run: WorkloadRun, hostSeconds: number, command: string): RunReport {
  const { config, array, client, counters, parity, machine } = run;
  const phase = counters.result(array, client);
  const time = phase?.time ?? 0;
  const share = (part: number): number => (time === 0 ? 0 : part / time);
  const { thread = 0, softirq = 0, hardirq = 0 } = phase?.processor ?? {};
  const bytes = counters.read.bytes + counters.write.bytes;
  return {
    schemaVersion: SCHEMA_VERSION,
    verdict: verdict(run),
    platform: config.platform,
    array: {
      level: config.level,
      disks: config.disks,
      chunk: config.chunk,
      layout: config.layout,
      bytes: config.arrayBytes,
      diskModel: typeof config.diskModel === 'string' ? config.diskModel : config.diskModel.name,
      failedDisks: array?.failedDisks ?? [],
    },
    requests: {
      total: config.fio === undefined ? config.requests.length : counters.read.requests + counters.write.requests,
      read: counters.read.requests,
      write: counters.write.requests,
    },
    reads: direction(counters.read),
    writes: direction(counters.write),
    simulated: { seconds: seconds(time), busySeconds: seconds(phase?.busyTime ?? 0) },
    host: { seconds: hostSeconds },
    throughput: {
      bytesPerSecond: rate(bytes, time),
      bytesPerBusySecond: rate(bytes, phase?.busyTime ?? 0),
    },
    jobs: jobResults(run.fio, []).map(jobReport),
    stripes: { full: 0, rmw: 0, rcw: 0, ...phase?.writes, handled: phase?.stripesHandled ?? 0 },
    engine: {
      errors: machine.engines.reduce((sum, { statistics }) => sum + statistics.errors, 0),
      redone: run.asyncTx?.statistics.redone ?? 0,
      channels: (phase?.channels ?? []).map(({ busy, ...channel }) => ({ ...channel, busySeconds: seconds(busy) })),
    },
    interrupts: phase?.interrupts ?? 0,
    processor: {
      share: share(thread + softirq + hardirq),
      thread: share(thread),
      softirq: share(softirq),
      hardirq: share(hardirq),
    },
    disks: (phase?.disks ?? []).map(({ busy, ...disk }) => ({ ...disk, busySeconds: seconds(busy) })),
    verified: {
      bytes: client?.bytesCompared ?? 0,
      mismatches: client?.mismatchedSectors ?? 0,
      failedReads: counters.readBackFailed,
    },
    blocks: {
      checked: client?.content.blocks ?? 0,
      failed: client?.content.failedBlocks ?? 0,
      first: client?.content.failures[0] ?? null,
    },
    firstMismatch: firstMismatch(run),
    parity: {
      stripes: parity?.stripes ?? 0,
      mismatches: parity?.mismatches ?? 0,
      firstWrong: wrongStripe(run),
      skipped: parity === undefined,
    },
    check: run.check ?? null,
    panic: run.panic === undefined ? null : { rule: run.panic.rule, text: run.panic.message, where: run.panic.where },
    findings: machine.findings.all(),
    seed: config.seed,
    traceHash: phase?.hash ?? machine.hash.value,
    command,
  };
}

function verdict(run: WorkloadRun): RunReport['verdict'] {
  if (run.panic !== undefined) return 'panic';
  const { counters, client, parity, check } = run;
  const wrong =
    (client?.mismatchedSectors ?? 0) +
    (client?.content.failedBlocks ?? 0) +
    counters.read.failed +
    counters.write.failed +
    counters.readBackFailed +
    (parity?.mismatches ?? 0) +
    (check?.mismatchSectors ?? 0) +
    run.machine.findings.count('rule');
  if (wrong > 0) return 'failed';
  return run.phase === 'done' ? 'verified' : 'interrupted';
}

function jobReport({ job, statistics }: JobResult): JobReport {
  const of = ({ requests, bytes, failed, runtime, lat }: DirectionStatistics): JobDirectionReport => ({
    ...direction({ bytes, failed, latency: lat }),
    requests,
    requestsPerSecond: rate(requests, runtime),
    bytesPerSecond: rate(bytes, runtime),
  });
  return { name: job.name, line: job.line, reads: of(statistics.read), writes: of(statistics.write) };
}

function direction(counter: Pick<RequestCounter, 'bytes' | 'failed' | 'latency'>): DirectionReport {
  return { bytes: counter.bytes, failed: counter.failed, latency: latencyReport(counter.latency) };
}

/** Latencies in seconds; null without samples. */
export function latencyReport(record: LatencyRecord): LatencyReport | null {
  const summary = record.summary();
  if (summary === undefined) return null;
  const { mean, p50, p90, p99, p999, max } = summary;
  return {
    mean: seconds(mean),
    p50: seconds(p50),
    p90: seconds(p90),
    p99: seconds(p99),
    p999: seconds(p999),
    max: seconds(max),
  };
}

function rate(amount: number, time: number): number {
  return time === 0 ? 0 : amount / seconds(time);
}

function firstMismatch({ client, array, config }: WorkloadRun): FirstMismatch | null {
  const mismatch = client?.mismatches[0];
  if (mismatch === undefined || array === undefined) return null;
  const { sector, offset } = mismatch;
  const place = array.geometry.place(sector);
  const stripe = place.sector - (place.sector % 8);
  return {
    arraySector: sector,
    byte: offset,
    disk: place.disk,
    diskSector: place.sector,
    stripe,
    requests: [...touching(config, sector), ...touchingJobs(config, sector)],
    operations: array.history.of(stripe),
  };
}

function wrongStripe({ parity, array }: WorkloadRun): WrongStripe | null {
  const stripe = parity?.wrong[0];
  if (stripe === undefined || array === undefined) return null;
  return { stripe, parityDisk: array.geometry.row(stripe).parity, operations: array.history.of(stripe) };
}

function touching(config: RunConfig, sector: number): FirstMismatch['requests'] {
  const byte = sector * SECTOR;
  return config.requests
    .filter(({ offset, length }) => offset <= byte && byte < offset + length)
    .map(({ line, kind }) => ({ line, kind }));
}

function touchingJobs({ fio = [] }: RunConfig, sector: number): FirstMismatch['requests'] {
  const byte = sector * SECTOR;
  return fio
    .flat()
    .filter(({ region }) => region.start <= byte && byte < region.start + region.length)
    .flatMap(({ job: { line, reads, writes } }) => [
      ...(reads ? [{ line, kind: 'read' as const }] : []),
      ...(writes ? [{ line, kind: 'write' as const }] : []),
    ]);
}
