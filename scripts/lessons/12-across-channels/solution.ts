import type { DmaAsyncTxDescriptor } from 'iop-adma';

/** Submits what waits for `tx`, which is complete. Called with the lock of its channel held. */
export function runDependencies(tx: DmaAsyncTxDescriptor): void {
  let dependant = tx.next;
  if (dependant === undefined) return;
  tx.next = undefined;
  const { chan } = dependant;
  while (dependant !== undefined) {
    const current: DmaAsyncTxDescriptor = dependant;
    current.parent = undefined;
    // On another channel it waits for `current` itself, an interrupt descriptor: that link stays.
    dependant = current.next?.chan === chan ? current.next : undefined;
    if (dependant !== undefined) current.next = undefined;
    current.txSubmit(current);
  }
  chan.device.deviceIssuePending?.(chan);
}

/** Your predictions, for a chain of copies A(1) → B(2) → C(1) that stands before A completes; null is no answer. */
export const predictions = {
  /** How many descriptors does it take on both channels together? */
  descriptors: 5 as number | null,
  /** How many of them are submitted before anything has executed? */
  submitted: 2 as number | null,
};
