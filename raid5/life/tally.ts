/** What a life counts over all its machines. */
import type { Finding } from '../../emulator/findings';
import type { WriteMode } from '../handler/dirtying';
import type { RequestOutcome } from '../workload/client';
import { LatencyRecord } from '../workload/latency';
import type { LifeBench } from './bench';

/** One direction of requests. */
class Direction {
  requests = 0;
  bytes = 0;
  failed = 0;
  readonly latency = new LatencyRecord();
}

export class Tally {
  readonly read = new Direction();
  readonly write = new Direction();
  /** Requests without an end, as the power failed. */
  cutOff = 0;
  readonly stripes: Record<WriteMode, number> = { full: 0, rmw: 0, rcw: 0 };
  engineErrors = 0;
  redone = 0;
  readonly findings: Finding[] = [];
  /** Trace hashes of the machines, in their order. */
  readonly hashes: string[] = [];

  /** A request of the workload was answered. */
  request({ write, bytes, latency, failed }: RequestOutcome): void {
    const side = write ? this.write : this.read;
    side.requests++;
    side.bytes += bytes;
    side.latency.add(latency);
    if (failed) side.failed++;
  }

  /** A machine has come to its end. */
  machineEnded({ machine, api, started: { md } }: LifeBench): void {
    for (const mode of ['full', 'rmw', 'rcw'] as const) this.stripes[mode] += md?.array.statistics.writes[mode] ?? 0;
    this.engineErrors += machine.engines.reduce((sum, { statistics }) => sum + statistics.errors, 0);
    this.redone += api.statistics.redone;
    this.findings.push(...machine.findings.all());
    this.hashes.push(machine.hash.value);
  }
}
