/** A thread of tests on one channel: lengths and offsets, mappings, and one descriptor from prep to completion. */
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { SeededRandom } from '../../emulator/sim/random';
import { MILLISECOND } from '../../emulator/sim/time';
import type { DmaCookie } from '../cookie';
import type { DmaChan, Prepared } from '../device';
import type { DmaEngine } from '../engine';
import { DmaCtrl } from '../flags';
import type { DmaUnmapData } from '../unmap';
import type { DmaTestParameters } from './parameters';
import type { Region } from './pattern';
import type { TestBuffer } from './thread';
import { TestThread } from './thread';

/** How long a thread that got no descriptor, or could not submit it, keeps off (the kernel's msleep). */
const KEEP_OFF = 100 * MILLISECOND;

/** Where an operand starts in its buffer. */
export interface Placed {
  readonly buffer: TestBuffer;
  readonly start: number;
}

/** Operands that the device owns until `unmap` is put. */
export interface Mapped {
  readonly unmap: DmaUnmapData;
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
}

export abstract class ChannelTestThread extends TestThread {
  /** @param align log2 of the alignment that the device wants for this operation */
  constructor(
    dma: DmaEngine,
    protected readonly chan: DmaChan,
    parameters: DmaTestParameters,
    random: SeededRandom,
    name: string,
    private readonly align: number,
  ) {
    super(dma, parameters, random, name);
  }

  /** What the last descriptor of a test is prepared with. */
  protected get lastFlags(): number {
    return DmaCtrl.CTRL_ACK | (this.parameters.polled ? 0 : DmaCtrl.PREP_INTERRUPT);
  }

  protected drawLength(): number {
    const { bufSize, transferSize, norandom } = this.parameters;
    const wanted = transferSize > 0 ? transferSize : norandom ? bufSize : 1 + this.random.below(bufSize);
    return Math.max(this.aligned(wanted), this.unit);
  }

  protected drawOffset(length: number): number {
    const { bufSize, norandom } = this.parameters;
    return norandom ? 0 : this.aligned(this.random.below(bufSize - length + 1));
  }

  /** Maps sources to the device and destinations both ways, as the kernel's test does. */
  protected map(sources: readonly Placed[], destinations: readonly Placed[], length: number): Mapped {
    const unmap = this.dma.unmapPools.take(sources.length + destinations.length);
    unmap.len = length;
    unmap.toCnt = sources.length;
    unmap.bidiCnt = destinations.length;
    const map = ({ buffer, start }: Placed, direction: DmaDirection): number => {
      const page = buffer.pages[Math.floor(start / PAGE_SIZE)];
      return this.kernel.dma.map(page, start % PAGE_SIZE, length, direction);
    };
    unmap.addr.push(...sources.map((placed) => map(placed, DmaDirection.toDevice)));
    unmap.addr.push(...destinations.map((placed) => map(placed, DmaDirection.bidirectional)));
    return {
      unmap,
      sources: unmap.addr.slice(0, sources.length),
      destinations: unmap.addr.slice(sources.length),
    };
  }

  /** Submits what prep granted and waits for it; what went wrong, in the kernel's words. */
  protected *carryOut(tx: Prepared | undefined): Generator<void, string | undefined, void> {
    const { chan, parameters } = this;
    if (tx === null || tx === undefined) return yield* this.keepOff('prep error');
    let completed = false;
    if (!parameters.polled) {
      tx.callback = () => {
        completed = true;
        this.wake();
      };
    }
    const cookie = tx.txSubmit(tx);
    if (cookie < 0) return yield* this.keepOff('submit error');
    if (parameters.polled) return this.poll(cookie);
    chan.device.deviceIssuePending?.(chan);
    if (!(yield* this.until(() => completed))) return 'test timed out';
    const status = chan.device.deviceTxStatus?.(chan, cookie) ?? 'error';
    if (status === 'complete') return undefined;
    return status === 'error' ? 'completion error status' : 'completion busy status';
  }

  /** Waits for a cookie by polling. */
  protected poll(cookie: DmaCookie): string | undefined {
    return this.dma.syncWait(this.chan, cookie) === 'complete' ? undefined : 'test timed out';
  }

  private *keepOff(problem: string): Generator<void, string, void> {
    yield* this.kernel.scheduler.sleep(KEEP_OFF);
    return problem;
  }

  private get unit(): number {
    const { alignment } = this.parameters;
    return 1 << (alignment < 0 ? this.align : alignment);
  }

  private aligned(value: number): number {
    return value - (value % this.unit);
  }
}

/** The offsets and the length of a test, as the kernel prints them. */
export function whereOf(source: Region, destination: Region): string {
  const [from, to, length] = [source.start, destination.start, source.length].map((value) => value.toString(16));
  return `with src_off=0x${from} dst_off=0x${to} len=0x${length}`;
}
