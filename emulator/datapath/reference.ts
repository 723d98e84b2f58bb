import type { Dram } from '../memory/dram';

/**
 * What the silicon computes, in plain TypeScript on the words of the DRAM. All positions are offsets into
 * the whole WebAssembly.Memory; queues are 8-byte aligned, memory operands may stand anywhere.
 */
export interface Datapath {
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
}

/** The plain reference of the datapath. */
export function referenceDatapath(dram: Dram): Datapath {
  const { allBytes, allWords } = dram;
  return {
    load: (queue, source, bytes) => {
      allBytes.copyWithin(queue, source, source + bytes);
    },
    store: (destination, queue, bytes) => {
      allBytes.copyWithin(destination, queue, queue + bytes);
    },
    accumulate: (queue, source, bytes) => {
      let done = 0;
      if (source % 4 === 0) {
        const to = queue >>> 2;
        const from = source >>> 2;
        const words = bytes >>> 2;
        for (let i = 0; i < words; i++) allWords[to + i] ^= allWords[from + i];
        done = words << 2;
      }
      for (let i = done; i < bytes; i++) allBytes[queue + i] ^= allBytes[source + i];
    },
    fill: (destination, pattern, bytes) => {
      const end = destination + bytes;
      const firstWord = Math.min((destination + 3) & ~3, end);
      const lastWord = Math.max(end & ~3, firstWord);
      for (let i = destination; i < firstWord; i++) allBytes[i] = pattern >>> (8 * (i & 3));
      allWords.fill(pattern, firstWord >>> 2, lastWord >>> 2);
      for (let i = lastWord; i < end; i++) allBytes[i] = pattern >>> (8 * (i & 3));
    },
    isZero: (queue, bytes) => {
      for (let i = queue; i < queue + bytes; i++) if (allBytes[i] !== 0) return false;
      return true;
    },
  };
}
