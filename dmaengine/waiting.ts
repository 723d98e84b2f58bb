import type { Kernel } from '../emulator/kernel/kernel';
import { MILLISECOND } from '../emulator/sim/time';
import type { DmaCookie, DmaStatus } from './cookie';
import { EBUSY_COOKIE } from './cookie';
import type { DmaAsyncTxDescriptor } from './descriptor';
import type { DmaChan } from './device';

/** How long `dma_sync_wait` waits (SW-01). */
const SYNC_WAIT_LIMIT = 5000 * MILLISECOND;

/** `dma_sync_wait`: issues pending work once, then spins until the cookie is done or 5 s are over (SW-01 … SW-03). */
export function dmaSyncWait(kernel: Kernel, chan: DmaChan, cookie: DmaCookie): DmaStatus {
  const { device } = chan;
  const deadline = kernel.now + SYNC_WAIT_LIMIT;
  device.deviceIssuePending?.(chan);
  for (;;) {
    const status = device.deviceTxStatus?.(chan, cookie) ?? 'error';
    if (kernel.now >= deadline) {
      kernel.printk('dma_sync_wait: timeout!');
      return 'error';
    }
    if (status !== 'in_progress') return status;
    kernel.processor.relax('SW-01', 'dma_sync_wait', deadline);
  }
}

/**
 * `dma_wait_for_async_tx` as it has been since 2.6.32 (WT-01, WT-09): spins while the operation is not
 * submitted, then waits for its cookie; 5 s for each.
 */
export function dmaWaitForAsyncTx(kernel: Kernel, tx: DmaAsyncTxDescriptor | null): DmaStatus {
  if (tx === null) return 'complete';
  const deadline = kernel.now + SYNC_WAIT_LIMIT;
  while (tx.cookie === EBUSY_COOKIE) {
    if (kernel.now >= deadline) {
      kernel.printk('dma_wait_for_async_tx: timeout waiting for descriptor submission');
      return 'error';
    }
    kernel.processor.relax('WT-09', 'dma_wait_for_async_tx', deadline);
  }
  return dmaSyncWait(kernel, tx.chan, tx.cookie);
}
