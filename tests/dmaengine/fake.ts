/** Hand-made devices: channels that execute nothing, and do what a test says. */
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaCookie, DmaStatus } from '../../dmaengine/cookie';
import { dmaCookieAssign, dmaCookieInit, dmaCookieStatus } from '../../dmaengine/cookie';
import { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import type { DmaChan, DmaDevice } from '../../dmaengine/device';
import { DmaEngine } from '../../dmaengine/engine';
import { Kernel } from '../../emulator/kernel/kernel';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';

/** A kernel on a board without engines. */
export function bareKernel(): Kernel {
  return new Kernel(new Machine(PLATFORMS.none, { dramBytes: 256 * 1024 }));
}

/** A kernel and its empty dmaengine. @param cpuNodes the node of every processor */
export function bareEngine(cpuNodes: readonly number[] = [0]): { kernel: Kernel; dma: DmaEngine } {
  const kernel = bareKernel();
  return { kernel, dma: new DmaEngine(kernel, cpuNodes) };
}

export class FakeChan implements DmaChan {
  chanId = -1;
  name = 'fake';
  cookie: DmaCookie = 0;
  completedCookie: DmaCookie = 0;
  clientCount = 0;
  tableCount = 0;
  /** How often the channel got its resources, lost them, and was flushed. */
  allocated = 0;
  freed = 0;
  issued = 0;
  readonly submitted: DmaAsyncTxDescriptor[] = [];

  declare readonly device: DmaDevice;

  constructor(device: DmaDevice) {
    // Not enumerable: a failing test prints a channel, and sends it from worker to parent as JSON.
    Object.defineProperty(this, 'device', { value: device, enumerable: false });
    dmaCookieInit(this);
  }

  /** A descriptor of this channel, prepared and not submitted. */
  prepare(kernel: Kernel): DmaAsyncTxDescriptor {
    return new DmaAsyncTxDescriptor(this, kernel.spinLock('fake.tx'), (tx) => {
      this.submitted.push(tx);
      return dmaCookieAssign(tx);
    });
  }
}

export interface FakeDevice extends DmaDevice {
  readonly channels: FakeChan[];
}

/** What a test changes of a device; undefined takes a routine away. */
export type Overrides = { [K in keyof DmaDevice]?: DmaDevice[K] | undefined };

const none = (): null => null;

/** Every routine a device may have to have; none of the prep routines grants anything. */
const ROUTINES = {
  devicePrepDmaMemcpy: none,
  devicePrepDmaXor: none,
  devicePrepDmaXorVal: none,
  devicePrepDmaPq: none,
  devicePrepDmaPqVal: none,
  devicePrepDmaMemset: none,
  devicePrepDmaInterrupt: none,
  deviceTxStatus: (chan: DmaChan, cookie: DmaCookie): DmaStatus => dmaCookieStatus(chan, cookie),
  deviceIssuePending: (chan: DmaChan): void => {
    (chan as FakeChan).issued++;
  },
  deviceDependencyAdded: (): void => undefined,
  deviceAllocChanResources: (chan: DmaChan): number => {
    (chan as FakeChan).allocated++;
    return 1;
  },
  deviceFreeChanResources: (chan: DmaChan): void => {
    (chan as FakeChan).freed++;
  },
} satisfies Partial<DmaDevice>;

/** A device with `channels` channels that can what `capabilities` say. @param overrides its own routines */
export function fakeDevice(
  channels = 1,
  capabilities: readonly DmaCapability[] = [DmaCapability.MEMCPY],
  overrides: Overrides = {},
): FakeDevice {
  const list: FakeChan[] = [];
  const device = {
    parent: 'fake.0',
    capMask: new Set(capabilities),
    devId: -1,
    privatecnt: 0,
    maxXor: 16,
    maxPq: 16,
    copyAlign: 0,
    xorAlign: 0,
    pqAlign: 0,
    fillAlign: 0,
    ...ROUTINES,
    ...overrides,
    channels: list,
  } as FakeDevice;
  for (let i = 0; i < channels; i++) list.push(new FakeChan(device));
  return device;
}
