/**
 * The dmaengine core: which devices exist, which channel offloads what, and waiting for a cookie
 * (semantics section 1).
 */
import type { Kernel } from '../emulator/kernel/kernel';
import { bugOn } from '../emulator/kernel/bug';
import { MILLISECOND } from '../emulator/sim/time';
import { DmaCapability } from './capability';
import { ChannelTable, isPublic } from './channel-table';
import type { DmaCookie, DmaStatus } from './cookie';
import { EBUSY_COOKIE } from './cookie';
import type { DmaAsyncTxDescriptor } from './descriptor';
import type { DmaChan, DmaDevice } from './device';
import { Errno } from './device';
import { UnmapPools } from './unmap';

/** How long `dma_sync_wait` waits (SW-01). */
const SYNC_WAIT_LIMIT = 5000 * MILLISECOND;

/** Which prep routine a claimed capability needs (RG-01). */
const NEEDED_ROUTINE: readonly (readonly [DmaCapability, keyof DmaDevice])[] = [
  [DmaCapability.MEMCPY, 'devicePrepDmaMemcpy'],
  [DmaCapability.XOR, 'devicePrepDmaXor'],
  [DmaCapability.XOR_VAL, 'devicePrepDmaXorVal'],
  [DmaCapability.MEMSET, 'devicePrepDmaMemset'],
  [DmaCapability.INTERRUPT, 'devicePrepDmaInterrupt'],
];

/** What a device must have to be the ASYNC_TX kind, which never needs a channel switch (RG-03). */
const ASYNC_TX_NEEDS: readonly DmaCapability[] = [
  DmaCapability.INTERRUPT,
  DmaCapability.MEMCPY,
  DmaCapability.XOR,
  DmaCapability.XOR_VAL,
  DmaCapability.PQ,
  DmaCapability.PQ_VAL,
];

export class DmaEngine {
  readonly devices: DmaDevice[] = [];
  readonly unmapPools: UnmapPools;
  private readonly table: ChannelTable;
  private clients = 0;
  private nextDevId = 0;

  constructor(
    readonly kernel: Kernel,
    cpus = 1,
  ) {
    this.unmapPools = new UnmapPools(kernel.dma);
    this.table = new ChannelTable(cpus);
  }

  /** `dma_async_device_register`: 0, or a negative error when the device does not keep its promises (RG-01). */
  registerDevice(device: DmaDevice): number {
    const missing = NEEDED_ROUTINE.find(
      ([capability, routine]) => device.capMask.has(capability) && device[routine] === undefined,
    );
    if (device.parent === '' || missing !== undefined) return Errno.EIO;
    if (device.deviceTxStatus === undefined || device.deviceIssuePending === undefined) return Errno.EIO;
    if (ASYNC_TX_NEEDS.every((capability) => device.capMask.has(capability))) {
      device.capMask.add(DmaCapability.ASYNC_TX);
    }
    device.devId = this.nextDevId++;
    device.channels.forEach((chan, index) => {
      chan.chanId = index;
      chan.name = `dma${device.devId}chan${index}`;
      chan.clientCount = 0;
    });
    if (!isPublic(device)) device.privatecnt++;
    else if (this.clients > 0) {
      for (const chan of device.channels) if (this.chanGet(chan) === Errno.ENODEV) return Errno.ENODEV;
    }
    this.devices.push(device);
    this.table.rebalance(this.devices, this.clients);
    return 0;
  }

  /** `dma_async_device_unregister` (RG-07). */
  unregisterDevice(device: DmaDevice): void {
    for (const chan of device.channels) {
      if (chan.clientCount > 0)
        this.kernel.findings.add('rule', 'RG-07', chan.name, 'unregistered while clients use it');
    }
    device.capMask.add(DmaCapability.PRIVATE);
    this.unlink(device);
    this.table.rebalance(this.devices, this.clients);
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
    if (this.clients === 1) this.table.rebalance(this.devices, this.clients);
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

  /** `dma_sync_wait`: issues pending work once, then spins until the cookie is done or 5 s are over (SW-01 … SW-03). */
  syncWait(chan: DmaChan, cookie: DmaCookie): DmaStatus {
    const { device } = chan;
    const deadline = this.kernel.now + SYNC_WAIT_LIMIT;
    device.deviceIssuePending?.(chan);
    for (;;) {
      const quiet = this.kernel.quiet;
      const status = device.deviceTxStatus?.(chan, cookie) ?? 'error';
      if (this.kernel.now >= deadline) {
        this.kernel.printk('dma_sync_wait: timeout!');
        return 'error';
      }
      if (status !== 'in_progress') return status;
      // A poll takes time. If the last event fell into it, what it saw may be old: only the next one tells.
      if (quiet || !this.kernel.quiet) this.kernel.processor.relax('SW-01', 'dma_sync_wait', deadline);
    }
  }

  /**
   * `dma_wait_for_async_tx` as it has been since 2.6.32 (WT-01, WT-09): spins while the operation is not
   * submitted, then waits for its cookie; 5 s for each.
   */
  waitForAsyncTx(tx: DmaAsyncTxDescriptor | null): DmaStatus {
    if (tx === null) return 'complete';
    const deadline = this.kernel.now + SYNC_WAIT_LIMIT;
    while (tx.cookie === EBUSY_COOKIE) {
      if (this.kernel.now >= deadline) {
        this.kernel.printk('dma_wait_for_async_tx: timeout waiting for descriptor submission');
        return 'error';
      }
      this.kernel.processor.relax('WT-09', 'dma_wait_for_async_tx', deadline);
    }
    return this.syncWait(tx.chan, tx.cookie);
  }

  /** Takes a device off the list, if it still is on it: a failed get may have done so before (CH-10). */
  private unlink(device: DmaDevice): void {
    const index = this.devices.indexOf(device);
    if (index >= 0) this.devices.splice(index, 1);
  }

  /** `dma_chan_get` (CH-12): the increment precedes the balancing. */
  private chanGet(chan: DmaChan): number {
    if (chan.clientCount > 0) {
      chan.clientCount++;
      return 0;
    }
    const resources = chan.device.deviceAllocChanResources?.(chan) ?? 0;
    if (resources < 0) return resources;
    chan.clientCount = 1;
    if (isPublic(chan.device) && chan.clientCount < this.clients) chan.clientCount = this.clients;
    return 0;
  }

  /** `dma_chan_put` (CH-13). */
  private chanPut(chan: DmaChan): void {
    if (chan.clientCount === 0) return;
    chan.clientCount--;
    if (chan.clientCount === 0) chan.device.deviceFreeChanResources?.(chan);
  }
}
