import type { DmaAsyncTxDescriptor } from 'iop-adma';

/** Submits what waits for `tx`, which is complete. Called with the lock of its channel held. */
export function runDependencies(tx: DmaAsyncTxDescriptor): void {
  const dependant = tx.next;
  if (dependant === undefined) return;
  dependant.txSubmit(dependant);
}

/** Your predictions, for a chain of copies A(1) → B(2) → C(1) that stands before A completes; null is no answer. */
export const predictions = {
  /** How many descriptors does it take on both channels together? */
  descriptors: null as number | null,
  /** How many of them are submitted before anything has executed? */
  submitted: null as number | null,
};
