/**
 * `raid_run_ops`: carries out what a pass of the handler asked for as chains of asynchronous operations
 * (semantics 4.8). COMPUTE → PREXOR → BIODRAIN → RECONSTRUCT is one chain; BIOFILL and CHECK are chains of
 * their own. Completions only record and queue the stripe again; the handler decides.
 */
import type { AsyncTx, AsyncTxResult } from '../../async_tx/async-tx';
import type { Raid5Array } from '../array';
import { clearOverlap } from '../stripe/batch';
import { OP, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import { Biofill } from './biofill';
import { StripeCheck } from './check';
import { Compute } from './compute';
import { Reconstruct } from './reconstruct';

/** What every kind of operation needs. */
export interface OperationContext {
  readonly api: AsyncTx;
  /** The end of a completion: the stripe is to be looked at, and one holder lets go. */
  readonly requeue: (stripe: StripeHead) => void;
}

/** The end of an operation: the stripe is looked at again, whatever it was (OP-08, OP-10, OP-12). */
export function requeue({ cache }: Raid5Array, stripe: StripeHead): void {
  stripe.set(STRIPE.HANDLE);
  cache.release(stripe);
}

export class StripeOperations {
  readonly biofill: Biofill;
  private readonly compute: Compute;
  private readonly reconstruct: Reconstruct;
  private readonly check: StripeCheck;

  constructor(
    private readonly array: Raid5Array,
    api: AsyncTx,
  ) {
    const context: OperationContext = { api, requeue: (stripe) => array.steps.requeue(array, stripe) };
    this.biofill = new Biofill(context, array);
    this.compute = new Compute(context);
    this.reconstruct = new Reconstruct(context);
    this.check = new StripeCheck(context, array.geometry.level);
  }

  /** Runs the requested `OP` bits in the order of OP-01. */
  run(stripe: StripeHead, ops: number): void {
    this.array.history.add(stripe.sector, ops);
    for (const member of stripe.batch) this.array.history.add(member.sector, ops);
    if (ops & OP.BIOFILL) this.biofill.run(stripe);
    let tx: AsyncTxResult = null;
    if (ops & OP.COMPUTE) {
      tx = this.compute.run(stripe);
      if (tx !== null && !(ops & OP.RECONSTRUCT)) this.array.steps.ackCompute(tx);
    }
    if (ops & OP.PREXOR) tx = this.reconstruct.prexor(stripe, tx);
    if (ops & OP.BIODRAIN) tx = this.reconstruct.biodrain(stripe, tx);
    if (ops & OP.RECONSTRUCT) this.reconstruct.run(stripe, tx);
    if (ops & OP.CHECK) this.check.run(stripe);
    if (ops & (OP.BIOFILL | OP.BIODRAIN) && stripe.batchHead === undefined) this.wakeOverlap(stripe);
  }

  /** Lets requests that overlapped one of this stripe try again (BQ-06). */
  wakeOverlap(stripe: StripeHead): void {
    if (clearOverlap(stripe)) this.array.wakeOverlap();
  }
}
