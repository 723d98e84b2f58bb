/** What all threads of tests have in common: buffers, waiting, counting, and the kernel's summary line. */
import type { Kernel } from '../../emulator/kernel/kernel';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
import type { SeededRandom } from '../../emulator/sim/random';
import { MILLISECOND, seconds } from '../../emulator/sim/time';
import type { DmaEngine } from '../engine';
import type { DmaTestParameters } from './parameters';

/** How a thread ended. */
export interface DmaTestSummary {
  /** `dma0chan0-copy0` */
  readonly name: string;
  readonly tests: number;
  readonly failures: number;
  readonly bytes: number;
  /** simulated seconds without filling and comparing */
  readonly seconds: number;
  /** The mismatches of each failed test and one line with its class. */
  readonly messages: readonly string[];
}

/** The kernel's summary line. */
export function summaryLine({ name, tests, failures, bytes, seconds: time }: DmaTestSummary): string {
  const rate = time === 0 ? 0 : tests / time;
  const throughput = time === 0 ? 0 : Math.floor(bytes / 1024 / time);
  return `${name}: summary ${tests} tests, ${failures} failures ${rate.toFixed(2)} iops ${throughput} KB/s (0)`;
}

/** A buffer of several pages side by side. */
export interface TestBuffer {
  readonly pages: readonly Page[];
  readonly bytes: Uint8Array;
}

/** Wrong bytes: the first in full, the others counted. */
export interface WrongBytes {
  readonly mismatches: readonly { readonly text: string }[];
  readonly suppressed: number;
}

export abstract class TestThread {
  protected readonly kernel: Kernel;
  private readonly queue: WaitQueue;
  private readonly buffers: TestBuffer[] = [];
  private readonly messages: string[] = [];
  private failures = 0;
  /** Tests that are over. */
  tested = 0;
  protected bytes = 0;
  private busy = 0;

  constructor(
    protected readonly dma: DmaEngine,
    protected readonly parameters: DmaTestParameters,
    protected readonly random: SeededRandom,
    readonly name: string,
  ) {
    this.kernel = dma.kernel;
    this.queue = this.kernel.waitQueue();
  }

  /** Runs all iterations, gives the buffers back, returns the summary. */
  *run(): Generator<void, DmaTestSummary, void> {
    const { iterations } = this.parameters;
    for (let test = 1; test <= iterations; test++) {
      yield* this.test(test);
      this.tested = test;
    }
    for (const { pages } of this.buffers) for (const page of pages) this.kernel.pages.free(page);
    return {
      name: this.name,
      tests: iterations,
      failures: this.failures,
      bytes: this.bytes,
      seconds: seconds(this.busy),
      messages: this.messages,
    };
  }

  /** One test. @param number counted from 1 */
  protected abstract test(number: number): ThreadBody;

  /** Counts the simulated time of a piece of work, and the bytes it is known to move. */
  protected *timed<T>(bytes: number, work: Generator<void, T, void>): Generator<void, T, void> {
    const started = this.kernel.now;
    const result = yield* work;
    this.busy += this.kernel.now - started;
    this.bytes += bytes;
    return result;
  }

  /** Sleeps until a condition holds that `wake` announces; false when the timeout was over first. */
  protected *until(condition: () => boolean): Generator<void, boolean, void> {
    const { timeout } = this.parameters;
    if (timeout >= 0) return yield* this.queue.waitUntil(condition, this.kernel.now + timeout * MILLISECOND);
    yield* this.queue.wait(condition);
    return true;
  }

  /** For callbacks: something has changed. */
  protected readonly wake = (): void => this.queue.wake();

  /** Counts a failed test and says why. @param problem its class */
  protected fail(number: number, problem: string, where: string): void {
    this.failures++;
    this.messages.push(`${this.name}: result #${number}: '${problem}' ${where}`);
  }

  /** Fails the test if bytes are wrong. */
  protected judge(number: number, { mismatches, suppressed }: WrongBytes, where: string): void {
    if (mismatches.length === 0) return;
    this.messages.push(...mismatches.map(({ text }) => `${this.name}: ${text}`));
    if (suppressed > 0) this.messages.push(`${this.name}: ${suppressed} errors suppressed`);
    this.fail(number, 'data error', `${where} (${mismatches.length + suppressed})`);
  }

  /** A buffer that lives as long as the thread. */
  protected buffer(bytes = this.parameters.bufSize): TestBuffer {
    const pages = this.kernel.pages.allocContiguous(Math.ceil(bytes / PAGE_SIZE));
    const { dram } = this.kernel.machine;
    const start = pages[0].address - dram.base;
    const buffer = { pages, bytes: dram.bytes.subarray(start, start + bytes) };
    this.buffers.push(buffer);
    return buffer;
  }
}
