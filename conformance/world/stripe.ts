/** A RAID-6 stripe of a case: data, P and Q that async_tx computes, checks and recovers. */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import type { BlockList } from '../../async_tx/blocks';
import { asyncGenSyndrome } from '../../async_tx/pq';
import { asyncSyndromeVal } from '../../async_tx/pq-val';
import { asyncRaid62dataRecov, asyncRaid6DatapRecov } from '../../async_tx/raid6-recov';
import type { AsyncSubmit } from '../../async_tx/submit';
import { AsyncTxFlags } from '../../async_tx/submit';
import { gfPowerOfTwo, plainWeighted, plainXor } from '../../dmaengine/dmatest/plain';
import { SumCheck } from '../../dmaengine/flags';
import type { AsyncBench, Step, Wanted } from './async-bench';
import { placeOf } from './async-bench';
import type { Span } from './buffers';
import { shadowOf } from './buffers';
import { NO_ANSWER } from './operation';

/** What a stripe looks like. */
export interface StripeShape {
  /** Data slots, holes included. */
  readonly slots: number;
  /** Slots without a block. */
  readonly holes?: readonly number[];
  /** Bytes of each block. */
  readonly len: number;
}

/** Which of both sums an operation is about. */
export type Sums = 'both' | 'p' | 'q';

export class Stripe {
  readonly data: readonly (Span | undefined)[];
  readonly p: Span;
  readonly q: Span;
  /** Where a check without an engine may compute. */
  readonly spare: Span;
  readonly len: number;

  constructor(
    private readonly bench: AsyncBench,
    { slots, holes = [], len }: StripeShape,
  ) {
    const block = (): Span => bench.world.buffer().span(0, len);
    this.len = len;
    this.data = Array.from({ length: slots }, (_, slot) => (holes.includes(slot) ? undefined : block()));
    [this.p, this.q, this.spare] = [block(), block(), block()];
  }

  /** `async_gen_syndrome`. With PQ_XOR_DST among the flags the sums are added to what is there. */
  syndrome(wanted: Wanted = {}, sums: Sums = 'both'): Step {
    const add = ((wanted.flags ?? 0) & AsyncTxFlags.PQ_XOR_DST) !== 0;
    this.sum(sums, add);
    const list = this.list(sums);
    return this.bench.start('pq', wanted, 0, (submit) => asyncGenSyndrome(this.bench.api, list, this.len, submit));
  }

  /** `async_syndrome_val`. */
  check(wanted: Wanted = {}, sums: Sums = 'both'): Step {
    const { bench, len } = this;
    const result = { value: NO_ANSWER };
    const { p, q } = this.models();
    const wrong = (span: Span, model: Uint8Array): boolean => shadowOf(span).some((byte, i) => byte !== model[i]);
    const answer =
      (sums !== 'q' && wrong(this.p, p) ? SumCheck.P_RESULT : 0) |
      (sums !== 'p' && wrong(this.q, q) ? SumCheck.Q_RESULT : 0);
    const step = bench.start('pq_val', wanted, 0, (submit) =>
      asyncSyndromeVal(bench.api, this.list(sums), len, result, placeOf(this.spare), submit),
    );
    bench.expect(step, result, answer);
    // The page of the sums is nobody's (PV-03).
    if (step.tx === null) shadowOf(this.spare).set(bytesOf(this.spare));
    return step;
  }

  /** Makes P and Q right without any operation. */
  settle(): void {
    this.sum('both', false);
    for (const span of [this.p, this.q]) bytesOf(span).set(shadowOf(span));
  }

  /** Puts noise where a block was; what should be there stays known. */
  lose(...spans: readonly Span[]): void {
    for (const span of spans) bytesOf(span).forEach((byte, i, bytes) => (bytes[i] = byte ^ (0x5a + (i % 7))));
  }

  /** `async_raid6_2data_recov`. */
  recoverData(a: number, b: number, wanted: Wanted = {}): Step {
    return this.recover(wanted, (submit) =>
      asyncRaid62dataRecov(this.bench.api, this.list('both'), a, b, this.len, submit),
    );
  }

  /** `async_raid6_datap_recov`. */
  recoverDataP(a: number, wanted: Wanted = {}): Step {
    return this.recover(wanted, (submit) =>
      asyncRaid6DatapRecov(this.bench.api, this.list('both'), a, this.len, submit),
    );
  }

  private recover(wanted: Wanted, ask: (submit: AsyncSubmit) => AsyncTxResult): Step {
    return this.bench.start('recovery', wanted, 0, ask);
  }

  /** The block list (PQ-02). */
  private list(sums: Sums): BlockList {
    const place = (span: Span | undefined) => (span === undefined ? undefined : placeOf(span));
    return [
      ...this.data.map(place),
      place(sums === 'q' ? undefined : this.p),
      place(sums === 'p' ? undefined : this.q),
    ];
  }

  private sum(sums: Sums, add: boolean): void {
    const { p, q } = this.models();
    const put = (span: Span, sum: Uint8Array): void =>
      shadowOf(span).set(add ? plainXor([shadowOf(span), sum], this.len) : sum);
    if (sums !== 'q') put(this.p, p);
    if (sums !== 'p') put(this.q, q);
  }

  /** What P and Q of the data are, from the formulas (PQ-01). */
  private models(): { readonly p: Uint8Array; readonly q: Uint8Array } {
    const there = this.data.flatMap((span, slot) => (span === undefined ? [] : [{ bytes: shadowOf(span), slot }]));
    const parts = there.map(({ bytes }) => bytes);
    const weights = there.map(({ slot }) => gfPowerOfTwo(slot));
    return { p: plainXor(parts, this.len), q: plainWeighted(parts, weights, this.len) };
  }
}

/** The bytes that are there. */
function bytesOf({ buffer, offset, len }: Span): Uint8Array {
  return buffer.bytes.subarray(offset, offset + len);
}
