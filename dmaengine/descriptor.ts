import type { SpinLock } from '../emulator/kernel/spinlock';
import type { DmaCookie } from './cookie';
import { EBUSY_COOKIE } from './cookie';
import type { DmaChan } from './device';
import { DmaCtrl } from './flags';
import type { DmaTxResult } from './tx-result';
import type { DmaUnmapData } from './unmap';

/** `struct dma_async_tx_descriptor`: a recycled resource of its driver, alive until acknowledged. */
export class DmaAsyncTxDescriptor {
  /** Names the request while it is under way; -EBUSY before submit, 0 after completion (CK-01, CK-02, CK-08). */
  cookie: DmaCookie = EBUSY_COOKIE;
  /** `DmaCtrl` bits: what prep was asked for, and the ack. */
  flags = 0;
  /** Bus address of the hardware descriptor that starts the operation. */
  phys = 0;
  /** Runs once when the operation is complete, in soft interrupt context. */
  callback: (() => void) | undefined;
  /** `callback_result`: runs in its place, and is told how the operation ended. */
  callbackResult: ((result: DmaTxResult) => void) | undefined;
  /** Mappings that live until this descriptor completes. */
  unmap: DmaUnmapData | undefined;
  /** The one operation that waits for this one (SW-06). */
  next: DmaAsyncTxDescriptor | undefined;
  /** `depend_list` of 2007: the operations on other channels that wait for this one (SW-07). */
  dependants: DmaAsyncTxDescriptor[] | undefined;
  /** The one operation this one waits for. */
  parent: DmaAsyncTxDescriptor | undefined;

  /**
   * @param chan the channel whose driver owns it
   * @param lock `txd->lock`, protects `next` and `parent`
   * @param txSubmit the driver's submit: assigns the cookie and queues the operation
   */
  constructor(
    readonly chan: DmaChan,
    readonly lock: SpinLock,
    readonly txSubmit: (tx: DmaAsyncTxDescriptor) => DmaCookie,
  ) {}

  /** `dma_async_tx_descriptor_init` and the flags word of prep, stale ack included (CF-05). */
  init(flags: number): void {
    this.flags = flags;
    this.cookie = EBUSY_COOKIE;
    this.callback = undefined;
    this.callbackResult = undefined;
    this.unmap = undefined;
    this.next = undefined;
    this.dependants = undefined;
    this.parent = undefined;
  }
}

/** `async_tx_test_ack`. */
export function asyncTxTestAck(tx: DmaAsyncTxDescriptor): boolean {
  return (tx.flags & DmaCtrl.CTRL_ACK) !== 0;
}

/** `async_tx_ack`: the application is done with the descriptor; its driver may recycle it. */
export function asyncTxAck(tx: DmaAsyncTxDescriptor): void {
  tx.flags |= DmaCtrl.CTRL_ACK;
}
