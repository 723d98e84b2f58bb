/** Descriptors of the IOP3xx (reference/hw-iop3xx 3) and the P+Q ones of the IOP13xx, word by word. */
import type { Target } from '../../index';
import { putDescriptor, putWord, wordAt } from './board';
import type { DescriptorWords } from './board';

// --- IOP13xx (hw-iop13xx 3.2) --------------------------------------------------------------------------------

export const ZERO_CHECK = 1 << 7;
export const FILL = 1 << 8;
export const CRC = 1 << 9;
export const CRC_NO_TRANSFER = 1 << 10;
export const CRC_SEED_DISABLE = 1 << 11;
export const WRITE_BACK = 1 << 12;
export const ENDIAN_SWAP = 1 << 13;
export const PQ_UPDATE = 1 << 16;
export const DUAL_XOR = 1 << 17;
export const PQ = 1 << 18;
export const P_DISABLE = 1 << 19;

const UPPER = 0x1_0000_0000;

/** Puts a multiplier into the top byte of the upper word of source `index`. */
export function setMultiplier(target: Target, at: number, index: number, multiplier: number): void {
  const upper = at + 28 + 8 * index;
  putWord(target, upper, (wordAt(target, upper) & 0x00ff_ffff) | (multiplier << 24));
}

export interface PqWords extends Omit<DescriptorWords, 'data' | 'destination'> {
  readonly p?: number;
  readonly q?: number;
  readonly multipliers: readonly number[];
  readonly sources: readonly number[];
}

/** P+Q or its check: Q in word 2, P in word 4, the multipliers with the sources. */
export function putPq(target: Target, at: number, words: PqWords): void {
  putDescriptor(target, at, {
    ...words,
    extra: (words.extra ?? 0) | PQ,
    data: words.q ?? 0,
    destination: words.p ?? 0,
  });
  words.multipliers.forEach((multiplier, i) => setMultiplier(target, at, i, multiplier));
}

export interface TwoResults extends Omit<DescriptorWords, 'sources'> {
  /** two data sources, then the two old results */
  readonly sources: readonly [number, number, number, number];
  /** words 14 and 15 */
  readonly second: number;
}

/** Dual XOR or P+Q update: 16 words, the second destination where a fifth source would stand. */
export function putTwoResults(target: Target, at: number, words: TwoResults): void {
  putDescriptor(target, at, words);
  putWord(target, at + 56, words.second % UPPER);
  putWord(target, at + 60, Math.floor(words.second / UPPER));
}

// --- IOP3xx: DMA (hw-iop3xx 3.1) -----------------------------------------------------------------------------

export const DMA_MEMORY_TO_MEMORY = 1 << 6;
export const DMA_CRC = 1 << 8;
export const DMA_CRC_SEED_DISABLE = 1 << 9;
export const DMA_CRC_COMPLETE = 0x8000_0000;
/** Memory read line, memory to memory: what Linux writes. */
const DMA_COPY = 0x4e;

export interface DmaWords {
  readonly next?: number;
  readonly interrupt?: boolean;
  readonly source?: number;
  readonly destination?: number;
  readonly count: number;
  readonly extra?: number;
  /** word 6 */
  readonly crc?: number;
}

export function putDma(target: Target, at: number, words: DmaWords): void {
  const control = DMA_COPY | (words.interrupt ? 1 << 4 : 0) | (words.extra ?? 0);
  const source = words.source ?? 0;
  [words.next ?? 0, source % UPPER, Math.floor(source / UPPER), words.destination ?? 0, words.count, control]
    .concat(words.crc ?? [])
    .forEach((word, index) => putWord(target, at + 4 * index, word));
}

// --- IOP3xx: AAU (hw-iop3xx 3.2, 3.3) ------------------------------------------------------------------------

export const NULL_BLOCK = 0;
export const XOR_BLOCK = 1;
export const FILL_BLOCK = 2;
export const DIRECT_BLOCK = 7;

export const AAU_DUAL_XOR = 1 << 27;
export const AAU_COMPLETE = 1 << 28;
export const AAU_NOT_ZERO = 1 << 29;
export const AAU_CHECK = 1 << 30;
export const AAU_WRITE = 0x8000_0000;

/** How many sources the formats 0 … 3 hold, and how many words they take. */
export const AAU_SIZES = [4, 8, 16, 32] as const;
export const AAU_WORDS = { 4: 8, 8: 12, 16: 21, 32: 39 } as const;

/** The word of source i; words 12, 21 and 30 hold commands. */
export function aauSourceWord(index: number): number {
  if (index < 4) return 1 + index;
  return 4 + index + (index >= 8 ? 1 : 0) + (index >= 16 ? 1 : 0) + (index >= 24 ? 1 : 0);
}

/** The word with the commands of blocks 8k … 8k + 7. */
export const AAU_COMMAND_WORDS = [7, 12, 21, 30] as const;

export interface Block {
  readonly command: number;
  /** source address, or the pattern of a fill */
  readonly value: number;
}

export interface AauWords {
  readonly next?: number;
  readonly interrupt?: boolean;
  readonly blocks: readonly Block[];
  /** sources of the descriptor; the smallest that holds the blocks unless given */
  readonly size?: 4 | 8 | 16 | 32;
  readonly destination?: number;
  readonly count: number;
  /** whether the store queue goes to the destination; yes unless told otherwise */
  readonly write?: boolean;
  readonly check?: boolean;
  readonly extra?: number;
}

/** Sources that are XORed: the first loads the queue. */
export function xorBlocks(sources: readonly number[]): Block[] {
  return sources.map((value, i) => ({ command: i === 0 ? DIRECT_BLOCK : XOR_BLOCK, value }));
}

/** Returns how many words it wrote. */
export function putAau(target: Target, at: number, words: AauWords): number {
  const { blocks } = words;
  const size = words.size ?? AAU_SIZES.find((sources) => sources >= blocks.length) ?? 32;
  const list = new Array<number>(AAU_WORDS[size]).fill(0);
  list[0] = words.next ?? 0;
  list[5] = words.destination ?? 0;
  list[6] = words.count;
  list[7] =
    (words.interrupt ? 1 : 0) |
    (AAU_SIZES.indexOf(size) << 25) |
    (words.check ? AAU_CHECK : 0) |
    ((words.write ?? true) ? AAU_WRITE : 0) |
    (words.extra ?? 0);
  blocks.forEach(({ command, value }, i) => {
    list[aauSourceWord(i)] = value;
    list[AAU_COMMAND_WORDS[i >> 3]] |= command << (3 * (i & 7) + 1);
  });
  list.forEach((word, index) => putWord(target, at + 4 * index, word));
  return list.length;
}

/** NDA, S1, S2, H source, D source, H destination, count, control, D destination (3.5). */
export function putAauDualXor(
  target: Target,
  at: number,
  words: Omit<AauWords, 'blocks' | 'size'> & {
    readonly sources: readonly [number, number, number, number];
    readonly second: number;
  },
): void {
  putAau(target, at, {
    ...words,
    blocks: words.sources.map((value) => ({ command: NULL_BLOCK, value })),
    extra: (words.extra ?? 0) | AAU_DUAL_XOR,
  });
  putWord(target, at + 32, words.second);
}
