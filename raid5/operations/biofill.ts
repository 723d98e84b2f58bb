/** Answering reads from cached blocks (OP-03, OP-04). */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import type { Raid5Array } from '../array';
import { R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import { asyncCopyData } from './copy-data';
import type { OperationContext } from './operations';

/** OP-03: every block that was filled is answered, whatever was asked for since. */
export function answersFill(): boolean {
  return true;
}

export class Biofill {
  constructor(
    private readonly context: OperationContext,
    private readonly array: Raid5Array,
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
    const { steps } = this.array;
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      const dev = stripe.dev[disk];
      if (!dev.has(R5.Wantfill) || !steps.answersFill(dev)) continue;
      dev.clear(R5.Wantfill);
      for (const bio of dev.read.splice(0)) bio.done();
    }
    stripe.clear(STRIPE.BIOFILL_RUN);
    this.array.trace?.emit('stripe.op-end', { stripe: stripe.index, sector: stripe.sector, op: 'BIOFILL' });
    steps.fillEnded(this.array, stripe);
  }
}
