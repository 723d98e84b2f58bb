/** One thread of a fio job as a source of requests: `do_io` and `do_verify` of fio's backend. */
import { scramble } from '../../../emulator/sim/random';
import { SECOND } from '../../../emulator/sim/time';
import type { BlockCheck } from '../block-check';
import type { RequestOutcome } from '../client';
import type { Pause, RequestSource, WorkRequest } from '../request-source';
import { FULL } from '../request-source';
import type { BlockSize, FioThread } from './job';
import { minBs } from './job';
import type { Offsets } from './offsets';
import { offsetsOf } from './offsets';
import { Tausworthe } from './random';
import { ThreadStatistics } from './statistics';

/** Streams of random numbers that do not touch each other, as fio has. */
const enum Stream {
  direction = 1,
  size = 2,
  offset = 3,
}

type Direction = 'read' | 'write';

/** The phases of a thread: its requests, then reading back what it wrote. */
type Phase = 'io' | 'draining' | 'verify';

export class ThreadSource implements RequestSource {
  readonly statistics = new ThreadStatistics();
  private readonly unit: number;
  private readonly offsets: Offsets;
  private readonly directions: Tausworthe;
  private readonly sizes: Tausworthe;
  private readonly check: BlockCheck | undefined;
  private readonly issued = { read: { requests: 0, bytes: 0 }, write: { requests: 0, bytes: 0 } };
  /** What to read back: length by offset, in the order of writing. */
  private readonly written = new Map<number, number>();
  private toVerify: Iterator<[number, number], undefined> | undefined;
  private phase: Phase = 'io';
  /** A request that has been chosen and waits for its time. */
  private chosen: WorkRequest | undefined;
  private thinking = false;
  /** The end of the thinking under way. */
  private thoughtAt = 0;

  /** @param seed of the run, for jobs without `randseed` */
  constructor(
    readonly thread: FioThread,
    seed: number,
  ) {
    const { job, number, clone, region } = thread;
    const own = job.randseed === undefined ? scramble(seed + number) : scramble(job.randseed + clone);
    const stream = (which: Stream): number => scramble(own + which);
    this.unit = minBs(job);
    this.offsets = offsetsOf(job, Math.floor(region.length / this.unit), stream(Stream.offset));
    this.directions = new Tausworthe(stream(Stream.direction));
    this.sizes = new Tausworthe(stream(Stream.size));
    if (job.verify !== undefined) {
      // fio takes the smallest write; a write that the map cuts short is a multiple of the unit only.
      this.check = { method: job.verify, pattern: job.verifyPattern, interval: this.unit, thread: number };
    }
  }

  /** Bytes that this thread moves before it ends by itself. */
  private get limit(): number {
    const { job, region } = this.thread;
    return job.timeBased ? Infinity : (job.ioSize ?? region.length - (region.length % this.unit));
  }

  /** An estimate, for progress: reads of verification are not in it. */
  get total(): number {
    const { job } = this.thread;
    if (job.timeBased) return 0;
    return Math.min(job.numberIos ?? Infinity, Math.ceil(this.limit / this.unit));
  }

  next(elapsed: number, inFlight: number): WorkRequest | Pause | undefined {
    const { startdelay } = this.thread.job;
    if (elapsed < startdelay) return { until: startdelay };
    if (this.phase === 'io') {
      const step = this.nextIo(elapsed - startdelay, inFlight);
      if (step !== undefined) return 'until' in step ? { until: step.until + startdelay } : step;
      this.phase = 'draining';
    }
    if (this.phase === 'draining') {
      if (inFlight > 0) return FULL;
      this.statistics.endIo(elapsed - startdelay, this.thread.job);
      this.phase = 'verify';
      const { verify, doVerify } = this.thread.job;
      if (verify !== undefined && doVerify) this.toVerify = this.written.entries();
    }
    return this.nextVerify(elapsed - startdelay, inFlight);
  }

  ended({ kind }: WorkRequest, outcome: RequestOutcome, elapsed: number): void {
    this.statistics.add(kind, outcome);
    const { thinktime, startdelay } = this.thread.job;
    if (thinktime > 0) this.thoughtAt = elapsed - startdelay + thinktime;
  }

  private nextIo(elapsed: number, inFlight: number): WorkRequest | Pause | undefined {
    const { iodepth, runtime = Infinity } = this.thread.job;
    if (elapsed >= runtime) return undefined;
    if (this.thinking) {
      if (inFlight > 0) return FULL;
      if (elapsed < this.thoughtAt) return { until: Math.min(this.thoughtAt, runtime) };
      this.thinking = false;
    }
    this.chosen ??= this.choose();
    const { chosen } = this;
    if (chosen === undefined) return undefined;
    if (inFlight >= iodepth) return FULL;
    const due = this.dueTime(chosen.kind);
    if (due > elapsed) return { until: Math.min(due, runtime) };
    this.issue(chosen);
    return chosen;
  }

  private issue({ kind, offset, length }: WorkRequest): void {
    const { thinktime, thinktimeBlocks } = this.thread.job;
    this.chosen = undefined;
    const { issued, written } = this;
    issued[kind].requests++;
    issued[kind].bytes += length;
    if (thinktime > 0 && (issued.read.requests + issued.write.requests) % thinktimeBlocks === 0) this.thinking = true;
    if (kind === 'write' && this.check !== undefined) {
      written.delete(offset);
      written.set(offset, length);
    }
  }

  /** The next request, undefined when the job has done what it was to do. */
  private choose(): WorkRequest | undefined {
    const { job, region } = this.thread;
    const { read, write } = this.issued;
    const bytes = read.bytes + write.bytes;
    if (bytes >= this.limit || read.requests + write.requests >= (job.numberIos ?? Infinity)) return undefined;
    const kind = this.chooseDirection();
    const units = this.chooseSize(job.bs[kind]) / this.unit;
    const span = this.offsets.next(units, kind);
    return {
      kind,
      offset: region.start + span.first * this.unit,
      length: span.units * this.unit,
      check: kind === 'write' ? this.check : undefined,
    };
  }

  private chooseDirection(): Direction {
    const { reads, writes, rwmixread } = this.thread.job;
    if (reads && writes) return this.directions.below(100) < rwmixread ? 'read' : 'write';
    return reads ? 'read' : 'write';
  }

  private chooseSize(sizes: readonly BlockSize[]): number {
    if (sizes.length === 1) return sizes[0].bytes;
    let left = this.sizes.below(sizes.reduce((sum, { weight }) => sum + weight, 0));
    return sizes.find(({ weight }) => (left -= weight) < 0)!.bytes;
  }

  /** When the rates allow the next request of a direction: at fixed distances from the start. */
  private dueTime(kind: Direction): number {
    const { rateIops, rate } = this.thread.job;
    const { requests, bytes } = this.issued[kind];
    const byRequests = (requests / (rateIops[kind] ?? Infinity)) * SECOND;
    return Math.round(Math.max(byRequests, (bytes / (rate[kind] ?? Infinity)) * SECOND));
  }

  /** Reads the blocks back that the thread wrote; whoever completes a read checks them. */
  private nextVerify(elapsed: number, inFlight: number): WorkRequest | Pause | undefined {
    if (this.toVerify === undefined) return undefined;
    if (inFlight >= this.thread.job.iodepth) return FULL;
    const { done, value } = this.toVerify.next();
    if (!done) return { kind: 'read', offset: value[0], length: value[1] };
    if (inFlight > 0) return FULL;
    this.statistics.endVerify(elapsed);
    return undefined;
  }
}
