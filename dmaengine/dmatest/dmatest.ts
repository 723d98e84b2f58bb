/**
 * `dmatest`: random transfers on a channel, checked byte by byte inside and outside the region they name. Its
 * parameters, pattern, verdict classes and summary line are the kernel's (reference/oracle 1.1).
 */
import type { Kernel } from '../../emulator/kernel/kernel';
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
import type { SeededRandom } from '../../emulator/sim/random';
import { MILLISECOND, seconds } from '../../emulator/sim/time';
import { DmaCapability } from '../capability';
import type { DmaAsyncTxDescriptor } from '../descriptor';
import type { DmaChan, Prepared } from '../device';
import type { DmaEngine } from '../engine';
import { DmaCtrl } from '../flags';
import type { Region } from './pattern';
import { fillDestination, fillSource, MEMSET_VALUE, Verifier } from './pattern';

/** What a thread tests. */
export type DmaTestKind = 'copy' | 'set' | 'xor';

/** The kernel's module parameters, as far as a thread looks at them; sizes in bytes. */
export interface DmaTestParameters {
  /** test_buf_size */
  readonly bufSize: number;
  readonly iterations: number;
  /** made odd, so that equal sources give the source back */
  readonly xorSources: number;
  /** milliseconds until a test counts as timed out */
  readonly timeout: number;
  readonly noverify: boolean;
  /** offsets 0 and the whole buffer */
  readonly norandom: boolean;
  /** log2 of the alignment, -1 for the device's */
  readonly alignment: number;
  /** 0: random */
  readonly transferSize: number;
  /** wait by polling, without an interrupt */
  readonly polled: boolean;
}

/** The kernel's defaults; endless iterations become a hundred. */
export const DMATEST_DEFAULTS: DmaTestParameters = {
  bufSize: 16384,
  iterations: 100,
  xorSources: 3,
  timeout: 3000,
  noverify: false,
  norandom: false,
  alignment: -1,
  transferSize: 0,
  polled: false,
};

/** How a thread ended. */
export interface DmaTestSummary {
  /** `dma0chan0-copy0` */
  readonly name: string;
  readonly tests: number;
  readonly failures: number;
  readonly bytes: number;
  /** simulated seconds without filling and comparing */
  readonly seconds: number;
  /** One line for each failed test, then the mismatches. */
  readonly messages: readonly string[];
}

/** The kernel's summary line. */
export function summaryLine({ name, tests, failures, bytes, seconds: time }: DmaTestSummary): string {
  const rate = time === 0 ? 0 : tests / time;
  const throughput = time === 0 ? 0 : Math.floor(bytes / 1024 / time);
  return `${name}: summary ${tests} tests, ${failures} failures ${rate.toFixed(2)} iops ${throughput} KB/s (0)`;
}

/** What each kind needs of a device, and how it asks. */
const KINDS: Readonly<
  Record<
    DmaTestKind,
    {
      readonly capability: DmaCapability;
      readonly align: (chan: DmaChan) => number;
      readonly prep: (chan: DmaChan, dest: number, srcs: readonly number[], len: number, flags: number) => Prepared;
    }
  >
> = {
  copy: {
    capability: DmaCapability.MEMCPY,
    align: (chan) => chan.device.copyAlign,
    prep: (chan, dest, [src], len, flags) => chan.device.devicePrepDmaMemcpy?.(chan, dest, src, len, flags) ?? null,
  },
  set: {
    capability: DmaCapability.MEMSET,
    align: (chan) => chan.device.fillAlign,
    prep: (chan, dest, _srcs, len, flags) =>
      chan.device.devicePrepDmaMemset?.(chan, dest, MEMSET_VALUE, len, flags) ?? null,
  },
  xor: {
    capability: DmaCapability.XOR,
    align: (chan) => chan.device.xorAlign,
    prep: (chan, dest, srcs, len, flags) =>
      chan.device.devicePrepDmaXor?.(chan, dest, srcs, srcs.length, len, flags) ?? null,
  },
};

/** Which kinds a channel can be tested with. */
export function kindsOf(chan: DmaChan): DmaTestKind[] {
  return (Object.keys(KINDS) as DmaTestKind[]).filter((kind) => chan.device.capMask.has(KINDS[kind].capability));
}

/** A buffer of several pages side by side. */
interface TestBuffer {
  readonly pages: readonly Page[];
  readonly bytes: Uint8Array;
}

/** `dmatest_func`: one thread of tests on one channel. */
export class DmaTestThread {
  private readonly kernel: Kernel;
  private readonly sources: TestBuffer[];
  private readonly destination: TestBuffer;
  private readonly done: WaitQueue;
  private readonly messages: string[] = [];
  private failures = 0;
  private bytes = 0;
  private busy = 0;
  private completed = false;

  constructor(
    private readonly dma: DmaEngine,
    private readonly chan: DmaChan,
    private readonly kind: DmaTestKind,
    private readonly parameters: DmaTestParameters,
    private readonly random: SeededRandom,
    readonly name: string,
  ) {
    this.kernel = dma.kernel;
    this.done = this.kernel.waitQueue();
    const count = kind === 'xor' ? Math.min(parameters.xorSources | 1, (chan.device.maxXor - 1) | 1) : 1;
    this.sources = Array.from({ length: count }, () => this.buffer());
    this.destination = this.buffer();
  }

  /** Runs all iterations, gives the buffers back, returns the summary. */
  *run(): Generator<void, DmaTestSummary, void> {
    const { iterations } = this.parameters;
    for (let test = 1; test <= iterations; test++) yield* this.test(test);
    for (const { pages } of [...this.sources, this.destination]) for (const page of pages) this.kernel.pages.free(page);
    return {
      name: this.name,
      tests: iterations,
      failures: this.failures,
      bytes: this.bytes,
      seconds: seconds(this.busy),
      messages: this.messages,
    };
  }

  private *test(number: number): ThreadBody {
    const memset = this.kind === 'set';
    const length = this.length();
    const source = { start: this.offset(length), length };
    const destination = { start: this.offset(length), length };
    for (const { bytes } of this.sources) fillSource(bytes, source, memset);
    fillDestination(this.destination.bytes, destination, memset);
    const started = this.kernel.now;
    const problem = yield* this.transfer(source, destination);
    this.busy += this.kernel.now - started;
    this.bytes += length;
    const where = `with src_off=0x${source.start.toString(16)} dst_off=0x${destination.start.toString(16)} len=0x${length.toString(16)}`;
    if (problem !== undefined) this.fail(number, problem, where);
    else if (!this.parameters.noverify) this.verify(number, source, destination, where);
  }

  /** Maps, prepares, submits and waits; returns what went wrong, in the kernel's words. */
  private *transfer(source: Region, destination: Region): Generator<void, string | undefined, void> {
    const { dma, chan, kernel, parameters } = this;
    const unmap = dma.unmapPools.take(this.sources.length + 1);
    unmap.len = source.length;
    unmap.toCnt = this.sources.length;
    unmap.bidiCnt = 1;
    const map = ({ pages }: TestBuffer, { start }: Region, direction: DmaDirection): number =>
      kernel.dma.map(pages[Math.floor(start / PAGE_SIZE)], start % PAGE_SIZE, source.length, direction);
    for (const buffer of this.sources) unmap.addr.push(map(buffer, source, DmaDirection.toDevice));
    const dest = map(this.destination, destination, DmaDirection.bidirectional);
    unmap.addr.push(dest);
    const flags = DmaCtrl.CTRL_ACK | (parameters.polled ? 0 : DmaCtrl.PREP_INTERRUPT);
    const sources = unmap.addr.slice(0, unmap.toCnt);
    const tx = KINDS[this.kind].prep(chan, dest, sources, source.length, flags);
    if (tx === null) {
      unmap.put();
      return 'prep error';
    }
    const problem = parameters.polled ? this.poll(tx) : yield* this.wait(tx);
    unmap.put();
    return problem;
  }

  private poll(tx: DmaAsyncTxDescriptor): string | undefined {
    const cookie = tx.txSubmit(tx);
    if (cookie < 0) return 'submit error';
    const status = this.dma.syncWait(this.chan, cookie);
    return status === 'complete' ? undefined : `completion ${status} status`;
  }

  private *wait(tx: DmaAsyncTxDescriptor): Generator<void, string | undefined, void> {
    const { chan, kernel, parameters } = this;
    this.completed = false;
    tx.callback = () => {
      this.completed = true;
      this.done.wake();
    };
    const cookie = tx.txSubmit(tx);
    if (cookie < 0) return 'submit error';
    chan.device.deviceIssuePending?.(chan);
    const deadline = kernel.now + parameters.timeout * MILLISECOND;
    const finished = yield* this.done.waitUntil(() => this.completed, deadline);
    if (!finished) return 'test timed out';
    const status = chan.device.deviceTxStatus?.(chan, cookie) ?? 'error';
    return status === 'complete' ? undefined : `completion ${status} status`;
  }

  private verify(number: number, source: Region, destination: Region, where: string): void {
    const verifier = new Verifier(this.kind === 'set');
    for (const { bytes } of this.sources) verifier.source(bytes, source);
    verifier.destination(this.destination.bytes, destination, source.start);
    const { mismatches, suppressed } = verifier.verdict;
    if (mismatches.length === 0) return;
    this.messages.push(...mismatches.map(({ text }) => `${this.name}: ${text}`));
    if (suppressed > 0) this.messages.push(`${this.name}: ${suppressed} errors suppressed`);
    this.fail(number, 'data error', `${where} (${mismatches.length + suppressed})`);
  }

  private fail(number: number, problem: string, where: string): void {
    this.failures++;
    this.messages.push(`${this.name}: result #${number}: '${problem}' ${where}`);
  }

  private length(): number {
    const { bufSize, transferSize, norandom } = this.parameters;
    const wanted = transferSize > 0 ? transferSize : norandom ? bufSize : 1 + this.random.below(bufSize);
    return Math.max(this.aligned(wanted), this.unit);
  }

  private offset(length: number): number {
    const { bufSize, norandom } = this.parameters;
    return norandom ? 0 : this.aligned(this.random.below(bufSize - length + 1));
  }

  private get unit(): number {
    const { alignment } = this.parameters;
    return 1 << (alignment < 0 ? KINDS[this.kind].align(this.chan) : alignment);
  }

  private aligned(value: number): number {
    return value - (value % this.unit);
  }

  private buffer(): TestBuffer {
    const pages = this.kernel.pages.allocContiguous(Math.ceil(this.parameters.bufSize / PAGE_SIZE));
    const { dram } = this.kernel.machine;
    const start = pages[0].address - dram.base;
    return { pages, bytes: dram.bytes.subarray(start, start + this.parameters.bufSize) };
  }
}
