import { AsyncTxFlags, FlagsOf2007 } from '../submit';

/** `enum async_tx_flags` of 2007 (AX-01). */
export const LegacyTxFlags = {
  /** The destination starts as zero; only the processor needs to be told (XR-02). */
  XOR_ZERO_DST: 1 << 0,
  /** The destination stands among the sources, first; the processor drops it there (XR-02). */
  XOR_DROP_DST: 1 << 1,
  /** The caches need no maintenance: the mapping direction is none (MC-02). */
  ASSUME_COHERENT: 1 << 2,
  /** No child will be attached (AX-06). */
  ACK: 1 << 3,
  /** No other child will be attached to the dependency (AX-07). */
  DEP_ACK: 1 << 4,
} as const;

const TODAY: readonly (readonly [number, number])[] = [
  [LegacyTxFlags.XOR_ZERO_DST, AsyncTxFlags.XOR_ZERO_DST],
  [LegacyTxFlags.XOR_DROP_DST, AsyncTxFlags.XOR_DROP_DST],
  [LegacyTxFlags.ASSUME_COHERENT, FlagsOf2007.ASSUME_COHERENT],
  [LegacyTxFlags.ACK, AsyncTxFlags.ACK],
  [LegacyTxFlags.DEP_ACK, FlagsOf2007.DEP_ACK],
];

/** The same flags in the bits of today's submit record. */
export function flagsOfToday(flags: number): number {
  return TODAY.reduce((sum, [then, now]) => (flags & then ? sum | now : sum), 0);
}
