/** What a run counts during its workload phase, so that boot and verification do not blur the report. */
import type { Kernel } from '../../emulator/kernel/kernel';
import type { Machine } from '../../emulator/platforms/machine';
import type { Raid5Array } from '../array';
import type { WriteMode } from '../handler/dirtying';
import type { ArrayClient, RequestOutcome } from './client';
import { LatencyRecord } from './latency';

/** One direction of requests. */
export interface RequestCounter {
  requests: number;
  bytes: number;
  failed: number;
  readonly latency: LatencyRecord;
}

/** What one engine channel did. */
export interface ChannelCount {
  readonly name: string;
  readonly descriptors: number;
  readonly bytes: number;
  readonly phases: number;
  /** picoseconds with ACTIVE set */
  readonly busy: number;
}

/** Totals since power-on; two of them give a phase. */
interface Totals {
  readonly time: number;
  readonly processor: Readonly<Record<'thread' | 'softirq' | 'hardirq' | 'idle', number>>;
  readonly interrupts: number;
  readonly channels: readonly ChannelCount[];
  readonly dramBusy: number;
}

/** The workload phase in numbers. */
export interface PhaseCount extends Totals {
  /** picoseconds with a request in flight */
  readonly busyTime: number;
  readonly writes: Readonly<Record<WriteMode, number>>;
  readonly stripesHandled: number;
  readonly disks: readonly {
    readonly name: string;
    readonly reads: number;
    readonly writes: number;
    readonly busy: number;
  }[];
  readonly hash: string;
}

function counter(): RequestCounter {
  return { requests: 0, bytes: 0, failed: 0, latency: new LatencyRecord() };
}

export class RunCounters {
  readonly read = counter();
  readonly write = counter();
  /** Bytes read back for verification, and requests that failed doing so. */
  readBackBytes = 0;
  readBackFailed = 0;
  private begin: Totals | undefined;
  private end: PhaseCount | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly kernel: Kernel,
  ) {}

  /** The workload begins. */
  start(): void {
    this.begin = this.totals();
  }

  /** A request of the workload was answered. */
  request(outcome: RequestOutcome): void {
    const side = outcome.write ? this.write : this.read;
    side.requests++;
    side.bytes += outcome.bytes;
    if (outcome.failed) side.failed++;
    side.latency.add(outcome.latency);
  }

  /** A verification read was answered. */
  readBack(outcome: RequestOutcome): void {
    this.readBackBytes += outcome.bytes;
    if (outcome.failed) this.readBackFailed++;
  }

  /** The workload has ended: what follows is no longer counted. */
  stop(array: Raid5Array, client: ArrayClient): void {
    this.end = this.phase(array, client);
  }

  /** The workload phase, or as much of it as there has been. */
  result(array: Raid5Array | undefined, client: ArrayClient | undefined): PhaseCount | undefined {
    if (this.end !== undefined) return this.end;
    return array === undefined || client === undefined || this.begin === undefined
      ? undefined
      : this.phase(array, client);
  }

  private phase(array: Raid5Array, client: ArrayClient): PhaseCount {
    const now = this.totals();
    const then = this.begin ?? now;
    const { thread, softirq, hardirq, idle } = now.processor;
    return {
      time: now.time - then.time,
      processor: {
        thread: thread - then.processor.thread,
        softirq: softirq - then.processor.softirq,
        hardirq: hardirq - then.processor.hardirq,
        idle: idle - then.processor.idle,
      },
      interrupts: now.interrupts - then.interrupts,
      channels: now.channels.map((channel, i) => difference(channel, then.channels[i])),
      dramBusy: now.dramBusy - then.dramBusy,
      busyTime: client.busyTime,
      writes: { ...array.statistics.writes },
      stripesHandled: array.statistics.handled,
      disks: array.disks.map(({ name, statistics }) => ({
        name,
        reads: statistics.reads,
        writes: statistics.writes,
        busy: statistics.busyTime,
      })),
      hash: this.machine.hash.value,
    };
  }

  private totals(): Totals {
    return {
      time: this.machine.sim.now,
      processor: { ...this.kernel.processor.time },
      interrupts: this.kernel.interrupts.total,
      channels: this.machine.engines.map(({ name, statistics, busyTime }) => ({
        name,
        descriptors: statistics.descriptors,
        bytes: statistics.bytes,
        phases: statistics.phases,
        busy: busyTime,
      })),
      dramBusy: this.machine.bus.busyTime,
    };
  }
}

function difference(now: ChannelCount, then: ChannelCount): ChannelCount {
  return {
    name: now.name,
    descriptors: now.descriptors - then.descriptors,
    bytes: now.bytes - then.bytes,
    phases: now.phases - then.phases,
    busy: now.busy - then.busy,
  };
}
