/** The check of P and Q of RAID-6 (semantics 4.9, C6). */
import { SumCheck } from '../../dmaengine/flags';
import { bugOn } from '../../emulator/kernel/bug';
import type { CheckState } from '../stripe/flags';
import { OP, R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import type { CheckStep, CheckTable } from './check5';
import { requestCompute } from './fill';
import type { StripeState } from './state';
import type { SyncPass } from './sync-pass';

const nothing = (): void => undefined;

/** A row of the table, which nobody gets to with more members missing than there are parities (C6-01, R-27). */
function row(step: CheckStep): CheckStep {
  return (stripe, state, pass) => {
    bugOn(state.failed > 2, 'C6-01', 'a check with more than two members missing', 'handle_parity_checks6');
    step(stripe, state, pass);
  };
}

/** `handle_parity_checks6` (C6-01 … C6-04). */
export const CHECK6: CheckTable = {
  idle: row(start),
  run: row(nothing),
  run_q: row(nothing),
  run_pq: row(nothing),
  check_result: row(finished),
  compute_run: row(nothing),
  compute_result: row(writeBack),
};

/**
 * C6-01, C6-04: which sums prove something. What was computed from P or Q proves nothing about it, and a lone missing
 * block is computed from P unless it is Q itself. With two missing nothing is left to compare.
 */
const STARTS: readonly { readonly failed: number; readonly qFailed: boolean; readonly check: CheckState }[] = [
  { failed: 0, qFailed: false, check: 'run_pq' },
  { failed: 1, qFailed: true, check: 'run' },
  { failed: 1, qFailed: false, check: 'run_q' },
];

function start(stripe: StripeHead, state: StripeState): void {
  stripe.zeroSumResult.value = 0;
  const found = STARTS.find(({ failed, qFailed }) => failed === state.failed && qFailed === state.qFailed);
  if (found === undefined) {
    writeBack(stripe, state);
    return;
  }
  stripe.checkState = found.check;
  state.ops |= OP.CHECK;
  if (found.check !== 'run') return;
  // This one is an XOR, which destroys P in software (XV-03); the others preserve both (PV-04).
  stripe.dev[stripe.pdIdx].clear(R5.UPTODATE);
  state.uptodate--;
}

/** C6-02: what is missing, and what was wrong and has been computed, goes to its disks. */
function writeBack(stripe: StripeHead, state: StripeState): void {
  stripe.checkState = 'idle';
  if (stripe.has(STRIPE.INSYNC)) return;
  for (const disk of new Set([...state.failedNum.filter((failed) => failed >= 0), ...wrongParities(stripe)])) {
    const dev = stripe.dev[disk];
    // Linux warns and leaves it out: a member failed since, and its block was never computed.
    if (!dev.has(R5.UPTODATE)) continue;
    dev.set(R5.LOCKED | R5.Wantwrite);
    state.locked++;
  }
  stripe.clear(STRIPE.DEGRADED);
  stripe.set(STRIPE.INSYNC);
}

/** C6-03: sums that are right leave a missing member's block still to be written. */
function finished(stripe: StripeHead, state: StripeState, pass: SyncPass): void {
  stripe.checkState = 'idle';
  const wrong = wrongParities(stripe);
  if (wrong.length === 0) {
    if (state.failed === 0) stripe.set(STRIPE.INSYNC);
    else stripe.checkState = 'compute_result';
    return;
  }
  pass.mismatchSectors += 8;
  if (pass.action === 'check') {
    stripe.set(STRIPE.INSYNC);
    return;
  }
  stripe.checkState = 'compute_run';
  requestCompute(stripe, state, wrong);
}

/** Members whose sums the last check found wrong. */
function wrongParities({ zeroSumResult, pdIdx, qdIdx }: StripeHead): number[] {
  const { value } = zeroSumResult;
  return [...(value & SumCheck.P_RESULT ? [pdIdx] : []), ...(value & SumCheck.Q_RESULT ? [qdIdx] : [])];
}
