/**
 * What the silicon computes, on the bytes of the DRAM where they stand. Positions are offsets into the whole
 * WebAssembly.Memory; queues are 64-byte aligned, operands in memory may stand anywhere; lengths are
 * 1 … 16 MiB. Operands of one call are the same bytes or have none in common. Nothing outside them changes.
 *
 * Multipliers are bytes of GF(2^8) mod 0x11D (hw-iop13xx 4.9): 0 contributes nothing, 1 is plain XOR.
 */
export interface Datapath {
  // --- steps of a phase: one block of memory and the store queues ------------------------------------------

  /** queue := memory */
  load(queue: number, source: number, bytes: number): void;
  /** queue := queue XOR memory */
  accumulate(queue: number, source: number, bytes: number): void;
  /** memory := queue */
  store(destination: number, queue: number, bytes: number): void;
  /** Fills memory with a 32-bit pattern anchored to addresses: byte k of an address mod 4 takes pattern byte k. */
  fill(destination: number, pattern: number, bytes: number): void;
  /** Whether the first `bytes` of the queue are zero. */
  isZero(queue: number, bytes: number): boolean;
  /** p := memory, q := multiplier ⊗ memory */
  loadPq(p: number, q: number, source: number, multiplier: number, bytes: number): void;
  /** p := p XOR memory, q := q XOR multiplier ⊗ memory */
  accumulatePq(p: number, q: number, source: number, multiplier: number, bytes: number): void;
  /** q := multiplier ⊗ memory */
  multiplyLoad(q: number, source: number, multiplier: number, bytes: number): void;
  /** q := q XOR multiplier ⊗ memory */
  multiplyAccumulate(q: number, source: number, multiplier: number, bytes: number): void;
  /**
   * The CRC-32C register after more bytes: the customary reflected register, neither inverted before nor after
   * (hw-iop13xx 4.8). Unsigned in and out.
   */
  crc32c(register: number, source: number, bytes: number): number;
  /** Reverses the bytes of each aligned word of the queue; a last word that is not whole stays as it is. */
  swap32(queue: number, bytes: number): void;

  // --- whole operations, from memory to memory; at most MAX_SOURCES sources --------------------------------

  /** destination := the XOR of all sources */
  xor(destination: number, sources: ArrayLike<number>, count: number, bytes: number): void;
  /** p := the XOR of all sources, q := the sum of 2^i ⊗ source i; a destination may be a source. */
  syndrome(p: number, q: number, sources: ArrayLike<number>, count: number, bytes: number): void;
  /** p := the XOR of all sources, q := the sum of multiplier i ⊗ source i; a destination may be a source. */
  pqGeneral(
    p: number,
    q: number,
    sources: ArrayLike<number>,
    multipliers: ArrayLike<number>,
    count: number,
    bytes: number,
  ): void;
}

/** Which implementation a machine computes with. */
export type DatapathKind = 'wasm' | 'reference';

/** Most sources of a whole operation: those of the largest descriptor (IOP33x AAU). */
export const MAX_SOURCES = 32;
