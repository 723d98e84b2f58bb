import { invariant } from '../../emulator/findings';
import type { Kernel } from '../../emulator/kernel/kernel';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { EngineCapability, EngineRecord } from '../../emulator/platforms/platform';
import { DmaCapability } from '../capability';
import { dmaCookieStatus } from '../cookie';
import type { DmaCookie, DmaStatus, DmaTxState } from '../cookie';
import type { DmaDevice } from '../device';
import { dmaSetMaxPq } from '../pq';
import { IopAdmaChan } from './channel';
import type { IopAdmaHardware } from './hardware';
import { IOP13XX } from './hw13xx';
import { IOP3XX_AAU } from './hw3xx-aau';
import { IOP3XX_DMA } from './hw3xx-dma';
import { prepInterrupt, prepMemcpy, prepMemset, prepXor, prepXorVal } from './prep';
import { prepPq, prepPqVal } from './prep-pq';
import { allocChanResources, freeChanResources } from './resources';
import type { IopAdmaSteps } from './steps';
import { IOP_ADMA_STEPS } from './steps';

/** `struct iop_adma_device`: one platform device with its one channel. */
export interface IopAdmaDevice extends DmaDevice {
  readonly channel: IopAdmaChan;
  /** Where the slots are: pages side by side (IA-02). */
  readonly pool: readonly Page[];
  /** Called when the guest hangs. */
  readonly unissued: () => void;
}

/** A variant of the driver: other steps, or another picture of the hardware. */
export interface IopAdmaVariant {
  readonly steps?: IopAdmaSteps;
  readonly hardware?: IopAdmaHardware;
  /** False: a device comes up without being tested first. */
  readonly selfTest?: boolean;
}

/** What one capability of the platform's record makes of the device. */
interface Operation {
  readonly platform: EngineCapability;
  readonly capability: DmaCapability;
  /** Its name in the probe's summary. */
  readonly says: string;
  readonly prep: Partial<DmaDevice>;
}

/** Every operation the driver has, in the order of the probe's summary. A new one is a row here. */
export const OPERATIONS: readonly Operation[] = [
  { platform: 'pq', capability: DmaCapability.PQ, says: 'pq', prep: { devicePrepDmaPq: prepPq } },
  { platform: 'pq_val', capability: DmaCapability.PQ_VAL, says: 'pq_val', prep: { devicePrepDmaPqVal: prepPqVal } },
  { platform: 'xor', capability: DmaCapability.XOR, says: 'xor', prep: { devicePrepDmaXor: prepXor } },
  {
    platform: 'xor_val',
    capability: DmaCapability.XOR_VAL,
    says: 'xor_val',
    prep: { devicePrepDmaXorVal: prepXorVal },
  },
  { platform: 'memset', capability: DmaCapability.MEMSET, says: 'fill', prep: { devicePrepDmaMemset: prepMemset } },
  { platform: 'memcpy', capability: DmaCapability.MEMCPY, says: 'cpy', prep: { devicePrepDmaMemcpy: prepMemcpy } },
  {
    platform: 'interrupt',
    capability: DmaCapability.INTERRUPT,
    says: 'intr',
    prep: { devicePrepDmaInterrupt: prepInterrupt },
  },
];

/** Which hardware record drives which kind of engine. */
const HARDWARE: Readonly<Record<EngineRecord['kind'], IopAdmaHardware>> = {
  adma: IOP13XX,
  dma: IOP3XX_DMA,
  aau: IOP3XX_AAU,
};

/** What the driver knows of an engine. */
export function hardwareOf({ kind }: EngineRecord): IopAdmaHardware {
  return HARDWARE[kind];
}

/** Builds the device: a prep routine for every capability that both the platform and the driver have. */
export function createDevice(
  kernel: Kernel,
  engine: EngineRecord,
  parent: string,
  { steps = IOP_ADMA_STEPS, hardware = hardwareOf(engine) }: IopAdmaVariant,
): IopAdmaDevice {
  const operations = OPERATIONS.filter(({ platform }) => engine.capabilities.includes(platform));
  const channels: IopAdmaChan[] = [];
  const device: DmaDevice = {
    parent,
    capMask: new Set(operations.map(({ capability }) => capability)),
    channels,
    devId: -1,
    privatecnt: 0,
    maxXor: hardware.maxXor,
    // This hardware continues by reading P and Q again (hw-iop13xx 6.2).
    maxPq: dmaSetMaxPq(hardware.maxPq, false),
    copyAlign: 0,
    xorAlign: 0,
    pqAlign: 0,
    fillAlign: 0,
    ...routines,
  };
  for (const { prep } of operations) Object.assign(device, prep);
  invariant(engine.poolBytes > 0, 'a channel has descriptor memory');
  const pool = kernel.pages.allocContiguous(Math.ceil(engine.poolBytes / PAGE_SIZE));
  const channel = new IopAdmaChan(device, kernel, hardware, steps, engine, pool[0].address, engine.poolBytes);
  channels.push(channel);
  return Object.assign(device, { channel, pool, unissued: () => reportUnissued(channel) });
}

/** What every device has, whatever it can do. */
const routines: Partial<DmaDevice> = {
  deviceAllocChanResources: allocChanResources,
  deviceFreeChanResources: freeChanResources,
  deviceTxStatus: txStatus,
  deviceIssuePending: (chan: IopAdmaChan) => chan.steps.issuePending(chan),
  deviceDependencyAdded: (chan: IopAdmaChan) => chan.kernel.tasklets.schedule(chan.tasklet),
};

/** The usual reason for a wait without end: nobody told the engine (AX-12, SW-01). */
function reportUnissued({ kernel, name, pending }: IopAdmaChan): void {
  if (pending === 0) return;
  const text = `${pending} slots were submitted, and nobody has issued them: no threshold, no issue_pending`;
  kernel.findings.add('rule', 'AX-12', name, text);
}

/** `iop_adma_status`: looks at the hardware only when the cookie does not read complete (IA-70). */
function txStatus(chan: IopAdmaChan, cookie: DmaCookie, state?: DmaTxState): DmaStatus {
  chan.kernel.spend(chan.kernel.costs.call);
  const status = statusOf(chan, cookie, state);
  if (status !== 'in_progress') return status;
  chan.lock.lockBh('iop_adma_status');
  chan.steps.cleanup(chan);
  chan.lock.unlockBh();
  return statusOf(chan, cookie, state);
}

/** What the cookies say, but for those that failed with nobody to tell. */
function statusOf(chan: IopAdmaChan, cookie: DmaCookie, state?: DmaTxState): DmaStatus {
  const status = dmaCookieStatus(chan, cookie, state);
  return status === 'complete' && chan.failedCookies.includes(cookie) ? 'error' : status;
}
