/** A small world for tests of the driver: a board, a kernel, one probed channel, and a byte model beside it. */
import { DmaDirection } from '../../../emulator/kernel/dma-mapping';
import { Kernel } from '../../../emulator/kernel/kernel';
import type { Page } from '../../../emulator/kernel/pages';
import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import type { EngineRecord, PlatformRecord } from '../../../emulator/platforms/platform';
import type { TraceWriter } from '../../../emulator/trace/trace';
import { MILLISECOND } from '../../../emulator/sim/time';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { IopAdmaDevice, IopAdmaVariant } from '../../../dmaengine/iop-adma/device';
import { iopAdmaProbe } from '../../../dmaengine/iop-adma/probe';
import { allocChanResources } from '../../../dmaengine/iop-adma/resources';
import type { DmaAsyncTxDescriptor } from '../../../dmaengine/descriptor';
import type { Prepared } from '../../../dmaengine/device';
import { DmaCtrl } from '../../../dmaengine/flags';

export const ACK = DmaCtrl.CTRL_ACK;
export const INT = DmaCtrl.PREP_INTERRUPT;

export class World {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly engine: EngineRecord;

  /** @param overrides of the first engine's record */
  constructor(
    overrides: Partial<EngineRecord> = {},
    readonly platform: PlatformRecord = PLATFORMS.iop342,
    trace?: TraceWriter,
  ) {
    this.machine = new Machine(platform, { dramBytes: 1024 * 1024, ...(trace === undefined ? {} : { trace }) });
    this.kernel = new Kernel(this.machine);
    this.engine = { ...platform.engines[0], ...overrides };
  }

  /** Runs a generator as a thread until it returns, and hands its value out. */
  thread<T>(body: Generator<void, T, void>): T {
    let done = false;
    let value!: T;
    this.kernel.scheduler.spawn(
      'test',
      (function* () {
        value = yield* body;
        done = true;
      })(),
    );
    this.kernel.scheduler.run(() => done);
    return value;
  }

  /** Runs a plain function in thread context. */
  call<T>(body: () => T): T {
    return this.thread(
      (function* () {
        return body();
      })(),
    );
  }

  /** @param index which of the board's engines; the overrides hold for the first */
  probe(variant: IopAdmaVariant = {}, index = 0): IopAdmaDevice | undefined {
    const engine = index === 0 ? this.engine : this.platform.engines[index];
    return this.thread(iopAdmaProbe(this.kernel, engine, `iop-adma.${index}`, variant));
  }

  /** A probed channel with its resources, idle, the null operation executed and noticed. */
  channel(variant: IopAdmaVariant = {}, index = 0): IopAdmaChan {
    const { channel } = this.probe(variant, index)!;
    this.call(() => allocChanResources(channel));
    this.settle();
    this.call(() => channel.device.deviceTxStatus!(channel, channel.cookie));
    return channel;
  }

  /** Lets everything under way come to its end. */
  settle(): void {
    this.thread(this.kernel.scheduler.sleep(MILLISECOND));
  }

  bytes(page: Page, length = 4096): Uint8Array {
    const { dram } = this.machine;
    const start = page.address - dram.base;
    return dram.bytes.subarray(start, start + length);
  }

  page(byteAt: (index: number) => number = () => 0): Page {
    const page = this.kernel.pages.alloc();
    this.bytes(page).forEach((_, i, bytes) => (bytes[i] = byteAt(i)));
    return page;
  }

  /** What strict mode would have ended the run for. */
  rules(): readonly string[] {
    return this.machine.findings.all().map(({ rule, text }) => `${rule}: ${text}`);
  }
}

/** The channels of both families by what they are: a platform, and which of its engines. */
export const CHANNELS: readonly (readonly [string, PlatformRecord, number])[] = [
  ['ADMA of iop342', PLATFORMS.iop342, 0],
  ['DMA of iop321', PLATFORMS.iop321, 0],
  ['AAU of iop321', PLATFORMS.iop321, 2],
  ['DMA of iop331', PLATFORMS.iop331, 1],
  ['AAU of iop331', PLATFORMS.iop331, 2],
];

/** One source into one destination: a copy, or an xor of a single source where the channel cannot copy. */
export function prepMove(chan: IopAdmaChan, dest: number, src: number, len: number, flags: number): Prepared {
  const { devicePrepDmaMemcpy, devicePrepDmaXor } = chan.device;
  return devicePrepDmaMemcpy === undefined
    ? devicePrepDmaXor!(chan, dest, [src], 1, len, flags)
    : devicePrepDmaMemcpy(chan, dest, src, len, flags);
}

export function submit(prepared: Prepared | undefined): number {
  const tx = granted(prepared);
  return tx.txSubmit(tx);
}

export function granted(prepared: Prepared | undefined): DmaAsyncTxDescriptor {
  if (prepared === null || prepared === undefined) throw new Error('no descriptor was granted');
  return prepared;
}

export { DmaDirection };
