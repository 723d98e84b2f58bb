import type { Kernel } from '../emulator/kernel/kernel';
import type { DmaAsyncTxDescriptor } from './descriptor';

/**
 * `struct dmaengine_result`: how an operation ended. The kernel's read and write failures are not told apart here:
 * no engine says which of the two an error was.
 */
export interface DmaTxResult {
  /** `DMA_TRANS_NOERROR` or `DMA_TRANS_ABORTED`. */
  readonly result: 'noerror' | 'aborted';
  /** Bytes at the end of the destination that were not written; of an operation that only reads, all of them. */
  readonly residue: number;
  /** What the engine said, in the driver's words; empty without an error. */
  readonly errors: readonly string[];
}

export const TX_NO_ERROR: DmaTxResult = { result: 'noerror', residue: 0, errors: [] };

/** `dmaengine_desc_callback_invoke`: the callback that wants the result wins over the plain one. */
export function dmaengineDescCallbackInvoke(kernel: Kernel, tx: DmaAsyncTxDescriptor, result: DmaTxResult): void {
  if (tx.callback === undefined && tx.callbackResult === undefined) return;
  if (!kernel.inBottomHalf) {
    const text = `a completion callback runs in ${kernel.processor.context} context with bottom halves on`;
    kernel.findings.add('rule', 'SW-13', tx.chan.name, text);
  }
  kernel.machine.trace?.emit('driver.callback', { chan: tx.chan.name, descriptor: tx.phys });
  if (tx.callbackResult !== undefined) tx.callbackResult(result);
  else tx.callback?.();
}
