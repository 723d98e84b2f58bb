/**
 * Random programs of descriptors for every engine, made from one seed. Every engine of the board has a quarter of the
 * DRAM for its descriptors and destinations; sources may also stand in the last quarter, which nobody writes.
 */
import { SeededRandom } from '../../../emulator/sim/random';
import type { Target } from '../../../index';
import { AAU_COMMAND_WORDS, AAU_SIZES, AAU_WORDS, aauSourceWord } from '../descriptors';
import type { EngineFacts } from '../engines';

export const DRAM = 0x1_0000;
const QUARTER = DRAM / 4;
/** Descriptor slots of an engine: two halves that are used in turn, so that a tail stays while the next is built. */
const SLOT = 0x100;
const HALF = 0x600;
export const HALVES = 2;
/** Address 0 is no descriptor. */
const FIRST = 0x100;
const POOL = FIRST + HALVES * HALF;
const DATA = QUARTER - POOL;
/** Most descriptors of one program. */
export const MOST = HALF / SLOT;

const UPPER = 0x1_0000_0000;

/** Chance in the ways a program needs it. */
export class Dice extends SeededRandom {
  /** Whether one of `sides` came up. */
  oneIn(sides: number): boolean {
    return this.below(sides) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** In [from, to). */
  between(from: number, to: number): number {
    return from + this.below(to - from);
  }

  /** Mostly short, sometimes over a block or two, rarely none. */
  count(): number {
    const kind = this.below(40);
    if (kind === 0) return 0;
    if (kind === 1) return this.pick([511, 512, 513, 1023, 1024, 1025, 2048]);
    if (kind === 2) return this.below(2600) + 1;
    return kind < 8 ? this.below(300) + 1 : this.below(64) + 1;
  }
}

/** The stretch of one engine. */
export class Region {
  readonly pool: number;
  readonly data: number;

  constructor(
    readonly base: number,
    index: number,
  ) {
    this.pool = base + QUARTER * index;
    this.data = this.pool + POOL;
  }

  slot(half: number, k: number): number {
    return this.pool + FIRST + HALF * half + SLOT * k;
  }

  /** Slot k of both halves. */
  any(k: number): number {
    return this.slot(0, k);
  }

  /** A place to write `count` bytes to. */
  destination(dice: Dice, count: number): number {
    return this.data + dice.below(DATA - count + 1);
  }

  /** A place to read `count` bytes from. */
  source(dice: Dice, count: number): number {
    if (dice.oneIn(3)) return this.base + 3 * QUARTER + dice.below(QUARTER - count + 1);
    return this.destination(dice, count);
  }

  word(dice: Dice): number {
    return this.data + 4 * dice.below(DATA / 4);
  }
}

/** A 32-bit address that no DRAM answers to, wholly or at its last byte. */
function nowhere(dice: Dice, base: number, count: number): number {
  const kind = dice.below(3);
  // Within the first block, so that nothing is written into the quarter that nobody writes.
  if (kind === 0) return base + DRAM - dice.below(Math.min(Math.max(count, 1), 512));
  if (kind === 1) return base + DRAM + dice.below(0x1000_0000);
  return base === 0 ? 0xffff_ff00 : dice.below(base - 0x1_0000);
}

/** The same with 36 bits. */
function farAway(dice: Dice, base: number, count: number): number {
  return dice.oneIn(4) ? UPPER * (1 + dice.below(15)) + base + dice.below(DRAM) : nowhere(dice, base, count);
}

/**
 * The words of one descriptor. `wrong` gives it now and then an address nobody claims, or modes that exclude each other.
 */
export function descriptor(dice: Dice, region: Region, kind: EngineFacts['kind'], wrong: boolean): number[] {
  if (kind === 'adma') return admaWords(dice, region, wrong);
  return kind === 'dma' ? dmaWords(dice, region, wrong) : aauWords(dice, region, wrong);
}

function admaWords(dice: Dice, region: Region, wrong: boolean): number[] {
  const count = dice.count();
  const strayed = (address: number): number => (wrong && dice.oneIn(12) ? farAway(dice, region.base, count) : address);
  const from = (): number => strayed(region.source(dice, count));
  const to = (): number => strayed(region.destination(dice, count));
  const list = [0, 0, 0, count | (dice.oneIn(8) ? dice.below(32) << 24 : 0)];
  const put = (address: number, top = 0): number =>
    list.push(address % UPPER, Math.floor(address / UPPER) | (top << 24));
  let control = dice.below(2) | ((2 + dice.below(2)) << 1) | (dice.oneIn(2) ? 1 << 12 : 0);
  let sources = 1 + dice.below(dice.oneIn(4) ? 16 : 5);
  const mode = dice.below(10);
  switch (mode) {
    case 0:
    case 1:
      put(to());
      for (let i = 0; i < sources; i++) put(from());
      break;
    case 2:
      control |= 1 << 8;
      list[2] = dice.next();
      put(to());
      sources = 1;
      put(from());
      break;
    case 3:
      // Without write-back a bad result halts the channel; twice the same source is a good one.
      control |= 1 << 7;
      put(to());
      for (let i = 0; i < sources; i++) put(from());
      if (dice.oneIn(2)) list.push(list[6], list[7], ...list.slice(6, 6 + 2 * (sources - 1)), list[6], list[7]);
      list.length = 6 + 2 * sources;
      break;
    case 4:
      control |= (1 << 9) | (dice.below(4) << 10);
      sources = 1;
      list[2] = strayedWord(dice, region, wrong);
      put(to());
      put(from());
      break;
    case 5: {
      control |= (1 << 18) | (dice.oneIn(3) ? 1 << 19 : 0);
      const p = region.destination(dice, count + 8) & ~7;
      const q = region.destination(dice, count + 8) & ~7;
      const phase = dice.below(8);
      list[2] = Math.max((q + phase) >>> 0, region.data);
      put(strayed((p + phase) >>> 0));
      for (let i = 0; i < sources; i++) put(from(), dice.below(256));
      break;
    }
    case 6:
      control |= (1 << 18) | (1 << 7) | (dice.oneIn(3) ? 1 << 19 : 0);
      sources = Math.max(sources, wrong ? 1 : 4);
      put(to());
      for (let i = 0; i < sources; i++) put(from(), dice.below(256));
      break;
    case 7:
      control |= dice.oneIn(2) ? 1 << 16 : (1 << 16) | (1 << 18);
      sources = 5;
      put(to());
      for (let i = 0; i < 3; i++) put(from());
      put(from(), dice.below(256));
      put(to());
      break;
    case 8:
      control |= 1 << 17;
      sources = 5;
      put(to());
      for (let i = 0; i < 4; i++) put(from());
      put(to());
      break;
    case 9:
      sources = 1;
      put(to());
      put(from());
      if (dice.oneIn(2)) control |= 1 << 13;
      break;
  }
  const isDouble = (control & (3 << 16)) !== 0;
  control |= (isDouble ? 3 : sources - 1) << 3;
  if (wrong && dice.oneIn(20)) {
    // More modes than one, all the words that any of them may look at.
    control |= 1 << dice.pick([7, 8, 9, 13, 16, 17, 18, 19]);
    while (list.length < 38) put(region.source(dice, count));
    list[2] = region.destination(dice, count);
    list[14] = region.destination(dice, count);
    list[15] = 0;
  }
  list[1] = control >>> 0;
  return list;
}

function strayedWord(dice: Dice, region: Region, wrong: boolean): number {
  return wrong && dice.oneIn(12) ? nowhere(dice, region.base, 4) : region.word(dice);
}

function dmaWords(dice: Dice, region: Region, wrong: boolean): number[] {
  const count = dice.count();
  const isStray = wrong ? dice.below(12) : 0;
  const source = isStray === 1 ? farAway(dice, region.base, count) : region.source(dice, count);
  const destination = isStray === 2 ? nowhere(dice, region.base, count) : region.destination(dice, count);
  const crc = dice.oneIn(3) ? (1 << 8) | (dice.below(2) << 9) : 0;
  const control = 0x4e | (dice.below(2) << 4) | crc | (dice.oneIn(9) ? 1 << 7 : 0);
  const high = Math.floor(source / UPPER);
  return [0, source % UPPER, high, destination, count, control, strayedWord(dice, region, wrong)];
}

function aauWords(dice: Dice, region: Region, wrong: boolean): number[] {
  const count = dice.count();
  const strayed = (address: number): number => (wrong && dice.oneIn(16) ? nowhere(dice, region.base, count) : address);
  const from = (): number => strayed(region.source(dice, count));
  const to = (): number => strayed(region.destination(dice, count));
  if (dice.oneIn(10)) {
    const control = ((1 << 27) | dice.below(2)) >>> 0;
    return [0, from(), from(), from(), from(), to(), count, control, to()];
  }
  const format = dice.oneIn(4) ? dice.below(4) : dice.below(2);
  const size = AAU_SIZES[format];
  const list = new Array<number>(AAU_WORDS[size]).fill(0);
  const isCheck = dice.oneIn(4);
  const control = dice.below(2) | (format << 25) | (isCheck ? 1 << 30 : 0);
  list[5] = to();
  list[6] = count;
  list[7] = (control | (dice.oneIn(isCheck ? 4 : 12) === isCheck ? 0x8000_0000 : 0)) >>> 0;
  for (let i = 0; i < size; i++) {
    const command = i === 0 ? dice.pick([7, 7, 7, 2, 1, 0]) : dice.pick([1, 1, 1, 1, 1, 0, 2, 7]);
    const odd = wrong && dice.oneIn(40) ? dice.below(8) : command;
    list[aauSourceWord(i)] = odd === 2 ? dice.next() : from();
    list[AAU_COMMAND_WORDS[i >> 3]] = (list[AAU_COMMAND_WORDS[i >> 3]] | (odd << (3 * (i & 7) + 1))) >>> 0;
  }
  return list;
}

/** Both copies of the DRAM: the target's and the interpreter's. */
export class Memories {
  private readonly guest: Uint32Array;
  private readonly words: Uint32Array;
  readonly mirror = new Uint8Array(DRAM);

  constructor(readonly target: Target) {
    this.guest = new Uint32Array(target.wasmMemory.buffer, 0, DRAM / 4);
    this.words = new Uint32Array(this.mirror.buffer);
  }

  put(address: number, list: readonly number[]): void {
    const first = (address - this.target.memoryBase) >>> 2;
    for (let i = 0; i < list.length; i++) {
      this.guest[first + i] = list[i];
      this.words[first + i] = list[i];
    }
  }

  /** The same noise in both. */
  scribble(dice: Dice): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] = dice.next();
    this.guest.set(this.words);
  }
}

/** What a fuzz run costs and where it starts, from the environment. */
export interface Budget {
  /** descriptors and register writes of the whole run */
  readonly items: number;
  /** the only seed to run, when one is replayed */
  readonly only: number | undefined;
}

export function budget(): Budget {
  const { ADMA_FUZZ, ADMA_FUZZ_SEED } = process.env;
  return {
    items: Number(ADMA_FUZZ ?? 60_000),
    only: ADMA_FUZZ_SEED === undefined ? undefined : Number(ADMA_FUZZ_SEED),
  };
}

/**
 * Runs seed after seed until the share of the budget is spent. `run` returns how many items a seed cost; what it
 * throws is passed on with the line that replays it.
 */
export function runSeeds(file: string, name: string, share: number, run: (seed: number) => number): number {
  const { items, only } = budget();
  let spent = 0;
  for (let seed = only ?? 1; seed === only || spent < items * share; seed++) {
    try {
      spent += run(seed);
    } catch (error) {
      const replay = `ADMA_FUZZ_SEED=${seed} npx jest ${file} -t '${name}'`;
      throw new Error(`seed ${seed}: ${String(error)}\nreplay: ${replay}`, { cause: error });
    }
    if (only !== undefined) break;
  }
  return spent;
}
