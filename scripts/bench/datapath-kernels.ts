/** The kernels that the WASM datapath and its native peers are compared on, over one layout of buffers. */
import type { Datapath } from '../../emulator/datapath/datapath';
import type { Dram } from '../../emulator/memory/dram';

/** A kernel and the size of its operands, as both sides understand them. */
export interface KernelCase {
  /** 'streaming' is the native peer as Linux writes it, against the same WASM as 'syndrome'. */
  readonly kernel: 'accumulate' | 'xor' | 'syndrome' | 'streaming' | 'general';
  readonly sources: number;
  readonly bytes: number;
}

const MAX_SOURCES = 8;
const BUFFERS = 2 + MAX_SOURCES;
/** Where the buffers begin; 64 KiB is the alignment of the native peer, too. */
const FIRST = 0x1_0000;
const MULTIPLIERS = [0x8e, 0x01, 0x47, 0xfe, 0x1d, 0x02, 0xb3, 0x6c];

/** Executes the kernel so many times. Buffers: two destinations (P and Q; XOR uses the first), then the sources. */
export function repeat(datapath: Datapath, { kernel, sources, bytes }: KernelCase, times: number): void {
  const p = FIRST;
  const q = FIRST + bytes;
  const list = Array.from({ length: sources }, (_, i) => FIRST + (2 + i) * bytes);
  // One loop a kernel: a call through a variable function would measure the call.
  switch (kernel) {
    case 'accumulate':
      for (let i = 0; i < times; i++) datapath.accumulate(p, list[0], bytes);
      return;
    case 'xor':
      for (let i = 0; i < times; i++) datapath.xor(p, list, sources, bytes);
      return;
    case 'syndrome':
    case 'streaming':
      for (let i = 0; i < times; i++) datapath.syndrome(p, q, list, sources, bytes);
      return;
    case 'general':
      for (let i = 0; i < times; i++) datapath.pqGeneral(p, q, list, MULTIPLIERS, sources, bytes);
      return;
  }
}

/** The same contents as the native peer's. */
export function scribble(dram: Dram, bytes: number): void {
  let x = 0x9e37_79b9;
  const first = FIRST >>> 2;
  for (let i = first; i < first + (BUFFERS * bytes) / 4; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    dram.allWords[i] = x;
  }
}

/** The same checksum over all buffers as the native peer's. */
export function checksum(dram: Dram, bytes: number): number {
  let sum = 0;
  const first = FIRST >>> 2;
  for (let i = first; i < first + (BUFFERS * bytes) / 4; i++) sum = (Math.imul(sum, 31) + dram.allWords[i]) | 0;
  return sum >>> 0;
}

/** Bytes of DRAM the largest case needs. */
export const KERNEL_DRAM_BYTES = FIRST + BUFFERS * 65_536;
