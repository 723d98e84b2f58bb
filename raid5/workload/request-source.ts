/** Where requests come from: a source says what comes next and when, a thread hands it to the array. */
import type { Kernel } from '../../emulator/kernel/kernel';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { arrivalTime } from './arrival';
import type { BlockCheck } from './block-check';
import type { RequestOutcome, RequestTaker } from './client';
import type { TraceRequest } from './msr-trace';

/** A request on its way to the array. */
export interface WorkRequest {
  readonly kind: 'read' | 'write';
  /** bytes, a multiple of 512 */
  readonly offset: number;
  /** bytes, a multiple of 512, not 0 */
  readonly length: number;
  /** What a write carries so that whoever reads it can check it alone. */
  readonly check?: BlockCheck | undefined;
}

/** Nothing to do before `until`, in picoseconds since the source began; Infinity: before a request is answered. */
export interface Pause {
  readonly until: number;
}

/** Until a request is answered. */
export const FULL: Pause = { until: Infinity };

export interface RequestSource {
  /** Requests it will give, 0 where nobody knows. */
  readonly total: number;
  /**
   * What to do now: a request to give, a pause, or undefined: that was all.
   * @param elapsed picoseconds since the source began
   * @param inFlight its requests that are not answered yet
   */
  next(elapsed: number, inFlight: number): WorkRequest | Pause | undefined;
  /** One of its requests was answered. */
  ended?(request: WorkRequest, outcome: RequestOutcome, elapsed: number): void;
}

/** A recorded trace: at its recorded times however slow the array is, or always `depth` requests at once. */
export class TraceSource implements RequestSource {
  private position = 0;

  constructor(
    private readonly requests: readonly TraceRequest[],
    private readonly pace: 'trace' | 'asap',
    private readonly speed: number,
    private readonly depth: number,
  ) {}

  get total(): number {
    return this.requests.length;
  }

  next(elapsed: number, inFlight: number): TraceRequest | Pause | undefined {
    const request = this.requests.at(this.position);
    if (request === undefined) return undefined;
    if (this.pace === 'asap') {
      if (inFlight >= this.depth) return FULL;
    } else {
      const until = arrivalTime(request, this.speed);
      if (until > elapsed) return { until };
    }
    this.position++;
    return request;
  }
}

/**
 * The body of a thread that plays one source to its end, the last answer included.
 * @param elapsed picoseconds that the source has been played already, on a machine whose power failed
 */
export function* play(
  kernel: Kernel,
  client: RequestTaker,
  source: RequestSource,
  onEnd: (outcome: RequestOutcome) => void,
  elapsed = 0,
): ThreadBody {
  const start = kernel.now - elapsed;
  const answered = kernel.waitQueue();
  let inFlight = 0;
  for (;;) {
    const step = source.next(kernel.now - start, inFlight);
    if (step === undefined) break;
    if ('until' in step) {
      const before = inFlight;
      if (step.until === Infinity) yield* answered.wait(() => inFlight < before);
      else yield* kernel.scheduler.sleep(start + step.until - kernel.now);
      continue;
    }
    inFlight++;
    client.request(step, (outcome) => {
      inFlight--;
      source.ended?.(step, outcome, kernel.now - start);
      onEnd(outcome);
      answered.wake();
    });
  }
  yield* answered.wait(() => inFlight === 0);
}

/** Plays several sources at the same time, each in a thread of its own, until all have ended. */
export function* playTogether(
  kernel: Kernel,
  client: RequestTaker,
  sources: readonly RequestSource[],
  onEnd: (outcome: RequestOutcome) => void,
  elapsed = 0,
): ThreadBody {
  const ended = kernel.waitQueue();
  let running = sources.length;
  function* thread(source: RequestSource): ThreadBody {
    yield* play(kernel, client, source, onEnd, elapsed);
    running--;
    ended.wake();
  }
  for (const source of sources) kernel.scheduler.spawn('job', thread(source));
  yield* ended.wait(() => running === 0);
}
