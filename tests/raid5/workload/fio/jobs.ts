import type { FioJob, FioThread } from '../../../../raid5/workload/fio/job';
import { ThreadSource } from '../../../../raid5/workload/fio/thread-source';
import type { WorkRequest } from '../../../../raid5/workload/request-source';

const BS = [{ bytes: 4096, weight: 1 }];

/** A job that reads a megabyte from start to end, changed as asked. */
export function job(changes: Partial<FioJob> = {}): FioJob {
  return {
    name: 'job',
    line: 1,
    given: {},
    random: false,
    reads: true,
    writes: false,
    rwmixread: 50,
    bs: { read: BS, write: BS },
    filename: undefined,
    offset: { bytes: 0 },
    offsetIncrement: { bytes: 0 },
    size: { bytes: 2 ** 20 },
    ioSize: undefined,
    numberIos: undefined,
    iodepth: 1,
    numjobs: 1,
    groupReporting: false,
    stonewall: false,
    startdelay: 0,
    runtime: undefined,
    timeBased: false,
    rateIops: { read: undefined, write: undefined },
    rate: { read: undefined, write: undefined },
    thinktime: 0,
    thinktimeBlocks: 1,
    norandommap: false,
    randomGenerator: 'tausworthe',
    randseed: undefined,
    verify: undefined,
    verifyPattern: undefined,
    doVerify: true,
    ...changes,
  };
}

export function thread(changes: Partial<FioJob> = {}, length = 2 ** 20): FioThread {
  return { job: job(changes), number: 0, clone: 0, region: { start: 8192, length } };
}

/** A request and when it was given. */
export interface Given extends WorkRequest {
  readonly at: number;
}

/**
 * Plays a job without an array: every request takes `service` picoseconds.
 * @returns what it gave, the first `most` of it
 */
export function playAlone(
  changes: Partial<FioJob>,
  { length = 2 ** 20, service = 1000, seed = 1, most = 100_000 } = {},
): Given[] {
  const source = new ThreadSource(thread(changes, length), seed);
  const given: Given[] = [];
  const inFlight: Given[] = [];
  let now = 0;
  while (given.length < most) {
    const step = source.next(now, inFlight.length);
    if (step === undefined) break;
    if (!('until' in step)) {
      given.push({ ...step, at: now });
      inFlight.push({ ...step, at: now });
    } else if (step.until < Infinity) {
      if (step.until <= now) throw new Error('a pause into the past');
      now = step.until;
    } else {
      const first = inFlight.shift();
      if (first === undefined) throw new Error('waits for nothing');
      now = Math.max(now, first.at + service);
      const outcome = { write: first.kind === 'write', bytes: first.length, latency: service, submission: 0 };
      source.ended(first, { ...outcome, failed: false }, now);
    }
  }
  return given;
}
