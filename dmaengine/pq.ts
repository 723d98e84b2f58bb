/**
 * How many sources one P+Q descriptor takes (CF-08, CF-09). An engine that cannot continue by itself reads the
 * old P and Q as sources, which leaves less room for data.
 */
import { DmaCtrl } from './flags';

/** `DMA_HAS_PQ_CONTINUE`: the engine folds the old P and Q in by itself (CF-08). */
export const DMA_HAS_PQ_CONTINUE = 1 << 15;

/** Sources that continuing adds to a descriptor: Q alone, or P, Q and Q again so that it cancels in P (IA-28). */
const CONTINUE_Q = 1;
const CONTINUE_PQ = 3;

/** The two destinations, or the two blocks to check: bus addresses of P and Q. */
export type PqPair = readonly [p: number, q: number];

/** What of a device the limits come from. */
interface PqLimit {
  /** Most sources, with `DMA_HAS_PQ_CONTINUE` in the top bit of its 16. */
  readonly maxPq: number;
}

/** `dma_set_maxpq`: a limit and the flag in one number (CF-08). */
export function dmaSetMaxPq(maxPq: number, hasPqContinue: boolean): number {
  return maxPq | (hasPqContinue ? DMA_HAS_PQ_CONTINUE : 0);
}

/** `dma_dev_has_pq_continue`. */
export function dmaDevHasPqContinue({ maxPq }: PqLimit): boolean {
  return (maxPq & DMA_HAS_PQ_CONTINUE) !== 0;
}

/** `dma_dev_to_maxpq`: the limit without the flag. */
export function dmaDevToMaxPq({ maxPq }: PqLimit): number {
  return maxPq & ~DMA_HAS_PQ_CONTINUE;
}

/** `dmaf_continue`: the descriptor goes on from the P and Q of the one before. */
export function dmafContinue(flags: number): boolean {
  return (flags & DmaCtrl.PREP_CONTINUE) !== 0;
}

/** `dmaf_p_disabled_continue`: the same, and only Q is wanted. */
export function dmafPDisabledContinue(flags: number): boolean {
  return dmafContinue(flags) && (flags & DmaCtrl.PREP_PQ_DISABLE_P) !== 0;
}

/** Sources that these flags add to the data, where the engine cannot continue by itself (CF-09, IA-28). */
export function dmafContinueSources(flags: number): number {
  if (!dmafContinue(flags)) return 0;
  return dmafPDisabledContinue(flags) ? CONTINUE_Q : CONTINUE_PQ;
}

/**
 * `dma_maxpq`: most data sources of a descriptor with these flags. Q disabled makes no difference (CF-09).
 * May be 0 or negative on an engine that is too narrow to continue.
 */
export function dmaMaxPq(device: PqLimit, flags: number): number {
  const most = dmaDevToMaxPq(device);
  return dmaDevHasPqContinue(device) ? most : most - dmafContinueSources(flags);
}
