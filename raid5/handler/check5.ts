/** The parity check of RAID-4 and RAID-5 (semantics 4.9, C5). */
import { SumCheck } from '../../dmaengine/flags';
import { bug, bugOn } from '../../emulator/kernel/bug';
import type { CheckState } from '../stripe/flags';
import { OP, R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import { requestCompute } from './fill';
import type { StripeState } from './state';
import type { SyncPass } from './sync-pass';

const WHERE = 'handle_parity_checks5';

export type CheckStep = (stripe: StripeHead, state: StripeState, pass: SyncPass) => void;

/** What a pass does in each state of a check. */
export type CheckTable = Readonly<Record<CheckState, CheckStep>>;

const nothing = (): void => undefined;
const impossible = (): never => bug('C5-01', 'the check is in a state of RAID-6', WHERE);

/** `handle_parity_checks5` (C5-01 … C5-04). */
export const CHECK5: CheckTable = {
  idle: (stripe, state) => {
    if (state.failed === 0) start(stripe, state);
    else writeBack(stripe, state, state.failedNum[0]);
  },
  run: nothing,
  run_q: impossible,
  run_pq: impossible,
  check_result: finished,
  compute_run: nothing,
  // Parity was computed, so parity is written, whichever member failed meanwhile.
  compute_result: (stripe, state) => writeBack(stripe, state, stripe.pdIdx),
};

/** C5-01: software destroys P, so it is no longer valid. */
function start(stripe: StripeHead, state: StripeState): void {
  bugOn(state.uptodate !== stripe.disks, 'C5-01', 'a check starts without all blocks', WHERE);
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
  const complete = dev.has(R5.UPTODATE) && state.uptodate === stripe.disks;
  bugOn(!complete, 'C5-02', 'write-back without the block', WHERE);
  dev.set(R5.LOCKED | R5.Wantwrite);
  state.locked++;
  stripe.clear(STRIPE.DEGRADED);
  stripe.set(STRIPE.INSYNC);
}

/** C5-04: a failure meanwhile leaves the stripe to be looked at again. */
function finished(stripe: StripeHead, state: StripeState, pass: SyncPass): void {
  stripe.checkState = 'idle';
  if (state.failed > 0) return;
  const wrong = (stripe.zeroSumResult.value & SumCheck.P_RESULT) !== 0;
  if (wrong) pass.mismatchSectors += 8;
  if (!wrong || pass.action === 'check') {
    stripe.set(STRIPE.INSYNC);
    return;
  }
  stripe.checkState = 'compute_run';
  requestCompute(stripe, state, [stripe.pdIdx]);
}
