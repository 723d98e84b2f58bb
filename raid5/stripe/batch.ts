/**
 * Batches: full-stripe writes of neighbouring stripes of a chunk that go through the handler as one (BT-01, BT-02). Only
 * the first stripe, the head, is handled; what is done to it is done to all. A batch holds its other stripes.
 */
import { R5, STRIPE } from './flags';
import type { StripeCache } from './stripe-cache';
import type { StripeHead } from './stripe-head';

/** What of a stripe's own state survives the batch that it was in. */
const OWN_STATE =
  STRIPE.SYNC_REQUESTED | STRIPE.SYNCING | STRIPE.PREREAD_ACTIVE | STRIPE.DEGRADED | STRIPE.ON_UNPLUG_LIST;
/** `STRIPE_EXPAND_SYNC_FLAGS`: somebody else waits for the stripe to be handled. */
export const SYNC_FLAGS = STRIPE.SYNC_REQUESTED | STRIPE.SYNCING;

/** `stripe_add_to_batch_list`: puts a stripe behind the one before it, if both are full writes of one kind that nobody has looked at. */
export function joinBatch(cache: StripeCache, stripe: StripeHead): void {
  if (stripe.batchHead !== undefined || !canBatch(stripe)) return;
  const before = cache.before(stripe);
  if (before === undefined || !canBatch(before)) return;
  const data = stripe.dev.findIndex((_, disk) => !stripe.isParity(disk));
  if (stripe.dev[data].towrite[0].sync !== before.dev[data].towrite[0].sync) return;
  const head = before.batchHead ?? before;
  head.batchHead = head;
  head.batch.push(stripe);
  stripe.batchHead = head;
  stripe.count++;
  if (stripe.testAndClear(STRIPE.PREREAD_ACTIVE)) cache.dropPreread();
}

/** `clear_batch_ready` (HS-01): from now on nobody joins; whether the head of another stripe speaks for this one. */
export function isBatchMember(stripe: StripeHead): boolean {
  stripe.clear(STRIPE.BATCH_READY);
  if (stripe.batchHead === undefined) return false;
  if (stripe.batchHead !== stripe) return true;
  for (const member of stripe.batch) member.clear(STRIPE.BATCH_READY);
  return false;
}

/**
 * `break_stripe_batch_list`: every stripe stands for itself again, as far as the head has come.
 * @param handle whether all of them have to be handled, or only those somebody waits for
 * @returns whether somebody waits because a stripe was in a batch (BQ-06)
 */
export function breakBatch(cache: StripeCache, head: StripeHead, handle: boolean): boolean {
  const members = head.batch;
  head.batch = [];
  head.batchHead = undefined;
  let waited = clearOverlap(head);
  for (const stripe of members) {
    stripe.state = (stripe.state & OWN_STATE) | (head.state & STRIPE.INSYNC);
    stripe.checkState = head.checkState;
    stripe.reconstructState = head.reconstructState;
    stripe.batchHead = undefined;
    waited = clearOverlap(stripe) || waited;
    stripe.dev.forEach((dev, disk) => {
      dev.flags = (head.dev[disk].flags & ~R5.WriteError) | (dev.flags & R5.WriteError);
    });
    if (handle || stripe.has(SYNC_FLAGS)) stripe.set(STRIPE.HANDLE);
    cache.release(stripe);
  }
  if (head.has(SYNC_FLAGS)) head.set(STRIPE.HANDLE);
  return waited;
}

/** Forgets who waits for the stripe; whether there was somebody. */
export function clearOverlap(stripe: StripeHead): boolean {
  let waited = false;
  for (const dev of stripe.dev) {
    waited ||= dev.has(R5.Overlap);
    dev.clear(R5.Overlap);
  }
  return waited;
}

function canBatch(stripe: StripeHead): boolean {
  return (
    stripe.has(STRIPE.BATCH_READY) &&
    !stripe.has(STRIPE.BIT_DELAY) &&
    stripe.dev.every((dev, disk) => stripe.isParity(disk) || dev.has(R5.OVERWRITE))
  );
}
