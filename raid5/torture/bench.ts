/** The array of a torture run: its requests, and what they must find. */
import type { WaitQueue } from '../../emulator/kernel/wait';
import type { TraceWriter } from '../../emulator/trace/trace';
import { LifeBench } from '../life/bench';
import type { Answer, Request } from '../life/request';
import { submitVersioned } from '../life/request';
import type { DiskRefusal } from '../superblock/refusal';
import { refusalLine } from '../superblock/refusal';
import type { TorturePlan } from './plan';

const DRAM_BYTES = 8 * 1024 * 1024;
/** Sectors of a read that compares everything. */
const PIECE = 64;

/** The run has found something that must not be. */
export class TortureFailure extends Error {}

export class TortureBench extends LifeBench {
  /** Sectors found lost, as nobody could promise them. */
  lost = 0;
  private ended!: WaitQueue;
  private inFlight = 0;
  /** Lists of requests under way. */
  private playing = 0;

  /** @param trace where all its machines are recorded */
  constructor(plan: TorturePlan, trace?: TraceWriter) {
    const recorded = trace === undefined ? {} : { trace };
    super({ ...plan, ...recorded, bitmapChunk: plan.bitmap ? plan.chunk : undefined, dramBytes: DRAM_BYTES });
    this.start();
  }

  override boot(force = false): readonly DiskRefusal[] {
    const refused = super.boot(force);
    this.ended = this.kernel.waitQueue();
    this.inFlight = 0;
    this.playing = 0;
    return refused;
  }

  /** A machine is powered on; the array has to start. */
  start(force = false): void {
    const refused = this.boot(force);
    if (refused.length > 0) {
      throw new TortureFailure(`the array does not start: ${refused.map(refusalLine).join('; ')}`);
    }
  }

  /** Requests in this order, so many under way at once. Reads are compared with the model. */
  *io(requests: readonly Request[], depth: number): Generator<void, void, void> {
    this.playing++;
    for (const request of requests) {
      yield* this.ended.wait(() => this.inFlight < depth);
      yield* this.submit(request);
    }
    yield* this.ended.wait(() => this.inFlight === 0);
    this.playing--;
    this.ended.wake();
  }

  /** Until all requests that were begun have ended. */
  *quiet(): Generator<void, void, void> {
    yield* this.ended.wait(() => this.playing === 0);
  }

  /** Reads everything from the members, and takes what is found for what is there. Returns sectors that hold what they must not. */
  *readBack(): Generator<void, number[], void> {
    const { versions } = this;
    const wrong: number[] = [];
    this.md.array.cache.dropCached();
    for (let sector = 0; sector < versions.sectors; sector += PIECE) {
      const sectors = Math.min(PIECE, versions.sectors - sector);
      yield* this.submit({ write: false, sector, sectors }, (answer) => wrong.push(...answer.wrong));
      yield* this.ended.wait(() => this.inFlight === 0);
    }
    versions.decide();
    return wrong;
  }

  /** @param adopt takes what a read finds for what is there, and is told of what must not be */
  private *submit(request: Request, adopt?: (answer: Answer) => void): Generator<void, void, void> {
    const { write, sector } = request;
    this.inFlight++;
    yield* submitVersioned(this.kernel, this.md, this.versions, request, adopt !== undefined, (answer) => {
      if (answer.failed) throw new TortureFailure(`a ${write ? 'write' : 'read'} of sector ${sector} fails`);
      adopt?.(answer);
      this.lost += answer.lost.length;
      if (adopt === undefined && answer.wrong.length > 0) {
        throw new TortureFailure(`sector ${answer.wrong[0]} does not hold what was written`);
      }
      this.inFlight--;
      this.ended.wake();
    });
  }
}
