/** Exclusive channels: one client alone, its device closed to everybody else meanwhile (EX-01 … EX-09). */
import { DmaCapability } from './capability';
import { isPublic } from './channel-table';
import type { DmaCapMask } from './capability';
import type { DmaChan, DmaDevice } from './device';
import { Errno } from './device';
import type { DmaEngine } from './engine';

/**
 * `dma_filter_fn`: whether the caller wants this free channel. A boolean, although the API page says it
 * returns DMA_ACK, which is 0 and would refuse (DX-02).
 */
export type DmaFilter<Param> = (chan: DmaChan, param: Param) => boolean;

/**
 * `dma_request_channel`: the first channel, devices in the order of registration, that satisfies the mask, is
 * free, is wanted by the filter and can be had; null if there is none (EX-01).
 * @param mask what the device must be able to do; null matches all (EX-02)
 * @param filter asked once for each free channel until it accepts one; busy ones are not shown (EX-03)
 */
export function dmaRequestChannel(dma: DmaEngine, mask: DmaCapMask | null, filter?: DmaFilter<void>): DmaChan | null;
export function dmaRequestChannel<Param>(
  dma: DmaEngine,
  mask: DmaCapMask | null,
  filter: DmaFilter<Param> | undefined,
  param: Param,
): DmaChan | null;
export function dmaRequestChannel<Param>(
  dma: DmaEngine,
  mask: DmaCapMask | null,
  filter?: DmaFilter<Param>,
  param?: Param,
): DmaChan | null {
  for (const device of [...dma.devices]) {
    const chan = candidate(device, mask, (free) => filter === undefined || filter(free, param as Param));
    if (chan !== undefined && take(dma, chan)) return chan;
  }
  return null;
}

/**
 * `dma_release_channel`: the caller is done. The device is public again when its last exclusive user leaves,
 * although the API page says never (EX-06, EX-09, DX-03); the table is not rebuilt (EX-08).
 */
export function dmaReleaseChannel(dma: DmaEngine, chan: DmaChan): void {
  if (chan.clientCount !== 1) {
    const text = `a channel with ${chan.clientCount} clients is released`;
    dma.kernel.findings.add('rule', 'EX-06', 'dma_release_channel', text);
  }
  dma.chanPut(chan);
  leavePrivate(chan.device);
}

/**
 * `private_candidate` (EX-02). All channels of a device are private or none is: one that has several and
 * serves public clients yields nothing.
 */
function candidate(
  device: DmaDevice,
  mask: DmaCapMask | null,
  wanted: (chan: DmaChan) => boolean,
): DmaChan | undefined {
  const { capMask, channels } = device;
  if (mask !== null && ![...mask].every((capability) => capMask.has(capability))) return undefined;
  const inUse = channels.some(({ clientCount }) => clientCount > 0);
  if (channels.length > 1 && isPublic(device) && inUse) return undefined;
  return channels.find((chan) => chan.clientCount === 0 && wanted(chan));
}

/**
 * `find_candidate`'s second half: the device is private before the get, so that nothing is balanced
 * (EX-04, EX-05).
 */
function take(dma: DmaEngine, chan: DmaChan): boolean {
  const { device } = chan;
  device.capMask.add(DmaCapability.PRIVATE);
  device.privatecnt++;
  const error = dma.chanGet(chan);
  if (error >= 0) return true;
  if (error === Errno.ENODEV) dma.unlink(device);
  else dma.kernel.printk(`dmaengine: failed to get ${chan.name}: (${error})`);
  leavePrivate(device);
  return false;
}

/** One user of a private device less. */
function leavePrivate(device: DmaDevice): void {
  device.privatecnt--;
  if (device.privatecnt === 0) device.capMask.delete(DmaCapability.PRIVATE);
}
