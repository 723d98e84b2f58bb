/**
 * Many small moves on one channel at a time, each with a callback: what tests of the descriptor pool are made of.
 * A move is a copy, or an XOR of a single source where the channel cannot copy.
 */
import type { SeededRandom } from '../../emulator/sim/random';
import { MICROSECOND, MILLISECOND } from '../../emulator/sim/time';
import { DmaCapability } from '../capability';
import type { DmaAsyncTxDescriptor } from '../descriptor';
import type { DmaChan, Prepared } from '../device';
import type { DmaEngine } from '../engine';
import { DmaCtrl } from '../flags';
import type { Mapped } from './channel-thread';
import { ChannelTestThread } from './channel-thread';
import type { DmaTestParameters } from './parameters';
import { Comparison, fillRandom } from './plain';
import type { TestBuffer } from './thread';

/** Bytes of a move: a cache line of the core. */
const CHUNK = 32;
/** How long a thread that found the pool empty leaves it alone at first; then twice as long every time. */
const RETRY = 10 * MICROSECOND;
/** The longest wait for a descriptor when tests have no timeout, in milliseconds. */
const PATIENCE = 3000;

/** Whether a channel can move at all. */
export function canMove({ device }: DmaChan): boolean {
  return device.capMask.has(DmaCapability.MEMCPY) || device.capMask.has(DmaCapability.XOR);
}

export abstract class MoveThread extends ChannelTestThread {
  /** Descriptors of the channel. */
  protected readonly slots: number;
  private readonly source: TestBuffer;
  private readonly destination: TestBuffer;
  private readonly chunks: number;
  private mapped: Mapped | undefined;
  private expected = new Uint8Array(0);
  /** How often the callback of each move ran, and which ran last. */
  private calls: number[] = [];
  private newest = -1;
  private disorder = false;
  private submitted = 0;

  constructor(dma: DmaEngine, chan: DmaChan, parameters: DmaTestParameters, random: SeededRandom, name: string) {
    super(dma, chan, parameters, random, name, 0);
    this.slots = chan.device.deviceAllocChanResources?.(chan) ?? 0;
    const bytes = Math.max(parameters.bufSize, CHUNK);
    this.source = this.buffer(bytes);
    this.destination = this.buffer(bytes);
    this.chunks = Math.floor(bytes / CHUNK);
  }

  /** New data, nothing moved yet; both buffers belong to the device from here on. */
  protected begin(): void {
    const { source, destination } = this;
    for (const { bytes } of [source, destination]) fillRandom(bytes, this.random);
    this.expected = destination.bytes.slice();
    this.calls = [];
    this.newest = -1;
    this.disorder = false;
    this.submitted = 0;
    this.mapped = this.map([{ buffer: source, start: 0 }], [{ buffer: destination, start: 0 }], source.bytes.length);
  }

  /** Asks for the descriptor of one more move, between chunks drawn at random. @param ack 0 or CTRL_ACK */
  protected prepMove(ack: number): Prepared {
    const { chan, mapped } = this;
    const { device } = chan;
    const [from, to] = [this.random.below(this.chunks) * CHUNK, this.random.below(this.chunks) * CHUNK];
    const dest = mapped!.destinations[0] + to;
    const src = mapped!.sources[0] + from;
    const flags = ack | (this.parameters.polled ? 0 : DmaCtrl.PREP_INTERRUPT);
    const tx =
      device.devicePrepDmaMemcpy?.(chan, dest, src, CHUNK, flags) ??
      device.devicePrepDmaXor?.(chan, dest, [src], 1, CHUNK, flags) ??
      null;
    if (tx !== null) {
      const index = this.calls.push(0) - 1;
      this.expected.set(this.source.bytes.subarray(from, from + CHUNK), to);
      tx.callback = () => this.called(index);
    }
    return tx;
  }

  /** The same until a descriptor is granted; undefined when `patience` milliseconds are over before. */
  protected *grantedMove(
    ack: number,
    patience = this.patience,
  ): Generator<void, DmaAsyncTxDescriptor | undefined, void> {
    const { chan, kernel } = this;
    const deadline = kernel.now + patience * MILLISECOND;
    for (let pause = RETRY; ; pause *= 2) {
      const tx = this.prepMove(ack);
      if (tx !== null) return tx;
      if (kernel.now >= deadline) return undefined;
      chan.device.deviceIssuePending?.(chan);
      yield* kernel.scheduler.sleep(pause);
    }
  }

  protected submitMove(tx: DmaAsyncTxDescriptor): void {
    tx.txSubmit(tx);
    this.submitted++;
    this.bytes += CHUNK;
  }

  /** Issues everything and waits for all callbacks; false when some did not come in time. */
  protected *finishMoves(): Generator<void, boolean, void> {
    const { chan, parameters } = this;
    chan.device.deviceIssuePending?.(chan);
    if (parameters.polled) return this.poll(chan.cookie) === undefined;
    return yield* this.until(() => this.calls.filter((count) => count > 0).length >= this.submitted);
  }

  /** Takes the buffers back and says what is wrong with callbacks, then with data. */
  protected endMoves(number: number, finished: boolean): void {
    this.mapped!.unmap.put();
    const lost = this.calls.slice(0, this.submitted).filter((count) => count === 0).length;
    const repeated = this.calls.filter((count) => count > 1).length;
    const where = `with ${this.submitted} moves`;
    if (!finished) this.fail(number, 'test timed out', where);
    if (lost > 0) this.fail(number, 'callback lost', `${where} (${lost})`);
    if (repeated > 0) this.fail(number, 'callback repeated', `${where} (${repeated})`);
    if (this.disorder) this.fail(number, 'callbacks out of order', where);
    if (this.parameters.noverify) return;
    const comparison = new Comparison();
    comparison.same(this.destination.bytes, this.expected, (_, place) => `dstbuf${place} wrong`);
    this.judge(number, comparison, where);
  }

  private get patience(): number {
    const { timeout } = this.parameters;
    return timeout < 0 ? PATIENCE : timeout;
  }

  private called(index: number): void {
    this.calls[index]++;
    if (index < this.newest) this.disorder = true;
    this.newest = index;
    this.wake();
  }
}
