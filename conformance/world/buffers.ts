/** Memory of a case, with what it should hold beside it. */
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { Kernel } from '../../emulator/kernel/kernel';
import type { SeededRandom } from '../../emulator/sim/random';

/** Pages side by side, full of noise; whatever no operation writes must stay as it was. */
export class Buffer {
  readonly size: number;
  /** physical */
  readonly address: number;
  /** The bytes that are there. */
  readonly bytes: Uint8Array;
  /** The bytes that should be there. */
  readonly shadow: Uint8Array;
  private readonly words: Uint32Array;
  private readonly shadowWords: Uint32Array;

  constructor(
    readonly name: string,
    readonly pages: readonly Page[],
    kernel: Kernel,
    random: SeededRandom,
  ) {
    const { dram } = kernel.machine;
    this.size = pages.length * PAGE_SIZE;
    this.address = pages[0].address;
    const start = this.address - dram.base;
    this.bytes = dram.bytes.subarray(start, start + this.size);
    this.words = new Uint32Array(dram.bytes.buffer, dram.bytes.byteOffset + start, this.size / 4);
    for (let i = 0; i < this.words.length; i++) this.words[i] = random.next();
    this.shadow = this.bytes.slice();
    this.shadowWords = new Uint32Array(this.shadow.buffer);
  }

  /** Some of it. @param len bytes, the rest unless given */
  span(offset = 0, len = this.size - offset): Span {
    return { buffer: this, offset, len };
  }

  /** The processor writes a byte, in both places. */
  poke(index: number, value: number): void {
    this.bytes[index] = value;
    this.shadow[index] = value;
  }

  /** Whatever is there now is as it should be: an operation failed half way. */
  accept(): void {
    this.shadow.set(this.bytes);
  }

  /** The first byte that is not what it should be; -1 when there is none. */
  firstWrong(): number {
    const { words, shadowWords, bytes, shadow } = this;
    let word = 0;
    while (word < words.length && words[word] === shadowWords[word]) word++;
    if (word === words.length) return -1;
    let at = 4 * word;
    while (bytes[at] === shadow[at]) at++;
    return at;
  }
}

/** A stretch of a buffer, in bytes. */
export interface Span {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly len: number;
}

/** What the span should hold. */
export function shadowOf({ buffer, offset, len }: Span): Uint8Array {
  return buffer.shadow.subarray(offset, offset + len);
}

/** Its physical address. */
export function addressOf({ buffer, offset }: Span): number {
  return buffer.address + offset;
}
