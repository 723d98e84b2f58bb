/** Which blocks to read or to compute (semantics 4.6). */
import { OP, R5, STRIPE } from '../stripe/flags';
import type { R5Dev, StripeHead } from '../stripe/stripe-head';
import type { StripeState } from './state';

/** `handle_stripe_fill` (FI-01): not while the contents are being computed, checked or changed. */
export function handleFill(stripe: StripeHead, state: StripeState): void {
  if (!stripe.has(STRIPE.COMPUTE_RUN) && stripe.checkState === 'idle' && stripe.reconstructState === 'idle') {
    for (let disk = stripe.disks - 1; disk >= 0; disk--) if (fetchBlock(stripe, state, disk)) break;
  }
  stripe.set(STRIPE.HANDLE);
}

/** `fetch_block` (FI-04 … FI-06): computes or reads a needed block; true when a compute ends the scan. */
function fetchBlock(stripe: StripeHead, state: StripeState, disk: number): boolean {
  const dev = stripe.dev[disk];
  if (!needed(stripe, state, dev)) return false;
  if (state.uptodate === stripe.disks - 1 && state.failedNum.includes(disk)) {
    requestCompute(stripe, state, disk);
    state.reqCompute = true;
    return true;
  }
  if (dev.has(R5.Insync)) {
    dev.set(R5.LOCKED | R5.Wantread);
    state.locked++;
  }
  return false;
}

/** Asks for a block to be made from all others. */
export function requestCompute(stripe: StripeHead, state: StripeState, disk: number): void {
  stripe.set(STRIPE.COMPUTE_RUN);
  stripe.dev[disk].set(R5.Wantcompute);
  stripe.target = disk;
  state.ops |= OP.COMPUTE;
  state.uptodate++;
}

/** `need_this_block` (FI-02, FI-03). */
function needed(stripe: StripeHead, state: StripeState, dev: R5Dev): boolean {
  if (dev.has(R5.LOCKED | R5.UPTODATE)) return false;
  if (dev.toread.length > 0 || partialWrite(dev)) return true;
  if (state.syncing) return true;
  const failed = state.failedNum.filter((disk) => disk >= 0).map((disk) => stripe.dev[disk]);
  if (failed.some((other) => other.toread.length > 0)) return true;
  if (state.failed === 0 || state.toWrite === 0) return false;
  if (dev.has(R5.Insync) && !stripe.has(STRIPE.PREREAD_ACTIVE)) return false;
  return failed.some((other) => partialWrite(other) && !other.has(R5.UPTODATE));
}

function partialWrite(dev: R5Dev): boolean {
  return dev.towrite.length > 0 && !dev.has(R5.OVERWRITE);
}
