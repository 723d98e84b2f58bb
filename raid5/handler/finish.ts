/** Ends of writes and of requests that cannot be served. */
import { bugOn } from '../../emulator/kernel/bug';
import type { Bio } from '../bio';
import type { StripeSteps } from '../steps';
import { R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import type { StripeState } from './state';

/** HS-07, HS-08: parity is computed; the written blocks and parity go to their disks. */
export function reconstructFinished(stripe: StripeHead, state: StripeState, { provesParity }: StripeSteps): void {
  const prexor = stripe.reconstructState === 'prexor_drain_result';
  stripe.reconstructState = 'idle';
  stripe.dev.forEach((dev, disk) => {
    const parity = stripe.isParity(disk);
    bugOn(parity && !dev.has(R5.UPTODATE), 'HS-07', 'parity is not up to date after reconstruct', 'handle_stripe');
    if (!dev.has(R5.LOCKED) || (!parity && dev.written.length === 0)) return;
    dev.set(R5.Wantwrite);
    if (provesParity(stripe, state, disk, prexor)) stripe.set(STRIPE.INSYNC);
  });
  if (stripe.testAndClear(STRIPE.PREREAD_ACTIVE)) state.decPreread = true;
}

/**
 * HS-08: the block of a missing member, or parity that was made from all data. A prexor never looked at all blocks
 * and with two members missing this is the block of only one.
 */
export function provesParity(stripe: StripeHead, state: StripeState, disk: number, prexor: boolean): boolean {
  if (prexor || state.failed > 1) return false;
  return !stripe.dev[disk].has(R5.Insync) || (stripe.isParity(disk) && state.failed === 0);
}

/** HS-09: writes may be answered once P and Q are safe on their disks, or their disks are gone. */
export function parityIsSafe(stripe: StripeHead, { pFailed, qFailed }: StripeState): boolean {
  const safe = (disk: number): boolean => {
    const dev = stripe.dev[disk];
    return dev.has(R5.Insync) && !dev.has(R5.LOCKED) && dev.has(R5.UPTODATE);
  };
  return (pFailed || safe(stripe.pdIdx)) && (qFailed || safe(stripe.qdIdx));
}

/**
 * `handle_stripe_clean_event` (HS-18): answers every write whose block is on its disk; whether there was one.
 * @param bitmapEnd called for each block, as the bitmap counts them; an array with a bitmap has no batches
 */
export function answerWrites(stripe: StripeHead, bitmapEnd: () => void = () => undefined): boolean {
  let ended = false;
  stripe.dev.forEach((dev, disk) => {
    if (dev.written.length === 0 || dev.has(R5.LOCKED) || !dev.has(R5.UPTODATE)) return;
    ended = true;
    endAll(dev.written.splice(0), false);
    bitmapEnd();
    for (const member of stripe.batch) endAll(member.dev[disk].written.splice(0), false);
  });
  return ended;
}

/**
 * `handle_failed_stripe` (HS-06, HS-19): more members are gone than the level survives. LOCKED goes too: a write that
 * was interrupted would hold parity for ever.
 * @param failMember a member that could not read its block is beyond correction now
 * @param bitmapEnd called for each block that was to be written, as the bitmap counts them
 */
export function failStripe(
  stripe: StripeHead,
  state: StripeState,
  failMember: (disk: number) => void,
  bitmapEnd: () => void = () => undefined,
): void {
  stripe.dev.forEach((dev, disk) => {
    if (dev.has(R5.ReadError)) failMember(disk);
    for (const bios of [dev.towrite, dev.written]) {
      if (bios.length > 0) bitmapEnd();
      endAll(bios.splice(0), true);
    }
    const unreadable = !dev.has(R5.Insync) || dev.has(R5.ReadError);
    if (!dev.has(R5.Wantfill) && unreadable) endAll(dev.toread.splice(0), true);
    dev.clear(R5.LOCKED | R5.OVERWRITE);
  });
  state.toWrite = 0;
  state.written = 0;
}

/** HS-15: a block that could not be read and has been computed is written, then read back. */
export function correctReadErrors(stripe: StripeHead, state: StripeState): void {
  if (state.failed > stripe.parities) return;
  for (const disk of state.failedNum.slice(0, state.failed)) {
    const dev = stripe.dev[disk];
    if (!dev.has(R5.ReadError) || dev.has(R5.LOCKED) || !dev.has(R5.UPTODATE)) continue;
    dev.set(R5.LOCKED | (dev.has(R5.ReWrite) ? R5.Wantread : R5.Wantwrite));
    dev.set(R5.ReWrite);
    state.locked++;
  }
}

function endAll(bios: readonly Bio[], failed: boolean): void {
  for (const bio of bios) bio.done(failed);
}
