/**
 * What the software path computes: copy, fill, xor and compare on pages, by the processor, at its cost.
 * These loops share nothing with the datapath of the engines, so that each can check the other.
 */
import type { PageSpan } from './page-access';
import { PageAccess } from './page-access';

/** `MAX_XOR_BLOCKS`: sources of one software pass (XR-14). */
export const MAX_XOR_BLOCKS = 4;

export class SyncKernels extends PageAccess {
  /** memcpy. */
  copy(dest: PageSpan, src: PageSpan, length: number): void {
    const from = this.touch(src, false);
    const to = this.touch(dest, true);
    this.spend(this.kernel.costs.copy, length, 2 * length);
    this.bytes.copyWithin(to, from, from + length);
    this.wrote('copy', to, length);
  }

  /** memset. @param value a byte */
  fill(dest: PageSpan, value: number, length: number): void {
    const to = this.touch(dest, true);
    this.spend(this.kernel.costs.fill, length, length);
    this.bytes.fill(value, to, to + length);
    this.wrote('fill', to, length);
  }

  /** `xor_blocks` in passes of at most four sources: dest := dest XOR all of them (XR-14). */
  xor(dest: PageSpan, sources: readonly PageSpan[], length: number): void {
    for (let first = 0; first < sources.length; first += MAX_XOR_BLOCKS) {
      this.xorPass(dest, sources.slice(first, first + MAX_XOR_BLOCKS), length);
    }
  }

  /** `page_is_zero`. */
  isZero(span: PageSpan, length: number): boolean {
    const start = this.touch(span, false);
    this.spend(this.kernel.costs.compare, length, length);
    return (start | length) % 4 === 0 ? this.areWordsZero(start, length) : this.areBytesZero(start, length);
  }

  /** memcmp: whether both hold the same bytes. */
  equal(a: PageSpan, b: PageSpan, length: number): boolean {
    const [first, second] = [a, b].map((span) => this.touch(span, false));
    this.spend(this.kernel.costs.compare, length, 2 * length);
    for (let i = 0; i < length; i++) if (this.bytes[first + i] !== this.bytes[second + i]) return false;
    return true;
  }

  private areWordsZero(start: number, length: number): boolean {
    const words = new Uint32Array(this.bytes.buffer, start, length / 4);
    for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
    return true;
  }

  private areBytesZero(start: number, length: number): boolean {
    for (let i = start; i < start + length; i++) if (this.bytes[i] !== 0) return false;
    return true;
  }

  private xorPass(dest: PageSpan, sources: readonly PageSpan[], length: number): void {
    const starts = sources.map((source) => this.touch(source, false));
    const to = this.touch(dest, true);
    this.spend(this.kernel.costs.xor, length * sources.length, length * (sources.length + 2));
    const aligned = [to, length, ...starts].every((position) => position % 8 === 0);
    for (const start of starts) {
      if (aligned) this.xorDoubleWords(to, start, length);
      else this.xorBytes(to, start, length);
    }
    this.wrote('xor', to, length);
  }

  private xorDoubleWords(to: number, from: number, length: number): void {
    const into = new BigUint64Array(this.bytes.buffer, to, length / 8);
    const source = new BigUint64Array(this.bytes.buffer, from, length / 8);
    for (let i = 0; i < into.length; i++) into[i] ^= source[i];
  }

  private xorBytes(to: number, from: number, length: number): void {
    for (let i = 0; i < length; i++) this.bytes[to + i] ^= this.bytes[from + i];
  }
}
