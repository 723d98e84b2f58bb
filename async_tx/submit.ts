import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';

/** `enum async_tx_flags` as it is today (AX-02). */
export const AsyncTxFlags = {
  /** The destination starts as zero; only the processor needs to be told (XR-02). */
  XOR_ZERO_DST: 1 << 0,
  /** The destination stands among the sources, first; the processor drops it there (XR-02). */
  XOR_DROP_DST: 1 << 1,
  /** No child will be attached (AX-06). */
  ACK: 1 << 2,
  /** A later operation of the chain reads this result (AX-09). */
  FENCE: 1 << 3,
  /** P and Q are implied sources, software only (PQ-10). */
  PQ_XOR_DST: 1 << 4,
} as const;

/** What could be asked for in 2007 only, above today's bits; never set but by the face of 2007 (AX-01). */
export const FlagsOf2007 = {
  /** The caches need no maintenance (MC-02). */
  ASSUME_COHERENT: 1 << 16,
  /** The dependency is acked: no other child will be attached to it (AX-07). */
  DEP_ACK: 1 << 17,
} as const;

/**
 * `struct async_submit_ctl`: how an operation enters a chain. The kernel's `scribble`, room for address conversion
 * (AX-08), has no counterpart: lists of pages are never converted in place.
 */
export interface AsyncSubmit {
  flags: number;
  /** What must complete first; null after a synchronous operation has waited for it (AX-05). */
  dependTx: DmaAsyncTxDescriptor | null;
  /** Runs once when the operation is complete. */
  callback: (() => void) | undefined;
}

/** `init_async_submit`. */
export function initAsyncSubmit(
  flags: number,
  dependTx: DmaAsyncTxDescriptor | null = null,
  callback?: () => void,
): AsyncSubmit {
  return { flags, dependTx, callback };
}
