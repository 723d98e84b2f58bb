/**
 * The dmaengine core: which devices exist, which channel offloads what, and who uses it
 * (semantics section 1).
 */
import type { Kernel } from '../emulator/kernel/kernel';
import { bugOn } from '../emulator/kernel/bug';
import { DmaCapability } from './capability';
import { ChannelTable, isPublic } from './channel-table';
import type { AsyncTxConfig } from './config';
import type { DmaCookie, DmaStatus } from './cookie';
import type { DmaAsyncTxDescriptor } from './descriptor';
import type { DmaChan, DmaDevice } from './device';
import { Errno } from './device';
import { References } from './references';
import { checkDevice, grantAsyncTx, Nameplates } from './registration';
import { UnmapPools } from './unmap';
import { dmaSyncWait, dmaWaitForAsyncTx } from './waiting';

export class DmaEngine {
  /** `dma_device_list`, in the order of registration. */
  readonly devices: DmaDevice[] = [];
  readonly unmapPools: UnmapPools;
  private readonly table: ChannelTable;
  private readonly references = new References((device) => this.release(device));
  private readonly nameplates = new Nameplates();
  private clients = 0;

  /** @param cpuNodes the NUMA node of every processor of the machine; one processor on node 0 unless told */
  constructor(
    readonly kernel: Kernel,
    readonly cpuNodes: readonly number[] = [0],
    readonly config: AsyncTxConfig = {},
  ) {
    this.unmapPools = new UnmapPools(kernel.dma);
    this.table = new ChannelTable(cpuNodes);
  }

  /**
   * `dma_async_device_register`: 0, or a negative error when the device does not keep its promises (RG-01) or
   * is gone before it came (RG-05). Waiting clients get its channels at once. As in the kernel, channels that
   * were granted before the one that says -ENODEV are not given back.
   */
  registerDevice(device: DmaDevice | null): number {
    const error = checkDevice(device);
    if (device === null || error < 0) return error;
    grantAsyncTx(device, this.config);
    this.nameplates.add(device);
    this.references.init(device);
    if (isPublic(device) && this.clients > 0) {
      if (device.channels.some((chan) => this.chanGet(chan) === Errno.ENODEV)) {
        this.nameplates.remove(device);
        this.references.forget(device);
        return Errno.ENODEV;
      }
    }
    this.devices.push(device);
    if (!isPublic(device)) device.privatecnt++;
    this.rebalance();
    return 0;
  }

  /**
   * `dma_async_device_unregister` (RG-07). The device stays on the list, private, until its last reference
   * goes; then `deviceRelease` is called.
   */
  unregisterDevice(device: DmaDevice): void {
    for (const chan of device.channels) this.retireChannel(chan);
    device.capMask.add(DmaCapability.PRIVATE);
    this.rebalance();
    this.nameplates.remove(device);
    this.references.putDevice(device);
  }

  /**
   * `dma_async_device_channel_register`: a channel that the driver added to its list after registration. No
   * client gets it before the next get (CH-09, CH-15).
   */
  registerChannel(chan: DmaChan): void {
    this.nameplates.addChannel(chan);
    this.rebalance();
  }

  /** `dma_async_device_channel_unregister`: the table forgets it if the driver took it off its list (CH-09). */
  unregisterChannel(chan: DmaChan): void {
    this.retireChannel(chan);
    this.nameplates.removeChannel(chan);
    this.rebalance();
  }

  /** `dmaengine_get`: one more general-purpose client (CH-10). */
  get(): void {
    this.clients++;
    for (const device of [...this.devices]) {
      if (!isPublic(device)) continue;
      for (const chan of device.channels) {
        const error = this.chanGet(chan);
        if (error === Errno.ENODEV) {
          this.unlink(device);
          break;
        }
        if (error < 0) this.kernel.printk(`dmaengine: failed to get ${chan.name}: (${error})`);
      }
    }
    if (this.clients === 1) this.rebalance();
  }

  /** `dmaengine_put`: one client less; the table is not rebuilt (CH-09, CH-11). */
  put(): void {
    this.clients--;
    bugOn(this.clients < 0, 'CH-11', 'dmaengine_put without dmaengine_get', 'dmaengine_put');
    for (const device of this.devices) {
      if (isPublic(device)) for (const chan of device.channels) this.chanPut(chan);
    }
  }

  /** `dma_find_channel` (CH-02). */
  findChannel(capability: DmaCapability, cpu = 0): DmaChan | undefined {
    return this.table.find(capability, cpu);
  }

  /** `dma_issue_pending_all` (CH-14). */
  issuePendingAll(): void {
    for (const device of this.devices) {
      if (!isPublic(device)) continue;
      for (const chan of device.channels) if (chan.clientCount > 0) device.deviceIssuePending?.(chan);
    }
  }

  /** See `dmaSyncWait`. */
  syncWait(chan: DmaChan, cookie: DmaCookie): DmaStatus {
    return dmaSyncWait(this.kernel, chan, cookie);
  }

  /** See `dmaWaitForAsyncTx`. */
  waitForAsyncTx(tx: DmaAsyncTxDescriptor | null): DmaStatus {
    return dmaWaitForAsyncTx(this.kernel, tx);
  }

  /** References to the device: its registration, and one for each channel in use (CH-12). */
  deviceReferences(device: DmaDevice): number {
    return this.references.count(device);
  }

  /** `dma_chan_get`: 0 or a negative error (CH-12). For the core's own faces, exclusive and legacy. */
  chanGet(chan: DmaChan): number {
    return this.references.chanGet(chan, this.clients);
  }

  /** `dma_chan_put` (CH-13). */
  chanPut(chan: DmaChan): void {
    this.references.chanPut(chan);
  }

  /** Takes a device off the list, if it still is on it: a failed get may have done so before (CH-10, EX-04). */
  unlink(device: DmaDevice): void {
    const index = this.devices.indexOf(device);
    if (index >= 0) this.devices.splice(index, 1);
  }

  private rebalance(): void {
    this.table.rebalance(this.devices, this.clients);
  }

  /** Warns when a channel goes while clients use it and no hook would tell when it is safe (RG-07). */
  private retireChannel(chan: DmaChan): void {
    if (chan.clientCount > 0 && chan.device.deviceRelease === undefined) {
      this.kernel.findings.add('rule', 'RG-07', chan.name, 'unregistered while clients use it');
    }
  }

  /** `dma_device_release`: nobody refers to the device any more (RG-07). */
  private release(device: DmaDevice): void {
    this.unlink(device);
    this.rebalance();
    device.deviceRelease?.(device);
  }
}
