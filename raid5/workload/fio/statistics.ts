/** What a thread of a fio job counts. */
import type { RequestOutcome } from '../client';
import { LatencyRecord } from '../latency';
import type { FioJob } from './job';

/** One direction: fio's `slat`, `clat` and `lat`, in picoseconds. */
export class DirectionStatistics {
  requests = 0;
  failed = 0;
  bytes = 0;
  /** picoseconds in which the thread gave such requests */
  runtime = 0;
  /** Until md had the request. */
  readonly slat = new LatencyRecord();
  /** From then on. */
  readonly clat = new LatencyRecord();
  readonly lat = new LatencyRecord();

  add({ bytes, latency, submission, failed }: RequestOutcome): void {
    this.requests++;
    if (failed) this.failed++;
    this.bytes += bytes;
    this.slat.add(submission);
    this.clat.add(latency - submission);
    this.lat.add(latency);
  }

  /** Takes in what another thread of the same job counted at the same time (`group_reporting`). */
  merge(other: DirectionStatistics): void {
    this.requests += other.requests;
    this.failed += other.failed;
    this.bytes += other.bytes;
    this.runtime = Math.max(this.runtime, other.runtime);
    this.slat.addAll(other.slat);
    this.clat.addAll(other.clat);
    this.lat.addAll(other.lat);
  }
}

export class ThreadStatistics {
  readonly read = new DirectionStatistics();
  readonly write = new DirectionStatistics();
  /** Picoseconds from the first request to the last answer, reading back included. */
  runtime = 0;
  private verifyFrom = 0;

  add(kind: 'read' | 'write', outcome: RequestOutcome): void {
    this[kind].add(outcome);
  }

  /** All requests of the job itself are answered, `elapsed` after its start. */
  endIo(elapsed: number, { reads, writes }: FioJob): void {
    if (reads) this.read.runtime = elapsed;
    if (writes) this.write.runtime = elapsed;
    this.verifyFrom = elapsed;
    this.runtime = elapsed;
  }

  /** All that was written has been read back. */
  endVerify(elapsed: number): void {
    this.read.runtime += elapsed - this.verifyFrom;
    this.runtime = elapsed;
  }

  merge(other: ThreadStatistics): void {
    this.read.merge(other.read);
    this.write.merge(other.write);
    this.runtime = Math.max(this.runtime, other.runtime);
  }
}
