import type { DmaChan, DmaDevice } from './device';
import { Errno } from './device';
import { isPublic } from './channel-table';

/**
 * Who holds what: clients hold channels, channels in use hold their device, and every client reference holds
 * the driver's module (CH-12, CH-13). A device is born with the one reference of its registration.
 */
export class References {
  private readonly devices = new Map<DmaDevice, number>();

  /** @param released `dma_device_release`: what happens when the last reference to a device goes */
  constructor(private readonly released: (device: DmaDevice) => void) {}

  /** `device->ref`: 0 before registration and after release. */
  count(device: DmaDevice): number {
    return this.devices.get(device) ?? 0;
  }

  /** `kref_init`. */
  init(device: DmaDevice): void {
    this.devices.set(device, 1);
  }

  /** The registration failed: there is no device, and nobody is told. */
  forget(device: DmaDevice): void {
    this.devices.delete(device);
  }

  /** `dma_device_put`. */
  putDevice(device: DmaDevice): void {
    const count = this.count(device);
    if (count === 0) return;
    if (count > 1) {
      this.devices.set(device, count - 1);
      return;
    }
    this.devices.delete(device);
    this.released(device);
  }

  /**
   * `dma_chan_get` (CH-12): resources come with the first client. The increment precedes the balancing,
   * else a public channel would count one client too many (D-10).
   * @param clients the global count that a public channel is raised to
   */
  chanGet(chan: DmaChan, clients: number): number {
    const { device } = chan;
    const { owner } = device;
    if (chan.clientCount > 0) {
      if (owner !== undefined) owner.references++;
      chan.clientCount++;
      return 0;
    }
    if (owner?.going === true || this.count(device) === 0) return Errno.ENODEV;
    if (owner !== undefined) owner.references++;
    this.devices.set(device, this.count(device) + 1);
    const resources = device.deviceAllocChanResources?.(chan) ?? 0;
    if (resources < 0) {
      this.putDevice(device);
      if (owner !== undefined) owner.references--;
      return resources;
    }
    chan.clientCount = 1;
    while (isPublic(device) && chan.clientCount < clients) {
      if (owner !== undefined) owner.references++;
      chan.clientCount++;
    }
    return 0;
  }

  /** `dma_chan_put` (CH-13): the last client quiets the channel and takes its resources along. */
  chanPut(chan: DmaChan): void {
    if (chan.clientCount === 0) return;
    const { device } = chan;
    chan.clientCount--;
    if (chan.clientCount === 0) {
      device.deviceSynchronize?.(chan);
      device.deviceFreeChanResources?.(chan);
      this.putDevice(device);
    }
    if (device.owner !== undefined) device.owner.references--;
  }
}
