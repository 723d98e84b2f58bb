/** Answering reads from cached blocks (OP-03, OP-04). */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { R5, STRIPE } from '../stripe/flags';
import type { StripeCache } from '../stripe/stripe-cache';
import type { StripeHead } from '../stripe/stripe-head';
import { asyncCopyData } from './copy-data';
import type { OperationContext } from './operations';

/**
 * The two bugs of `ops_complete_biofill` that the seed patch of 2007 fixed, to be switched on again by whoever
 * wants to see them.
 */
export interface BiofillBugs {
  /**
   * The completion finds out by itself whether more reads wait, without the stripe's lock, and asks for the handler only
   * then. What it misses another processor must have queued at that moment; with one it costs nothing but the rule.
   */
  decidesByItself: boolean;
  /** The completion passes over blocks for which another read has been queued meanwhile. */
  skipsBlocksWithNewReads: boolean;
}

export class Biofill {
  readonly bugs: BiofillBugs = { decidesByItself: false, skipsBlocksWithNewReads: false };

  constructor(
    private readonly context: OperationContext,
    private readonly cache: StripeCache,
  ) {}

  /** `ops_run_biofill`: copies cached blocks into the reads that wait for them. */
  run(stripe: StripeHead): void {
    const { api } = this.context;
    let tx: AsyncTxResult = null;
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      const dev = stripe.dev[disk];
      if (!dev.has(R5.Wantfill)) continue;
      dev.read = dev.toread.splice(0);
      for (const bio of dev.read) tx = asyncCopyData(api, false, bio, dev.page, dev.sector, tx);
    }
    stripe.count++;
    asyncTriggerCallback(
      api,
      initAsyncSubmit(AsyncTxFlags.ACK, tx, () => this.complete(stripe)),
    );
  }

  /**
   * `ops_complete_biofill`: every Wantfill is answered, and the stripe is looked at again. Wantfill is never set while
   * BIOFILL_RUN is, so there is none here that a newer read brought (OP-04).
   */
  private complete(stripe: StripeHead): void {
    let moreToRead = false;
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      const dev = stripe.dev[disk];
      moreToRead ||= dev.toread.length > 0;
      if (!dev.has(R5.Wantfill) || (this.bugs.skipsBlocksWithNewReads && dev.toread.length > 0)) continue;
      dev.clear(R5.Wantfill);
      for (const bio of dev.read.splice(0)) bio.done();
    }
    stripe.clear(STRIPE.BIOFILL_RUN);
    if (this.bugs.decidesByItself && !moreToRead) this.cache.release(stripe);
    else this.context.requeue(stripe);
  }
}
