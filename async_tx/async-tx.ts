/**
 * What all operations share: channel selection, submission with dependencies, channel switches, waiting
 * (semantics 3.1 – 3.5, today's form).
 */
import type { Kernel } from '../emulator/kernel/kernel';
import { bug, bugOn } from '../emulator/kernel/bug';
import { DmaCapability } from '../dmaengine/capability';
import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import { asyncTxAck, asyncTxTestAck } from '../dmaengine/descriptor';
import type { DmaChan } from '../dmaengine/device';
import type { DmaEngine } from '../dmaengine/engine';
import { DmaCtrl } from '../dmaengine/flags';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags } from './submit';
import { SyncKernels } from './sync/kernels';
import { Raid6Kernels } from './sync/raid6';

/** A queued operation, or null when it was done synchronously (AX-03). */
export type AsyncTxResult = DmaAsyncTxDescriptor | null;

/** Where work was carried out, for reports: a check without a descriptor of its own counts its sum as well. */
export interface AsyncTxStatistics {
  engine: number;
  software: number;
  channelSwitches: number;
}

/** Checks that the kernel's configuration keeps from the engines (XV-07); their sums may still be an engine's work. */
export interface AsyncTxConfig {
  /** `CONFIG_ASYNC_TX_DISABLE_XOR_VAL_DMA` */
  readonly disableXorValDma?: boolean;
  /** `CONFIG_ASYNC_TX_DISABLE_PQ_VAL_DMA` */
  readonly disablePqValDma?: boolean;
}

/** The async_tx client of one dmaengine. */
export class AsyncTx {
  readonly kernel: Kernel;
  /** The software path's own arithmetic. */
  readonly software: SyncKernels;
  readonly raid6: Raid6Kernels;
  readonly statistics: AsyncTxStatistics = { engine: 0, software: 0, channelSwitches: 0 };

  private readonly disabled: readonly DmaCapability[];

  constructor(
    readonly dma: DmaEngine,
    { disableXorValDma = false, disablePqValDma = false }: AsyncTxConfig = {},
  ) {
    this.disabled = [
      ...(disableXorValDma ? [DmaCapability.XOR_VAL] : []),
      ...(disablePqValDma ? [DmaCapability.PQ_VAL] : []),
    ];
    this.kernel = dma.kernel;
    this.software = new SyncKernels(dma.kernel);
    this.raid6 = new Raid6Kernels(dma.kernel);
  }

  /** `async_tx_find_channel`: the dependency's channel when it can do it, else the table's (AX-20, XV-07). */
  findChannel(submit: AsyncSubmit, capability: DmaCapability): DmaChan | undefined {
    if (this.kernel.inIrq) {
      this.kernel.findings.add('rule', 'AX-11', 'async_tx', 'an operation is called in interrupt context');
    }
    if (this.disabled.includes(capability)) return undefined;
    const depend = submit.dependTx?.chan;
    return depend?.device.capMask.has(capability) === true ? depend : this.dma.findChannel(capability);
  }

  /** The prep flags an operation's submit record asks for (AX-09, AX-10). */
  prepFlags(submit: AsyncSubmit): number {
    const interrupt = submit.callback === undefined ? 0 : DmaCtrl.PREP_INTERRUPT;
    return interrupt | (submit.flags & AsyncTxFlags.FENCE ? DmaCtrl.PREP_FENCE : 0);
  }

  /** `async_tx_submit`: queues `tx` behind its dependency (AX-30 … AX-33). */
  submit(chan: DmaChan, tx: DmaAsyncTxDescriptor, submit: AsyncSubmit): void {
    const { dependTx } = submit;
    tx.callback = submit.callback;
    this.statistics.engine++;
    if (dependTx === null) {
      tx.parent = undefined;
      tx.txSubmit(tx);
    } else {
      this.submitBehind(chan, tx, dependTx);
    }
    if (submit.flags & AsyncTxFlags.ACK) asyncTxAck(tx);
    if (dependTx !== null) asyncTxAck(dependTx);
  }

  /** `async_tx_sync_epilog` (AX-54): the operation was done here and now. */
  syncEpilog(submit: AsyncSubmit): void {
    this.statistics.software++;
    submit.callback?.();
  }

  /** `async_tx_quiesce`: waits for the dependency and lets go of it (AX-50). */
  quiesce(submit: AsyncSubmit): void {
    submit.dependTx = this.quiesceTx(submit.dependTx);
  }

  /** The same for a descriptor in hand; returns null. */
  quiesceTx(tx: AsyncTxResult): null {
    if (tx === null) return null;
    bugOn(asyncTxTestAck(tx), 'AX-50', 'the dependency to wait for is acked already', 'async_tx_quiesce');
    if (this.dma.waitForAsyncTx(tx) !== 'complete')
      bug('AX-50', 'DMA error waiting for transaction', 'async_tx_quiesce');
    asyncTxAck(tx);
    return null;
  }

  /** `async_tx_issue_pending`: flushes the channel of one operation. */
  issuePending(tx: AsyncTxResult): void {
    tx?.chan.device.deviceIssuePending?.(tx.chan);
  }

  /** `async_tx_issue_pending_all`: flushes every channel. */
  issuePendingAll(): void {
    this.dma.issuePendingAll();
  }

  private submitBehind(chan: DmaChan, tx: DmaAsyncTxDescriptor, dependTx: DmaAsyncTxDescriptor): void {
    const where = 'async_tx_submit';
    bugOn(asyncTxTestAck(dependTx), 'AX-30', 'a child is attached to an acked descriptor', where);
    bugOn(dependTx.next !== undefined, 'AX-30', 'a second child is attached to a descriptor', where);
    bugOn(tx.parent !== undefined, 'AX-30', 'the new descriptor has a parent already', where);
    dependTx.lock.lockBh(where);
    const sameChannel = dependTx.chan === chan;
    const waiting = dependTx.parent !== undefined;
    if (waiting && sameChannel) chain(dependTx, tx);
    dependTx.lock.unlockBh();
    if (!sameChannel) {
      this.channelSwitch(dependTx, tx);
    } else if (!waiting) {
      tx.parent = undefined;
      tx.txSubmit(tx);
    }
  }

  /** `async_tx_channel_switch` (AX-34 … AX-37). */
  private channelSwitch(dependTx: DmaAsyncTxDescriptor, tx: DmaAsyncTxDescriptor): void {
    const where = 'async_tx_channel_switch';
    const { chan } = dependTx;
    const { device } = chan;
    this.statistics.channelSwitches++;
    dependTx.lock.lockBh(where);
    const attached = dependTx.parent !== undefined && chan === tx.chan;
    if (attached) chain(dependTx, tx);
    dependTx.lock.unlockBh();
    if (attached) {
      device.deviceIssuePending?.(chan);
      return;
    }
    const interrupt = this.prepInterrupt(chan);
    if (interrupt === null) {
      if (this.dma.waitForAsyncTx(dependTx) !== 'complete') bug('AX-36', 'DMA error waiting for depend_tx', where);
      tx.txSubmit(tx);
      return;
    }
    chain(interrupt, tx);
    dependTx.lock.lockBh(where);
    const behind = dependTx.parent !== undefined;
    if (behind) {
      chain(dependTx, interrupt);
      asyncTxAck(interrupt);
    }
    dependTx.lock.unlockBh();
    if (!behind) {
      interrupt.parent = undefined;
      interrupt.txSubmit(interrupt);
      asyncTxAck(interrupt);
    }
    device.deviceIssuePending?.(chan);
  }

  /** An interrupt descriptor on this channel, null when there is none to be had. */
  prepInterrupt(chan: DmaChan): AsyncTxResult {
    if (!chan.device.capMask.has(DmaCapability.INTERRUPT)) return null;
    return chan.device.devicePrepDmaInterrupt?.(chan, 0) ?? null;
  }
}

/** `txd_chain`. */
function chain(tx: DmaAsyncTxDescriptor, next: DmaAsyncTxDescriptor): void {
  tx.next = next;
  next.parent = tx;
}
