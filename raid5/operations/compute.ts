/** Making blocks from the others (OP-12 … OP-14). */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { asyncGenSyndrome } from '../../async_tx/pq';
import { asyncRaid62dataRecov, asyncRaid6DatapRecov } from '../../async_tx/raid6-recov';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { bugOn } from '../../emulator/kernel/bug';
import { STRIPE_SIZE } from '../geometry';
import { R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import type { OperationContext } from './operations';
import { pagesOf, wholeSyndrome, xorOrCopy } from './sources';

const { FENCE, XOR_ZERO_DST } = AsyncTxFlags;

export class Compute {
  constructor(private readonly context: OperationContext) {}

  /** Starts to compute the stripe's targets. The last descriptor comes back unacked. */
  run(stripe: StripeHead): AsyncTxResult {
    const wanted = stripe.targets.every((disk) => stripe.dev[disk].has(R5.Wantcompute));
    bugOn(!wanted, 'OP-12', 'computes a block nobody wants', 'raid_run_ops');
    stripe.count++;
    const [first, second] = stripe.targets;
    return second === undefined ? this.one(stripe, first) : this.two(stripe, first, second);
  }

  /** `ops_run_compute5`, `ops_run_compute6_1` (OP-13): Q is a syndrome, anything else the XOR of all but Q. */
  private one(stripe: StripeHead, target: number): AsyncTxResult {
    if (target === stripe.qdIdx) return this.syndrome(stripe, null, false);
    return this.xor(stripe, target, () => this.complete(stripe));
  }

  /** `ops_run_compute6_2` (OP-14). Recoveries are told slots, not members. */
  private two(stripe: StripeHead, first: number, second: number): AsyncTxResult {
    const { api, steps } = this.context;
    const { pdIdx, qdIdx } = stripe;
    const lost = [first, second];
    const data = lost.filter((disk) => !stripe.isParity(disk));
    if (data.length === 0) return this.syndrome(stripe, null, true);
    if (lost.includes(qdIdx)) return this.syndrome(stripe, this.xor(stripe, data[0]), false);
    const blocks = wholeSyndrome(stripe);
    const slots = data.map((disk) => steps.recoverySlot(stripe, disk));
    const submit = initAsyncSubmit(FENCE, null, () => this.complete(stripe));
    if (lost.includes(pdIdx)) return asyncRaid6DatapRecov(api, blocks, slots[0], STRIPE_SIZE, submit);
    return asyncRaid62dataRecov(api, blocks, slots[0], slots[1], STRIPE_SIZE, submit);
  }

  private xor(stripe: StripeHead, target: number, done?: () => void): AsyncTxResult {
    const sources = pagesOf(stripe, (disk) => disk !== target && disk !== stripe.qdIdx);
    const submit = initAsyncSubmit(FENCE | XOR_ZERO_DST, null, done);
    return xorOrCopy(this.context.api, stripe.dev[target].page, sources, submit);
  }

  private syndrome(stripe: StripeHead, tx: AsyncTxResult, withP: boolean): AsyncTxResult {
    const blocks = wholeSyndrome(stripe);
    if (!withP) blocks[stripe.slots[stripe.pdIdx]] = undefined;
    const submit = initAsyncSubmit(FENCE, tx, () => this.complete(stripe));
    return asyncGenSyndrome(this.context.api, blocks, STRIPE_SIZE, submit);
  }

  /** `ops_complete_compute` (OP-12). */
  private complete(stripe: StripeHead): void {
    for (const disk of stripe.targets) {
      const dev = stripe.dev[disk];
      bugOn(!dev.has(R5.Wantcompute), 'OP-12', 'a block nobody wants was computed', 'ops_complete_compute');
      dev.set(R5.UPTODATE);
      dev.clear(R5.Wantcompute);
    }
    stripe.targets = [];
    stripe.clear(STRIPE.COMPUTE_RUN);
    if (stripe.checkState === 'compute_run') stripe.checkState = 'compute_result';
    this.context.requeue(stripe, 'COMPUTE');
  }
}
