import type { R5Dev, Raid5Array, StripeHead } from 'iop-adma';
import { STRIPE } from 'iop-adma';

/** Whether the completion takes the mark off this block, which has been copied, and answers the reads in `dev.read`. */
export function answersFill(_dev: R5Dev): boolean {
  return true;
}

/** The end of the completion; it holds the stripe once. */
export function fillEnded(array: Raid5Array, stripe: StripeHead): void {
  stripe.set(STRIPE.HANDLE);
  array.cache.release(stripe);
}

/** Your prediction about the functions as they were given; null is no answer. */
export const predictions = {
  /** A second read comes while the copy for the first is under way. Which is answered: 0 neither, 1 the first, 2 the second, 3 both? */
  answered: 2 as number | null,
};
