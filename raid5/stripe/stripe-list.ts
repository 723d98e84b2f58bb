import { invariant } from '../../emulator/findings';
import type { StripeHead } from './stripe-head';

/** Stripes in the order they came, linked through themselves (`lru` of `struct stripe_head`): a stripe is on one list at most. */
export class StripeList {
  first: StripeHead | undefined;
  private last: StripeHead | undefined;
  size = 0;

  /** Puts a stripe at the end. */
  add(stripe: StripeHead): void {
    invariant(stripe.list === undefined, 'a stripe is on one list at most');
    stripe.list = this;
    stripe.listPrevious = this.last;
    if (this.last === undefined) this.first = stripe;
    else this.last.listNext = stripe;
    this.last = stripe;
    this.size++;
  }

  /** Takes one of its stripes off. */
  remove(stripe: StripeHead): void {
    const { listPrevious, listNext } = stripe;
    if (listPrevious === undefined) this.first = listNext;
    else listPrevious.listNext = listNext;
    if (listNext === undefined) this.last = listPrevious;
    else listNext.listPrevious = listPrevious;
    stripe.list = undefined;
    stripe.listPrevious = undefined;
    stripe.listNext = undefined;
    this.size--;
  }

  /** What is on it, first come first; the one at hand may be taken off meanwhile. */
  *[Symbol.iterator](): Generator<StripeHead, void, void> {
    let stripe = this.first;
    while (stripe !== undefined) {
      const next: StripeHead | undefined = stripe.listNext;
      yield stripe;
      stripe = next;
    }
  }
}
