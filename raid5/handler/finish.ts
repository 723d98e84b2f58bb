/** Ends of writes and of requests that cannot be served. */
import { bugOn } from '../../emulator/kernel/bug';
import type { Bio } from '../bio';
import { R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import type { StripeState } from './state';

/** HS-07, HS-08: parity is computed; the written blocks and parity go to their disks. */
export function reconstructFinished(stripe: StripeHead, state: StripeState): void {
  const prexor = stripe.reconstructState === 'prexor_drain_result';
  stripe.reconstructState = 'idle';
  bugOn(
    !stripe.dev[stripe.pdIdx].has(R5.UPTODATE),
    'HS-07',
    'parity is not up to date after reconstruct',
    'handle_stripe',
  );
  stripe.dev.forEach((dev, disk) => {
    if (!dev.has(R5.LOCKED) || (disk !== stripe.pdIdx && dev.written.length === 0)) return;
    dev.set(R5.Wantwrite);
    if (prexor || state.failed > 1) return;
    if (!dev.has(R5.Insync) || (disk === stripe.pdIdx && state.failed === 0)) stripe.set(STRIPE.INSYNC);
  });
  if (stripe.testAndClear(STRIPE.PREREAD_ACTIVE)) state.decPreread = true;
}

/** HS-09: writes may be answered once parity is safe on its disk, or its disk is gone. */
export function parityIsSafe(stripe: StripeHead, state: StripeState): boolean {
  const parity = stripe.dev[stripe.pdIdx];
  const failed = state.failedNum.includes(stripe.pdIdx);
  return failed || (parity.has(R5.Insync) && !parity.has(R5.LOCKED) && parity.has(R5.UPTODATE));
}

/** `handle_stripe_clean_event` (HS-18): answers every write whose block is on its disk. */
export function answerWrites(stripe: StripeHead): void {
  for (const dev of stripe.dev) {
    if (dev.written.length === 0 || dev.has(R5.LOCKED) || !dev.has(R5.UPTODATE)) continue;
    endAll(dev.written.splice(0), false);
  }
}

/** `handle_failed_stripe` (HS-06, HS-19): more members are gone than the level survives. */
export function failStripe(stripe: StripeHead): void {
  for (const dev of stripe.dev) {
    endAll(dev.towrite.splice(0), true);
    endAll(dev.written.splice(0), true);
    if (!dev.has(R5.Wantfill) && !dev.has(R5.Insync)) endAll(dev.toread.splice(0), true);
    dev.clear(R5.LOCKED | R5.OVERWRITE);
  }
}

function endAll(bios: readonly Bio[], failed: boolean): void {
  for (const bio of bios) bio.done(failed);
}
