import { invariant } from '../findings';

const WASM_PAGE = 65_536;

/** DRAM of a machine unless asked otherwise. */
export const DEFAULT_DRAM_BYTES = 64 * 1024 * 1024;

/** Bytes behind the guest's DRAM in the same WebAssembly.Memory, where store queues of engines live. */
const SILICON_BYTES = WASM_PAGE;

/**
 * The DRAM of the machine: one WebAssembly.Memory of fixed size, seen as bytes and as little-endian words.
 * Everything in flight lives here (pages, hardware descriptors, stripes), and engines work on it in place.
 * A last stretch that no address decodes to belongs to the silicon: the store queues of the engines.
 */
export class Dram {
  readonly wasm: WebAssembly.Memory;
  /** The guest's DRAM as bytes; index 0 is physical address `base`. */
  readonly bytes: Uint8Array;
  /** All of the WebAssembly.Memory as bytes, silicon part included. */
  readonly allBytes: Uint8Array;
  /** All of the WebAssembly.Memory as words. */
  readonly allWords: Uint32Array;
  private siliconUsed: number;

  /**
   * @param base physical address of the first byte
   * @param size bytes, a multiple of 64 KiB
   */
  constructor(
    readonly base: number,
    readonly size: number,
  ) {
    if (size <= 0 || size % WASM_PAGE !== 0) throw new RangeError(`DRAM of ${size} bytes is no multiple of 64 KiB`);
    const pages = (size + SILICON_BYTES) / WASM_PAGE;
    this.wasm = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.allBytes = new Uint8Array(this.wasm.buffer);
    this.allWords = new Uint32Array(this.wasm.buffer);
    this.bytes = this.allBytes.subarray(0, size);
    this.siliconUsed = size;
    invariant(new Uint8Array(Uint32Array.of(1).buffer)[0] === 1, 'the host is little-endian');
  }

  /** Reserves `bytes` of silicon storage; returns an offset into the WebAssembly.Memory, 64-byte aligned. */
  reserveSilicon(bytes: number): number {
    const offset = this.siliconUsed;
    this.siliconUsed = (offset + bytes + 63) & ~63;
    invariant(this.siliconUsed <= this.size + SILICON_BYTES, 'store queues fit behind the DRAM');
    return offset;
  }

  /** Power-on: all zeros, and no silicon storage reserved. */
  clear(): void {
    this.allBytes.fill(0);
    this.siliconUsed = this.size;
  }

  /** Whether all of [address, address + length) is DRAM. */
  contains(address: number, length: number): boolean {
    return address >= this.base && address + length <= this.base + this.size;
  }

  /** The little-endian word at a physical address that is DRAM and a multiple of 4. */
  word(address: number): number {
    return this.allWords[(address - this.base) >>> 2];
  }

  /** Changes the word at a physical address that is DRAM and a multiple of 4. */
  setWord(address: number, value: number): void {
    this.allWords[(address - this.base) >>> 2] = value;
  }
}
