/** The parity check of a stripe (semantics 4.9, RAID-5). */
import { bugOn } from '../../emulator/kernel/bug';
import { SumCheck } from '../../dmaengine/flags';
import { OP, R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import type { StripeState } from './state';
import { requestCompute } from './fill';

/** What a check pass is told and what it reports. */
export interface SyncPass {
  /** Only count mismatches, never write (RS-02). */
  readonly checkOnly: boolean;
  /** sectors, 8 for every stripe whose parity is wrong */
  mismatchSectors: number;
}

/** `handle_parity_checks5` (C5-01 … C5-04). */
export function handleParityCheck(stripe: StripeHead, state: StripeState, pass: SyncPass): void {
  stripe.set(STRIPE.HANDLE);
  switch (stripe.checkState) {
    case 'idle':
      if (state.failed === 0) startCheck(stripe, state);
      else writeBack(stripe, state, state.failedNum[0]);
      return;
    case 'compute_result':
      // Parity was computed, so parity is written, whichever member failed meanwhile.
      writeBack(stripe, state, stripe.pdIdx);
      return;
    case 'check_result':
      checkFinished(stripe, state, pass);
      return;
    case 'run':
    case 'compute_run':
      return;
  }
}

function startCheck(stripe: StripeHead, state: StripeState): void {
  bugOn(state.uptodate !== stripe.disks, 'C5-01', 'a check starts without all blocks', 'handle_parity_checks5');
  stripe.checkState = 'run';
  state.ops |= OP.CHECK;
  stripe.dev[stripe.pdIdx].clear(R5.UPTODATE);
  state.uptodate--;
}

/** C5-02: either a failed check or a recovery; the block goes to its disk. */
function writeBack(stripe: StripeHead, state: StripeState, disk: number): void {
  const dev = stripe.dev[disk];
  stripe.checkState = 'idle';
  if (stripe.has(STRIPE.INSYNC)) return;
  bugOn(
    !dev.has(R5.UPTODATE) || state.uptodate !== stripe.disks,
    'C5-02',
    'write-back without the block',
    'handle_parity_checks5',
  );
  dev.set(R5.LOCKED | R5.Wantwrite);
  state.locked++;
  stripe.clear(STRIPE.DEGRADED);
  stripe.set(STRIPE.INSYNC);
}

/** C5-04: a failure meanwhile leaves the stripe to be looked at again. */
function checkFinished(stripe: StripeHead, state: StripeState, pass: SyncPass): void {
  stripe.checkState = 'idle';
  if (state.failed > 0) return;
  if ((stripe.zeroSumResult.value & SumCheck.P_RESULT) === 0) {
    stripe.set(STRIPE.INSYNC);
    return;
  }
  pass.mismatchSectors += 8;
  if (pass.checkOnly) {
    stripe.set(STRIPE.INSYNC);
    return;
  }
  stripe.checkState = 'compute_run';
  requestCompute(stripe, state, stripe.pdIdx);
}
