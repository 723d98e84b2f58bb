/**
 * The software path of P+Q: syndromes, products and recoveries by the processor, at its cost (the kernel's
 * `lib/raid6`). Like the other kernels here it shares nothing with the datapath of the engines.
 */
import { gfDouble, gfExi, gfExp, gfInv, gfProducts } from './galois';
import type { PageSpan } from './page-access';
import { PageAccess } from './page-access';

/** Data blocks by slot; a hole is a zero block. The slot is the power of 2 in Q. */
export type DataSpans = readonly (PageSpan | undefined)[];

/** Where P and Q go, or stand; what is missing is not computed. */
export interface SyndromeSpans {
  readonly p: PageSpan | undefined;
  readonly q: PageSpan | undefined;
}

type Lanes = Uint32Array | Uint8Array;

export class Raid6Kernels extends PageAccess {
  /** `raid6_call.gen_syndrome`: P := sum of the data, Q := sum of 2^slot times the data (PQ-01). */
  syndrome(data: DataSpans, sums: SyndromeSpans, length: number): void {
    this.pass(data, sums, length, false);
  }

  /** `raid6_call.xor_syndrome`: the same, added to what P and Q hold (PQ-10). */
  xorSyndrome(data: DataSpans, sums: SyndromeSpans, length: number): void {
    this.pass(data, sums, length, true);
  }

  /** dest := the sum of coefficient times source, in place too. */
  sumProduct(dest: PageSpan, sources: readonly PageSpan[], coefficients: readonly number[], length: number): void {
    const starts = sources.map((source) => this.touch(source, false));
    const to = this.touch(dest, true);
    this.spend(this.kernel.costs.multiply, length * starts.length, length * (starts.length + 1));
    const products = coefficients.map(gfProducts);
    const { bytes } = this;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let s = 0; s < starts.length; s++) sum ^= products[s][bytes[starts[s] + i]];
      bytes[to + i] = sum;
    }
    this.wrote('product', to, length);
  }

  /** Whether the sum of coefficient times source is zero everywhere; nothing is written. */
  sumProductIsZero(sources: readonly PageSpan[], coefficients: readonly number[], length: number): boolean {
    const starts = sources.map((source) => this.touch(source, false));
    this.spend(this.kernel.costs.multiply, length * starts.length, length * starts.length);
    const products = coefficients.map(gfProducts);
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let s = 0; s < starts.length; s++) sum ^= products[s][this.bytes[starts[s] + i]];
      if (sum !== 0) return false;
    }
    return true;
  }

  /** `raid6_2data_recov`: computes data blocks a < b from the others, P and Q (RR-02). */
  recover2data(data: DataSpans, p: PageSpan, q: PageSpan, a: number, b: number, length: number): void {
    const [dp, dq] = [data[a]!, data[b]!];
    this.syndrome(without(data, a, b), { p: dp, q: dq }, length);
    this.add(dp, p, length);
    this.add(dq, q, length);
    this.sumProduct(dq, [dp, dq], twoDataCoefficients(a, b), length);
    this.add(dp, dq, length);
  }

  /** `raid6_datap_recov`: computes data block a and P from the others and Q (RR-03). */
  recoverDatap(data: DataSpans, p: PageSpan, q: PageSpan, a: number, length: number): void {
    const dq = data[a]!;
    this.syndrome(without(data, a), { p, q: dq }, length);
    this.add(dq, q, length);
    this.sumProduct(dq, [dq], [gfInv(gfExp(a))], length);
    this.add(p, dq, length);
  }

  /** Horner's rule from the last block down: Q := 2Q + block. A hole costs as much as a block of zeroes. */
  private pass(data: DataSpans, { p, q }: SyndromeSpans, length: number, add: boolean): void {
    const first = add ? data.findIndex((span) => span !== undefined) : 0;
    if (first < 0) return;
    const starts = data.map((span) => (span === undefined ? undefined : this.touch(span, false)));
    const sums = [p, q].map((span) => (span === undefined ? undefined : this.touch(span, true)));
    const blocks = starts.filter((start) => start !== undefined).length;
    const last = add ? data.findLastIndex((span) => span !== undefined) : data.length - 1;
    const touched = blocks + sums.filter((start) => start !== undefined).length * (add ? 2 : 1);
    this.spend(this.kernel.costs.syndrome, length * (last - first + 1), length * touched);
    const aligned = [length, ...starts, ...sums].every((position) => (position ?? 0) % 4 === 0);
    const view = (start: number | undefined): Lanes | undefined => {
      if (start === undefined) return undefined;
      return aligned
        ? new Uint32Array(this.bytes.buffer, start, length / 4)
        : this.bytes.subarray(start, start + length);
    };
    fold(starts.map(view), view(sums[0]), view(sums[1]), aligned ? length / 4 : length, add);
    for (const start of sums) if (start !== undefined) this.wrote('syndrome', start, length);
  }

  private add(dest: PageSpan, source: PageSpan, length: number): void {
    const from = this.touch(source, false);
    const to = this.touch(dest, true);
    this.spend(this.kernel.costs.xor, length, 3 * length);
    for (let i = 0; i < length; i++) this.bytes[to + i] ^= this.bytes[from + i];
    this.wrote('xor', to, length);
  }
}

/** A and B of RR-02: D_b = A (P + Pxy) + B (Q + Qxy). */
export function twoDataCoefficients(a: number, b: number): readonly [number, number] {
  return [gfExi(b - a), gfInv(gfExp(a) ^ gfExp(b))];
}

function without(data: DataSpans, ...missing: readonly number[]): DataSpans {
  return data.map((span, slot) => (missing.includes(slot) ? undefined : span));
}

function fold(
  data: readonly (Lanes | undefined)[],
  p: Lanes | undefined,
  q: Lanes | undefined,
  lanes: number,
  add: boolean,
): void {
  const slots = data.length;
  for (let i = 0; i < lanes; i++) {
    let sum = 0;
    let weighted = 0;
    for (let slot = slots - 1; slot >= 0; slot--) {
      const lane = data[slot]?.[i] ?? 0;
      sum ^= lane;
      weighted = gfDouble(weighted) ^ lane;
    }
    if (p !== undefined) p[i] = add ? p[i] ^ sum : sum;
    if (q !== undefined) q[i] = add ? q[i] ^ weighted : weighted;
  }
}
