/**
 * What all operations share: channel selection, submission with dependencies, channel switches, waiting
 * (semantics 3.1 – 3.5). Where kernels differed, the client's generation decides.
 */
import type { Kernel } from '../emulator/kernel/kernel';
import { bug, bugOn } from '../emulator/kernel/bug';
import { DmaCapability } from '../dmaengine/capability';
import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import { asyncTxAck, asyncTxTestAck } from '../dmaengine/descriptor';
import type { DmaChan } from '../dmaengine/device';
import type { DmaEngine } from '../dmaengine/engine';
import { DmaCtrl } from '../dmaengine/flags';
import type { DmaTxResult } from '../dmaengine/tx-result';
import type { DmaUnmapData } from '../dmaengine/unmap';
import type { Generation } from './generation';
import { MODERN } from './generation';
import type { Redo } from './redo';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags, FlagsOf2007 } from './submit';
import { SyncKernels } from './sync/kernels';
import { Raid6Kernels } from './sync/raid6';

/** A queued operation, or null when it was done synchronously (AX-03). */
export type AsyncTxResult = DmaAsyncTxDescriptor | null;

/** Where work was carried out, for reports: a check without a descriptor of its own counts its sum as well. */
export interface AsyncTxStatistics {
  engine: number;
  software: number;
  /** Operations that an engine gave up and the processor did again. */
  redone: number;
  channelSwitches: number;
}

/** The async_tx client of one dmaengine. */
export class AsyncTx {
  readonly kernel: Kernel;
  /** The software path's own arithmetic. */
  readonly software: SyncKernels;
  readonly raid6: Raid6Kernels;
  readonly statistics: AsyncTxStatistics = { engine: 0, software: 0, redone: 0, channelSwitches: 0 };

  /** Callbacks under way. */
  private callbacks = 0;
  private readonly disabled: readonly DmaCapability[];

  /** @param generation whose kernel's rules hold; the driver must be of the same one */
  constructor(
    readonly dma: DmaEngine,
    readonly generation: Generation = MODERN,
  ) {
    const { disableXorValDma = false, disablePqValDma = false } = dma.config;
    this.disabled = [
      ...(disableXorValDma ? [DmaCapability.XOR_VAL] : []),
      ...(disablePqValDma ? [DmaCapability.PQ_VAL] : []),
    ];
    this.kernel = dma.kernel;
    this.software = new SyncKernels(dma.kernel);
    this.raid6 = new Raid6Kernels(dma.kernel);
  }

  /**
   * `async_tx_find_channel`: the dependency's channel when it can do it, else the table's (AX-20, XV-07); without
   * channel switches the table's for everything (AX-21).
   */
  findChannel(submit: AsyncSubmit, capability: DmaCapability): DmaChan | undefined {
    this.checkContext();
    if (this.disabled.includes(capability)) return undefined;
    const depend = submit.dependTx?.chan;
    if (depend?.device.capMask.has(capability) === true) return depend;
    return this.dma.findChannel(this.dma.config.disableChannelSwitch === true ? DmaCapability.ASYNC_TX : capability);
  }

  /** The prep flags an operation's submit record asks for (AX-09, AX-10). */
  prepFlags(submit: AsyncSubmit): number {
    const interrupt = submit.callback === undefined ? 0 : DmaCtrl.PREP_INTERRUPT;
    return interrupt | (submit.flags & AsyncTxFlags.FENCE ? DmaCtrl.PREP_FENCE : 0);
  }

  /** An unmap record for up to `count` addresses; ASSUME_COHERENT leaves the caches alone (MC-02). */
  unmapRecord(count: number, submit: AsyncSubmit): DmaUnmapData {
    const unmap = this.dma.unmapPools.take(count);
    unmap.coherent = (submit.flags & FlagsOf2007.ASSUME_COHERENT) !== 0;
    return unmap;
  }

  /** States that an operation may be asked for here: not in interrupt context, not from a callback (AX-11). */
  checkContext(): void {
    const { findings } = this.kernel;
    if (this.kernel.inIrq) findings.add('rule', 'AX-11', 'async_tx', 'an operation is called in interrupt context');
    if (this.callbacks > 0) findings.add('rule', 'AX-11', 'async_tx', 'a completion callback calls an operation');
  }

  /**
   * `async_tx_submit`: queues `tx` behind its dependency (AX-30 … AX-33, AX-38, AX-39).
   * @param redo does the operation in an engine's place, should it give up
   */
  submit(chan: DmaChan, tx: DmaAsyncTxDescriptor, submit: AsyncSubmit, redo?: Redo): void {
    const { callback, dependTx } = submit;
    if (redo !== undefined) tx.callbackResult = (result) => this.completed(tx, result, redo, callback);
    else if (callback !== undefined) tx.callback = () => this.callBack(callback);
    this.statistics.engine++;
    this.kernel.machine.trace?.emit('async_tx.submit', {
      chan: chan.name,
      descriptor: tx.phys,
      parent: dependTx?.phys ?? 0,
      callback: callback !== undefined,
    });
    if (dependTx === null) {
      tx.parent = undefined;
      tx.txSubmit(tx);
    } else {
      this.generation.attach(this, chan, tx, dependTx);
    }
    if (submit.flags & AsyncTxFlags.ACK) asyncTxAck(tx);
    if (dependTx !== null && (this.generation.acksDependency || submit.flags & FlagsOf2007.DEP_ACK)) {
      asyncTxAck(dependTx);
    }
  }

  /** `async_tx_sync_epilog` (AX-53, AX-54): the operation was done here and now. */
  syncEpilog(submit: AsyncSubmit): void {
    this.statistics.software++;
    this.kernel.machine.trace?.emit('async_tx.sync', { callback: submit.callback !== undefined });
    if (submit.callback !== undefined) this.callBack(submit.callback);
    if (submit.dependTx !== null && submit.flags & FlagsOf2007.DEP_ACK) asyncTxAck(submit.dependTx);
  }

  /** `async_tx_quiesce`: waits for the dependency and, where submission acks it, lets go of it (AX-05, AX-50). */
  quiesce(submit: AsyncSubmit): void {
    if (this.generation.acksDependency) submit.dependTx = this.quiesceTx(submit.dependTx);
    else if (submit.dependTx !== null) this.settle(submit.dependTx);
  }

  /** Waits for a descriptor in hand and acks it; returns null. */
  quiesceTx(tx: AsyncTxResult): null {
    if (tx === null) return null;
    this.settle(tx);
    asyncTxAck(tx);
    return null;
  }

  /** `dma_wait_for_async_tx` of this generation; false when callers panic. */
  waitedFor(tx: DmaAsyncTxDescriptor): boolean {
    return !this.generation.panicsAt(this.generation.wait(this.kernel, tx));
  }

  /** `async_tx_issue_pending`: flushes the channel of one operation. */
  issuePending(tx: AsyncTxResult): void {
    tx?.chan.device.deviceIssuePending?.(tx.chan);
  }

  /** `async_tx_issue_pending_all`: flushes every channel. */
  issuePendingAll(): void {
    this.dma.issuePendingAll();
  }

  /** An interrupt descriptor on this channel, null when there is none to be had. */
  prepInterrupt(chan: DmaChan): AsyncTxResult {
    if (!chan.device.capMask.has(DmaCapability.INTERRUPT)) return null;
    return chan.device.devicePrepDmaInterrupt?.(chan, 0) ?? null;
  }

  /** The engine is done, or gave up: then the processor goes on before anybody hears of it. */
  private completed(
    tx: DmaAsyncTxDescriptor,
    { result, residue }: DmaTxResult,
    redo: Redo,
    callback?: () => void,
  ): void {
    const { unmap } = tx;
    if (result !== 'noerror' && unmap !== undefined) {
      this.statistics.redone++;
      unmap.syncForCpu();
      redo(unmap.len - residue);
      unmap.syncForDevice();
    }
    if (callback !== undefined) this.callBack(callback);
  }

  private callBack(callback: () => void): void {
    this.callbacks++;
    callback();
    this.callbacks--;
  }

  private settle(tx: DmaAsyncTxDescriptor): void {
    bugOn(asyncTxTestAck(tx), 'AX-50', 'the dependency to wait for is acked already', 'async_tx_quiesce');
    if (!this.waitedFor(tx)) bug('AX-50', 'DMA error waiting for transaction', 'async_tx_quiesce');
  }
}
