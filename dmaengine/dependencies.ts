import type { DmaAsyncTxDescriptor } from './descriptor';

/**
 * `dma_run_dependencies` (SW-04, SW-05): submits what waited for `tx`. Dependants on the first one's channel
 * follow each other; a link to another channel is kept, because what it hangs on is the interrupt
 * descriptor that was submitted last, and that one's own cleanup comes back here.
 */
export function dmaRunDependencies(tx: DmaAsyncTxDescriptor): void {
  let dependant = tx.next;
  if (dependant === undefined) return;
  tx.next = undefined;
  const { chan } = dependant;
  while (dependant !== undefined) {
    const current: DmaAsyncTxDescriptor = dependant;
    current.lock.lockBh('dma_run_dependencies');
    current.parent = undefined;
    dependant = current.next?.chan === chan ? current.next : undefined;
    if (dependant !== undefined) current.next = undefined;
    current.lock.unlockBh();
    current.txSubmit(current);
  }
  chan.device.deviceIssuePending?.(chan);
}
