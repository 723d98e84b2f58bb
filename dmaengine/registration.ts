/** What a device must be to be registered, and the numbers it gets (RG-01, RG-03, RG-04). */
import { DmaCapability } from './capability';
import type { AsyncTxConfig } from './config';
import type { DmaChan, DmaDevice } from './device';
import { Errno } from './device';
import { NumberAllocator } from './numbers';

/** Which prep routine a claimed capability needs (RG-01). */
const NEEDED_ROUTINE: readonly (readonly [DmaCapability, keyof DmaDevice])[] = [
  [DmaCapability.MEMCPY, 'devicePrepDmaMemcpy'],
  [DmaCapability.XOR, 'devicePrepDmaXor'],
  [DmaCapability.XOR_VAL, 'devicePrepDmaXorVal'],
  [DmaCapability.PQ, 'devicePrepDmaPq'],
  [DmaCapability.PQ_VAL, 'devicePrepDmaPqVal'],
  [DmaCapability.MEMSET, 'devicePrepDmaMemset'],
  [DmaCapability.INTERRUPT, 'devicePrepDmaInterrupt'],
];

/** Capabilities whose routine no device of this model has: a claim is always an empty promise (RG-01). */
const NO_ROUTINE: readonly DmaCapability[] = [DmaCapability.CYCLIC, DmaCapability.INTERLEAVE];

/** What a device must have to be the ASYNC_TX kind, which never needs a channel switch (RG-03). */
function asyncTxNeeds(config: AsyncTxConfig): readonly DmaCapability[] {
  const { INTERRUPT, MEMCPY, XOR, XOR_VAL, PQ, PQ_VAL } = DmaCapability;
  const xorVal = config.disableXorValDma === true ? [] : [XOR_VAL];
  const pqVal = config.disablePqValDma === true ? [] : [PQ_VAL];
  return [INTERRUPT, MEMCPY, XOR, ...xorVal, PQ, ...pqVal];
}

/** 0 when the device keeps its promises, else -ENODEV or -EIO (RG-01). */
export function checkDevice(device: DmaDevice | null): number {
  if (device === null) return Errno.ENODEV;
  const { capMask } = device;
  const missing =
    NEEDED_ROUTINE.some(([capability, routine]) => capMask.has(capability) && device[routine] === undefined) ||
    NO_ROUTINE.some((capability) => capMask.has(capability));
  if (device.parent === '' || missing) return Errno.EIO;
  return device.deviceTxStatus === undefined || device.deviceIssuePending === undefined ? Errno.EIO : 0;
}

/** `device_has_all_tx_types`: grants the pseudo-capability (RG-03, D-06). */
export function grantAsyncTx({ capMask }: DmaDevice, config: AsyncTxConfig): void {
  if (asyncTxNeeds(config).every((capability) => capMask.has(capability))) capMask.add(DmaCapability.ASYNC_TX);
}

/** Names and numbers of devices and channels: `dma<device>chan<channel>` (RG-04). */
export class Nameplates {
  private readonly devices = new NumberAllocator();
  private readonly channels = new Map<DmaDevice, NumberAllocator>();

  /** Gives the device the smallest free number, and its channels theirs in list order. */
  add(device: DmaDevice): void {
    device.devId = this.devices.take();
    this.channels.set(device, new NumberAllocator());
    for (const chan of device.channels) this.addChannel(chan);
  }

  /** Takes every number of the device back. */
  remove(device: DmaDevice): void {
    this.devices.free(device.devId);
    this.channels.delete(device);
  }

  /** `__dma_async_device_channel_register`: the smallest number free on its device, never a count (D-11). */
  addChannel(chan: DmaChan): void {
    chan.chanId = this.channels.get(chan.device)?.take() ?? 0;
    chan.name = `dma${chan.device.devId}chan${chan.chanId}`;
    chan.clientCount = 0;
  }

  /** `__dma_async_device_channel_unregister`. */
  removeChannel(chan: DmaChan): void {
    this.channels.get(chan.device)?.free(chan.chanId);
  }
}
