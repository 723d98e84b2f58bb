/**
 * `raid_run_ops`: carries out what a pass of the handler asked for as chains of asynchronous operations
 * (semantics 4.8). COMPUTE → PREXOR → BIODRAIN → RECONSTRUCT is one chain; BIOFILL and CHECK are chains of
 * their own. Completions only record and queue the stripe again; the handler decides.
 */
import type { AsyncTx, AsyncTxResult } from '../../async_tx/async-tx';
import type { Raid5Array } from '../array';
import { clearOverlap } from '../stripe/batch';
import type { StripeSteps } from '../steps';
import { OP, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import { Biofill } from './biofill';
import { StripeCheck } from './check';
import { Compute } from './compute';
import { Reconstruct } from './reconstruct';

export type OperationName = keyof typeof OP;

/** What every kind of operation needs. */
export interface OperationContext {
  readonly api: AsyncTx;
  readonly steps: StripeSteps;
  /** The end of a completion, of a chain that ends with `op`: the stripe is to be looked at, and one holder lets go. */
  readonly requeue: (stripe: StripeHead, op: OperationName) => void;
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
    const context: OperationContext = {
      api,
      steps: array.steps,
      requeue: (stripe, op) => {
        array.trace?.emit('stripe.op-end', { stripe: stripe.index, sector: stripe.sector, op });
        array.steps.requeue(array, stripe);
      },
    };
    this.biofill = new Biofill(context, array);
    this.compute = new Compute(context);
    this.reconstruct = new Reconstruct(context);
    this.check = new StripeCheck(context, array.geometry.level);
  }

  /** Runs the requested `OP` bits in the order of OP-01. */
  run(stripe: StripeHead, ops: number): void {
    this.array.history.add(stripe.sector, ops);
    for (const member of stripe.batch) this.array.history.add(member.sector, ops);
    if (this.asks(stripe, ops, 'BIOFILL')) this.biofill.run(stripe);
    let tx: AsyncTxResult = null;
    if (this.asks(stripe, ops, 'COMPUTE')) {
      tx = this.compute.run(stripe);
      if (tx !== null && !(ops & OP.RECONSTRUCT)) this.array.steps.ackCompute(tx);
    }
    if (this.asks(stripe, ops, 'PREXOR')) tx = this.reconstruct.prexor(stripe, tx);
    if (this.asks(stripe, ops, 'BIODRAIN')) tx = this.reconstruct.biodrain(stripe, tx);
    if (this.asks(stripe, ops, 'RECONSTRUCT')) this.reconstruct.run(stripe, tx);
    if (this.asks(stripe, ops, 'CHECK')) this.check.run(stripe);
    this.array.trace?.emit('stripe.asked', { stripe: stripe.index });
    if (ops & (OP.BIOFILL | OP.BIODRAIN) && stripe.batchHead === undefined) this.wakeOverlap(stripe);
  }

  /** Whether the pass asks for this operation, and if so says that it is the next. */
  private asks({ index, sector }: StripeHead, ops: number, op: OperationName): boolean {
    if ((ops & OP[op]) === 0) return false;
    this.array.trace?.emit('stripe.op', { stripe: index, sector, op });
    return true;
  }

  /** Lets requests that overlapped one of this stripe try again (BQ-06). */
  wakeOverlap(stripe: StripeHead): void {
    if (clearOverlap(stripe)) this.array.wakeOverlap();
  }
}
