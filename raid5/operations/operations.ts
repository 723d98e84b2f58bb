/**
 * `raid_run_ops`: carries out what a pass of the handler asked for as chains of asynchronous operations
 * (semantics 4.8, RAID-5). COMPUTE → PREXOR → BIODRAIN → RECONSTRUCT is one chain; BIOFILL and CHECK are
 * chains of their own.
 */
import type { AsyncTx, AsyncTxResult } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { asyncXor } from '../../async_tx/xor';
import { asyncXorVal } from '../../async_tx/xor-val';
import { asyncTxAck } from '../../dmaengine/descriptor';
import { bugOn } from '../../emulator/kernel/bug';
import type { Page } from '../../emulator/kernel/pages';
import type { Raid5Array } from '../array';
import { STRIPE_SIZE } from '../geometry';
import { OP, R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import { asyncCopyData } from './copy-data';

const { ACK, FENCE, XOR_DROP_DST, XOR_ZERO_DST } = AsyncTxFlags;

export class StripeOperations {
  constructor(
    private readonly array: Raid5Array,
    private readonly api: AsyncTx,
  ) {}

  /** Runs the requested `OP` bits in the order of OP-01. */
  run(stripe: StripeHead, ops: number): void {
    this.array.history.add(stripe.sector, ops);
    if (ops & OP.BIOFILL) this.biofill(stripe);
    let tx: AsyncTxResult = null;
    if (ops & OP.COMPUTE) {
      tx = this.compute(stripe);
      if (tx !== null && !(ops & OP.RECONSTRUCT)) asyncTxAck(tx);
    }
    if (ops & OP.PREXOR) tx = this.prexor(stripe, tx);
    if (ops & OP.BIODRAIN) tx = this.biodrain(stripe, tx);
    if (ops & OP.RECONSTRUCT) this.reconstruct(stripe, tx);
    if (ops & OP.CHECK) this.check(stripe);
    if (ops & (OP.BIOFILL | OP.BIODRAIN)) this.wakeOverlap(stripe);
  }

  /** OP-03: copies cached blocks into the reads that wait for them. */
  private biofill(stripe: StripeHead): void {
    let tx: AsyncTxResult = null;
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      const dev = stripe.dev[disk];
      if (!dev.has(R5.Wantfill)) continue;
      dev.read = dev.toread.splice(0);
      for (const bio of dev.read) tx = asyncCopyData(this.api, false, bio, dev.page, dev.sector, tx);
    }
    stripe.count++;
    asyncTriggerCallback(
      this.api,
      initAsyncSubmit(ACK, tx, () => this.biofillDone(stripe)),
    );
  }

  /** `ops_complete_biofill`: every Wantfill is answered, and the stripe is looked at again (OP-03, OP-04). */
  private biofillDone(stripe: StripeHead): void {
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      const dev = stripe.dev[disk];
      if (!dev.has(R5.Wantfill)) continue;
      dev.clear(R5.Wantfill);
      for (const bio of dev.read.splice(0)) bio.done();
    }
    stripe.clear(STRIPE.BIOFILL_RUN);
    this.requeue(stripe);
  }

  /** OP-13: one block from all others. */
  private compute(stripe: StripeHead): AsyncTxResult {
    const { target } = stripe;
    bugOn(!stripe.dev[target].has(R5.Wantcompute), 'OP-12', 'computes a block nobody wants', 'ops_run_compute5');
    const sources = pages(stripe, (disk) => disk !== target);
    stripe.count++;
    const flags = FENCE | XOR_ZERO_DST;
    return this.xorOrCopy(stripe.dev[target].page, sources, flags, null, () => this.computeDone(stripe));
  }

  /** `ops_complete_compute` (OP-12). */
  private computeDone(stripe: StripeHead): void {
    const dev = stripe.dev[stripe.target];
    bugOn(!dev.has(R5.Wantcompute), 'OP-12', 'a block nobody wants was computed', 'ops_complete_compute');
    dev.set(R5.UPTODATE);
    dev.clear(R5.Wantcompute);
    stripe.target = -1;
    stripe.clear(STRIPE.COMPUTE_RUN);
    if (stripe.checkState === 'compute_run') stripe.checkState = 'compute_result';
    this.requeue(stripe);
  }

  /** OP-07: takes the old contents of the blocks to be written out of parity. */
  private prexor(stripe: StripeHead, tx: AsyncTxResult): AsyncTxResult {
    const parity = stripe.dev[stripe.pdIdx].page;
    const sources = [parity, ...pages(stripe, (_, dev) => dev.has(R5.Wantdrain))];
    const submit = initAsyncSubmit(FENCE | XOR_DROP_DST, tx, prexorDone);
    return asyncXor(this.api, parity, sources, 0, STRIPE_SIZE, submit);
  }

  /** OP-06: copies the writes into the stripe. */
  private biodrain(stripe: StripeHead, dependTx: AsyncTxResult): AsyncTxResult {
    let tx = dependTx;
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      const dev = stripe.dev[disk];
      if (!dev.has(R5.Wantdrain)) continue;
      bugOn(dev.written.length > 0, 'OP-06', 'writes are drained over unanswered ones', 'ops_run_biodrain');
      dev.clear(R5.Wantdrain | R5.OVERWRITE);
      dev.written = dev.towrite.splice(0);
      for (const bio of dev.written) tx = asyncCopyData(this.api, true, bio, dev.page, dev.sector, tx);
    }
    return tx;
  }

  /** OP-08: new parity, from parity and the new blocks after a prexor, else from all data. */
  private reconstruct(stripe: StripeHead, tx: AsyncTxResult): void {
    const { pdIdx } = stripe;
    const parity = stripe.dev[pdIdx].page;
    const prexor = stripe.reconstructState === 'prexor_drain_run';
    const sources = prexor
      ? [parity, ...pages(stripe, (_, dev) => dev.written.length > 0)]
      : pages(stripe, (disk) => disk !== pdIdx);
    stripe.count++;
    const flags = ACK | (prexor ? XOR_DROP_DST : XOR_ZERO_DST);
    this.xorOrCopy(parity, sources, flags, tx, () => this.reconstructDone(stripe));
  }

  /** `ops_complete_reconstruct` (OP-08). */
  private reconstructDone(stripe: StripeHead): void {
    stripe.dev.forEach((dev, disk) => {
      if (dev.written.length > 0 || disk === stripe.pdIdx) dev.set(R5.UPTODATE);
    });
    stripe.reconstructState = stripe.reconstructState === 'drain_run' ? 'drain_result' : 'prexor_drain_result';
    this.requeue(stripe);
  }

  /** OP-10: compares parity with the data. */
  private check(stripe: StripeHead): void {
    const parity = stripe.dev[stripe.pdIdx].page;
    const sources = [parity, ...pages(stripe, (disk) => disk !== stripe.pdIdx)];
    const submit = initAsyncSubmit(0);
    const tx = asyncXorVal(this.api, parity, sources, 0, STRIPE_SIZE, stripe.zeroSumResult, submit);
    stripe.count++;
    asyncTriggerCallback(
      this.api,
      initAsyncSubmit(ACK, tx, () => this.checkDone(stripe)),
    );
  }

  /** `ops_complete_check`. */
  private checkDone(stripe: StripeHead): void {
    stripe.checkState = 'check_result';
    this.requeue(stripe);
  }

  private xorOrCopy(
    dest: Page,
    sources: readonly Page[],
    flags: number,
    tx: AsyncTxResult,
    done: () => void,
  ): AsyncTxResult {
    const submit = initAsyncSubmit(flags, tx, done);
    if (sources.length === 1) return asyncMemcpy(this.api, dest, sources[0], 0, 0, STRIPE_SIZE, submit);
    return asyncXor(this.api, dest, sources, 0, STRIPE_SIZE, submit);
  }

  private requeue(stripe: StripeHead): void {
    stripe.set(STRIPE.HANDLE);
    this.array.cache.release(stripe);
  }

  private wakeOverlap(stripe: StripeHead): void {
    let any = false;
    for (const dev of stripe.dev) {
      any ||= dev.has(R5.Overlap);
      dev.clear(R5.Overlap);
    }
    if (any) this.array.wakeOverlap();
  }
}

/** `ops_complete_prexor`: nothing to do, but the kernel asks for it, and so for an interrupt (AX-10). */
function prexorDone(): void {}

function pages(stripe: StripeHead, wanted: (disk: number, dev: StripeHead['dev'][number]) => boolean): Page[] {
  const list: Page[] = [];
  for (let disk = stripe.disks - 1; disk >= 0; disk--) {
    const dev = stripe.dev[disk];
    if (wanted(disk, dev)) list.push(dev.page);
  }
  return list;
}
