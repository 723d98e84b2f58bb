/** New parity for new data: prexor, drain, reconstruct (OP-06 … OP-08). */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { asyncGenSyndrome } from '../../async_tx/pq';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXor } from '../../async_tx/xor';
import { bugOn } from '../../emulator/kernel/bug';
import { STRIPE_SIZE } from '../geometry';
import type { ReconstructState } from '../stripe/flags';
import { R5 } from '../stripe/flags';
import type { R5Dev, StripeHead } from '../stripe/stripe-head';
import { asyncCopyData } from './copy-data';
import type { OperationContext } from './operations';
import { pagesOf, syndromeSources, wholeSyndrome, xorOrCopy } from './sources';

const { ACK, FENCE, PQ_XOR_DST, XOR_DROP_DST, XOR_ZERO_DST } = AsyncTxFlags;

/** What a completion makes of a state. One that was given up meanwhile stays given up (HS-06). */
const RESULT: Readonly<Record<ReconstructState, ReconstructState>> = {
  idle: 'idle',
  prexor_drain_run: 'prexor_drain_result',
  drain_run: 'drain_result',
  prexor_drain_result: 'prexor_drain_result',
  drain_result: 'drain_result',
};

export class Reconstruct {
  constructor(private readonly context: OperationContext) {}

  /** `ops_run_prexor5`, `ops_run_prexor6` (OP-07): takes the old contents of the blocks to be written out of P and Q. */
  prexor(stripe: StripeHead, tx: AsyncTxResult): AsyncTxResult {
    const { api } = this.context;
    const drained = (dev: R5Dev): boolean => dev.has(R5.Wantdrain);
    if (stripe.qdIdx >= 0) {
      const submit = initAsyncSubmit(FENCE | PQ_XOR_DST, tx, prexorDone);
      return asyncGenSyndrome(api, syndromeSources(stripe, drained), STRIPE_SIZE, submit);
    }
    const parity = stripe.dev[stripe.pdIdx].page;
    const sources = [parity, ...pagesOf(stripe, (_, dev) => drained(dev))];
    const submit = initAsyncSubmit(FENCE | XOR_DROP_DST, tx, prexorDone);
    return asyncXor(api, parity, sources, 0, STRIPE_SIZE, submit);
  }

  /** `ops_run_biodrain` (OP-06): copies the writes into the stripe and all others of its batch. */
  biodrain(stripe: StripeHead, dependTx: AsyncTxResult): AsyncTxResult {
    let tx = dependTx;
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      if (!stripe.dev[disk].has(R5.Wantdrain)) continue;
      stripe.dev[disk].clear(R5.Wantdrain);
      tx = this.drain(stripe.dev[disk], tx);
      for (const member of stripe.batch) tx = this.drain(member.dev[disk], tx);
    }
    return tx;
  }

  private drain(dev: R5Dev, dependTx: AsyncTxResult): AsyncTxResult {
    let tx = dependTx;
    bugOn(dev.written.length > 0, 'OP-06', 'writes are drained over unanswered ones', 'ops_run_biodrain');
    dev.clear(R5.OVERWRITE);
    dev.written = dev.towrite;
    dev.towrite = [];
    for (const bio of dev.written) tx = asyncCopyData(this.context.api, true, bio, dev.page, dev.sector, tx);
    return tx;
  }

  /** `ops_run_reconstruct5`, `ops_run_reconstruct6` (OP-08): from parity and the new blocks after a prexor, else from all data. */
  run(head: StripeHead, dependTx: AsyncTxResult): void {
    const prexor = head.reconstructState === 'prexor_drain_run';
    const last = head.batch.at(-1) ?? head;
    let tx = dependTx;
    head.count++;
    for (let i = -1; i < head.batch.length; i++) {
      const stripe = i < 0 ? head : head.batch[i];
      tx = this.sums(stripe, prexor, tx, stripe === last ? () => this.complete(head) : undefined);
    }
  }

  /** New P and Q of one stripe; `done` comes with the last one of a batch. */
  private sums(stripe: StripeHead, prexor: boolean, tx: AsyncTxResult, done: (() => void) | undefined): AsyncTxResult {
    const { api } = this.context;
    const written = (dev: R5Dev): boolean => dev.written.length > 0;
    const ack = done === undefined ? 0 : ACK;
    if (stripe.qdIdx >= 0) {
      const blocks = prexor ? syndromeSources(stripe, written) : wholeSyndrome(stripe);
      return asyncGenSyndrome(api, blocks, STRIPE_SIZE, initAsyncSubmit(prexor ? PQ_XOR_DST : ack, tx, done));
    }
    const parity = stripe.dev[stripe.pdIdx].page;
    const sources = prexor
      ? [parity, ...pagesOf(stripe, (_, dev) => written(dev))]
      : pagesOf(stripe, (disk) => disk !== stripe.pdIdx);
    return xorOrCopy(api, parity, sources, initAsyncSubmit(ack | (prexor ? XOR_DROP_DST : XOR_ZERO_DST), tx, done));
  }

  /** `ops_complete_reconstruct` (OP-08). */
  private complete(stripe: StripeHead): void {
    stripe.dev.forEach((dev, disk) => {
      if (dev.written.length > 0 || stripe.isParity(disk)) dev.set(R5.UPTODATE);
    });
    stripe.reconstructState = RESULT[stripe.reconstructState];
    this.context.requeue(stripe, 'RECONSTRUCT');
  }
}

/** `ops_complete_prexor`: nothing to do, but the kernel asks for it, and so for an interrupt (AX-10). */
function prexorDone(): void {}
