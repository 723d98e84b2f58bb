/** Comparing P and Q with the data (OP-10). */
import { asyncSyndromeVal } from '../../async_tx/pq-val';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { asyncXorVal } from '../../async_tx/xor-val';
import type { PageSpan } from '../../async_tx/sync/page-access';
import { STRIPE_SIZE } from '../geometry';
import type { Level } from '../layouts';
import type { StripeHead } from '../stripe/stripe-head';
import type { OperationContext } from './operations';
import { pagesOf, wholeSyndrome } from './sources';

const { ACK } = AsyncTxFlags;

export class StripeCheck {
  /** `percpu->spare_page`: where the processor puts sums to compare them. */
  private readonly spare: PageSpan | undefined;

  constructor(
    private readonly context: OperationContext,
    level: Level,
  ) {
    if (level === 6) this.spare = { page: context.api.kernel.pages.alloc(), offset: 0 };
  }

  run(stripe: StripeHead): void {
    if (stripe.checkState === 'run') this.checkP(stripe);
    else this.checkPq(stripe, stripe.checkState === 'run_pq');
  }

  /** `ops_run_check_p`: P first, then the data. */
  private checkP(stripe: StripeHead): void {
    const { api } = this.context;
    const parity = stripe.dev[stripe.pdIdx].page;
    const sources = [parity, ...pagesOf(stripe, (disk) => !stripe.isParity(disk))];
    const tx = asyncXorVal(api, parity, sources, 0, STRIPE_SIZE, stripe.zeroSumResult, initAsyncSubmit(0));
    stripe.count++;
    asyncTriggerCallback(
      api,
      initAsyncSubmit(ACK, tx, () => this.complete(stripe)),
    );
  }

  /** `ops_run_check_pq`: without P only Q is compared. */
  private checkPq(stripe: StripeHead, withP: boolean): void {
    const { api } = this.context;
    const blocks = wholeSyndrome(stripe);
    if (!withP) blocks[stripe.slots[stripe.pdIdx]] = undefined;
    stripe.count++;
    const submit = initAsyncSubmit(ACK, null, () => this.complete(stripe));
    asyncSyndromeVal(api, blocks, STRIPE_SIZE, stripe.zeroSumResult, this.spare, submit);
  }

  /** `ops_complete_check`. */
  private complete(stripe: StripeHead): void {
    stripe.checkState = 'check_result';
    this.context.requeue(stripe, 'CHECK');
  }
}
