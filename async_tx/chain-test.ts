/**
 * Dependency chains across channels, which dmatest leaves out: every step reads what the step before it wrote, and
 * runs on a channel drawn at random, so a step that starts too early or twice leaves wrong bytes (AX-40, AX-41).
 */
import { asyncTxAck } from '../dmaengine/descriptor';
import type { DmaTestParameters } from '../dmaengine/dmatest/parameters';
import { Comparison, fillRandom, gfPowerOfTwo, plainWeighted, plainXor } from '../dmaengine/dmatest/plain';
import { TestThread } from '../dmaengine/dmatest/thread';
import type { TestBuffer } from '../dmaengine/dmatest/thread';
import type { DmaEngine } from '../dmaengine/engine';
import type { Page } from '../emulator/kernel/pages';
import { PAGE_SIZE } from '../emulator/kernel/pages';
import type { ThreadBody } from '../emulator/kernel/scheduler';
import type { SeededRandom } from '../emulator/sim/random';
import type { AsyncTxResult } from './async-tx';
import { asyncMemcpy } from './memcpy';
import { asyncMemset } from './memset';
import { capableChannels, PlacedAsyncTx } from './placed-async-tx';
import { asyncGenSyndrome } from './pq';
import { spansOf } from './spans';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags, initAsyncSubmit } from './submit';
import { asyncXor } from './xor';

/** Pages that steps read and write. */
const PAGES = 8;
/** Steps of the longest chain. */
const MOST_STEPS = 12;

/** One step: what it does to the model, and how it is submitted. */
interface Step {
  /** The page that the next step reads. */
  readonly result: number;
  readonly submit: (submit: AsyncSubmit) => AsyncTxResult;
}

export class ChainTestThread extends TestThread {
  readonly api: PlacedAsyncTx;
  private readonly pages: readonly TestBuffer[];

  constructor(dma: DmaEngine, parameters: DmaTestParameters, random: SeededRandom, name: string) {
    super(dma, parameters, random, name);
    this.api = new PlacedAsyncTx(dma, (capability) => {
      const channels = capableChannels(dma, capability);
      return channels.length === 0 ? undefined : channels[random.below(channels.length)];
    });
    this.pages = Array.from({ length: PAGES }, () => this.buffer(PAGE_SIZE));
  }

  protected override *test(number: number): ThreadBody {
    const { random, pages } = this;
    const length = 1 + random.below(PAGE_SIZE);
    const steps = 2 + random.below(MOST_STEPS - 1);
    for (const { bytes } of pages) fillRandom(bytes, random);
    const model = pages.map(({ bytes }) => bytes.slice());
    const calls: number[] = [];
    const problem = yield* this.timed(steps * length, this.chain(steps, length, model, calls));
    const where = `with ${steps} steps, len=0x${length.toString(16)}`;
    if (problem !== undefined) this.fail(number, problem, where);
    const disorder = misordered(calls, steps);
    if (disorder !== undefined) this.fail(number, disorder, `${where}: ${calls.join(' ')}`);
    if (this.parameters.noverify) return;
    const comparison = new Comparison();
    pages.forEach(({ bytes }, i) => comparison.same(bytes, model[i], (_, place) => `page${i}${place} wrong`));
    this.judge(number, comparison, where);
  }

  /** Submits the chain at one go and waits for its last step. */
  private *chain(
    steps: number,
    length: number,
    model: readonly Uint8Array[],
    calls: number[],
  ): Generator<void, string | undefined, void> {
    const { api } = this;
    let before = this.random.below(PAGES);
    let tx: AsyncTxResult = null;
    for (let i = 0; i < steps; i++) {
      const step = this.draw(before, length, model);
      const flags = i === steps - 1 ? 0 : AsyncTxFlags.FENCE;
      tx = step.submit(
        initAsyncSubmit(flags, tx, () => {
          calls.push(i);
          this.wake();
        }),
      );
      before = step.result;
    }
    api.issuePendingAll();
    const finished = this.parameters.polled
      ? this.dma.waitForAsyncTx(tx) === 'complete'
      : yield* this.until(() => calls.includes(steps - 1));
    if (tx !== null) asyncTxAck(tx);
    return finished ? undefined : 'test timed out';
  }

  /** A step that reads page `before`, applied to the model at once. */
  private draw(before: number, length: number, model: readonly Uint8Array[]): Step {
    const { api, pages } = this;
    const page = (i: number): Page => pages[i].pages[0];
    const part = (i: number): Uint8Array => model[i].subarray(0, length);
    // The page read, then others in random order, each once.
    const order = [before, ...this.shuffled([...pages.keys()].filter((i) => i !== before))];
    switch (this.random.below(4)) {
      case 0: {
        const dest = order[1];
        model[dest].set(part(before));
        return { result: dest, submit: (submit) => asyncMemcpy(api, page(dest), page(before), 0, 0, length, submit) };
      }
      case 1: {
        const count = 2 + this.random.below(PAGES - 2);
        const dest = order[PAGES - 1];
        const sources = order.slice(0, count);
        model[dest].set(plainXor(sources.map(part), length));
        return {
          result: dest,
          submit: (submit) => {
            submit.flags |= AsyncTxFlags.XOR_ZERO_DST;
            return asyncXor(api, page(dest), sources.map(page), 0, length, submit);
          },
        };
      }
      case 2: {
        // The fill goes where the step before read from, and must not come before that: then the page is read again.
        const value = this.random.below(256);
        model[before].fill(value, 0, length);
        return { result: before, submit: (submit) => asyncMemset(api, page(before), value, 0, length, submit) };
      }
      default: {
        const data = order.slice(0, 2 + this.random.below(PAGES - 3));
        const [p, q] = order.slice(PAGES - 2);
        const parts = data.map(part);
        const coefficients = data.map((_, slot) => gfPowerOfTwo(slot));
        const sums = [plainXor(parts, length), plainWeighted(parts, coefficients, length)];
        [p, q].forEach((dest, i) => model[dest].set(sums[i]));
        return {
          result: q,
          submit: (submit) => asyncGenSyndrome(api, spansOf([...data, p, q].map(page), 0), length, submit),
        };
      }
    }
  }

  private shuffled(list: readonly number[]): number[] {
    const result = [...list];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.random.below(i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }
}

/** The class of callbacks that did not run once each, in order; undefined when they did. */
function misordered(calls: readonly number[], steps: number): string | undefined {
  const distinct = new Set(calls).size;
  if (distinct < steps) return 'callback lost';
  if (calls.length > distinct) return 'callback repeated';
  return calls.every((step, i) => step === i) ? undefined : 'callbacks out of order';
}
