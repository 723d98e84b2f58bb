/**
 * A small world for hardware tests: a board behind the Target interface and the descriptors of the manual.
 * Every number here is retyped from reference/hw-iop13xx, none is imported from the code under test.
 */
import { createTarget } from '../../index';
import type { Target, TargetOptions } from '../../index';

/** hw-iop13xx 1.3: channel n at PMMR + (n << 9). */
export const CHANNELS = [0xffd8_0000, 0xffd8_0200, 0xffd8_0400] as const;

/** hw-iop13xx 2: offsets from the channel's base. */
export const REG = {
  ACCR: 0x00,
  ACSR: 0x04,
  ADAR: 0x08,
  IIPCR: 0x18,
  IIPAR: 0x1c,
  IIPUAR: 0x20,
  ANDAR: 0x24,
  ADCR: 0x28,
  CARMD: 0x2c,
  ABCR: 0x30,
} as const;

/** hw-iop13xx 2.1. */
export const ENABLE = 1 << 0;
export const RESUME = 1 << 1;

/** hw-iop13xx 2.2. */
export const MASTER_ABORT = 1 << 3;
export const TARGET_ABORT = 1 << 4;
export const MCU_ABORT = 1 << 5;
export const PARITY = 1 << 9;
export const EOC = 1 << 11;
export const EOT = 1 << 12;
export const ACTIVE = 1 << 13;
/** Intel's error mask. */
export const ERRORS = 0x23e;

/** hw-iop13xx 1.4: interrupt sources. */
export const IRQ = {
  eot: [0, 2, 4],
  eoc: [1, 3, 5],
  error: [57, 58, 59],
} as const;

/** hw-iop13xx 3.3. */
export const COMPLETE = 0x8000_0000;
export const NOT_ZERO = 0x4000_0000;

export const KIB = 1024;
export const NS = 1_000;
export const US = 1_000_000;
/** 400 MHz. */
export const IBCLK = 2_500;

/** Direction codes of the control word (3.2). */
export const LOCAL_TO_INTERNAL = 3;
export const INTERNAL_TO_LOCAL = 2;

export interface DescriptorWords {
  readonly next?: number;
  readonly interrupt?: boolean;
  readonly direction?: number;
  readonly zeroCheck?: boolean;
  readonly fill?: boolean;
  readonly writeBack?: boolean;
  /** more control bits, as they stand in word 1 */
  readonly extra?: number;
  /** word 2 */
  readonly data?: number;
  readonly count: number;
  readonly destination?: number;
  readonly sources?: readonly number[];
}

/** A board with one or more MiB of DRAM. */
export function board(options: TargetOptions = {}): Target {
  return createTarget('iop342', { dramBytes: 1024 * KIB, ...options });
}

/** The control word of a descriptor (3.2). */
export function controlWord(words: DescriptorWords): number {
  const sources = Math.max(words.sources?.length ?? 1, 1);
  return (
    ((words.interrupt ? 1 : 0) |
      ((words.direction ?? LOCAL_TO_INTERNAL) << 1) |
      ((sources - 1) << 3) |
      (words.zeroCheck ? 1 << 7 : 0) |
      (words.fill ? 1 << 8 : 0) |
      (words.writeBack ? 1 << 12 : 0) |
      (words.extra ?? 0)) >>>
    0
  );
}

/** Writes a descriptor through the back door; addresses may have 36 bits. */
export function putDescriptor(target: Target, at: number, words: DescriptorWords): void {
  const destination = words.destination ?? 0;
  const list = [
    words.next ?? 0,
    controlWord(words),
    words.data ?? 0,
    words.count,
    low(destination),
    high(destination),
    ...(words.sources ?? [0]).flatMap((source) => [low(source), high(source)]),
  ];
  list.forEach((word, index) => putWord(target, at + 4 * index, word));
}

export function putWord(target: Target, address: number, value: number): void {
  view(target).setUint32(address - target.memoryBase, value >>> 0, true);
}

export function wordAt(target: Target, address: number): number {
  return view(target).getUint32(address - target.memoryBase, true);
}

/** Bytes of DRAM, not a copy. */
export function bytesAt(target: Target, address: number, length: number): Uint8Array {
  return target.memory.subarray(address - target.memoryBase, address - target.memoryBase + length);
}

/** A copy of bytes of DRAM. */
export function snapshot(target: Target, address: number, length: number): Uint8Array {
  return bytesAt(target, address, length).slice();
}

/** Whether two stretches hold the same bytes; quicker than a deep comparison, for large ones. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Looked up once: globals are slow to reach inside jest. */
const { imul } = Math;

/** Fills bytes with a sequence that depends on a seed and repeats nowhere near. */
export function scribble(bytes: Uint8Array, seed: number): Uint8Array {
  let x = (seed * 2654435761 + 12345) >>> 0;
  for (let i = 0; i < bytes.length; i++) {
    x = (imul(x, 1664525) + 1013904223) >>> 0;
    bytes[i] = x >>> 24;
  }
  return bytes;
}

/** Byte-wise XOR of equally long stretches. */
export function xorOf(parts: readonly Uint8Array[]): Uint8Array {
  return parts[0].map((_, i) => parts.reduce((sum, part) => sum ^ part[i], 0));
}

/** One channel through its registers. */
export class ChannelPins {
  readonly base: number;

  constructor(
    readonly target: Target,
    readonly index = 0,
  ) {
    this.base = CHANNELS[index];
  }

  read(offset: number): number {
    return this.target.read32(this.base + offset);
  }

  write(offset: number, value: number): void {
    this.target.write32(this.base + offset, value);
  }

  get active(): boolean {
    return (this.read(REG.ACSR) & ACTIVE) !== 0;
  }

  /** Section 4.2: clear stale errors, clear enable, ANDAR, enable. */
  start(descriptor: number): void {
    this.write(REG.ACSR, ERRORS);
    this.write(REG.ACCR, 0);
    this.write(REG.ANDAR, descriptor);
    this.write(REG.ACCR, ENABLE);
  }

  /** Section 4.3: link behind the old tail, then ask for the re-read with a read-modify-write. */
  append(tail: number, descriptor: number): void {
    putWord(this.target, tail, descriptor);
    this.resume();
  }

  resume(): void {
    this.write(REG.ACCR, ENABLE | RESUME);
  }

  /** Lets time pass until ACTIVE reads 0; fails the test after `limit` picoseconds. */
  untilIdle(limit = 1000 * US): void {
    if (!this.target.runUntil(() => !this.active, limit)) throw new Error(`channel ${this.index} is still active`);
  }

  /** Runs a chain from its start to its end. */
  run(descriptor: number, limit = 1000 * US): void {
    this.start(descriptor);
    this.untilIdle(limit);
  }

  raised(line: keyof typeof IRQ): boolean {
    return this.target.assertedInterrupts().includes(IRQ[line][this.index]);
  }
}

function low(address: number): number {
  return address % 0x1_0000_0000;
}

function high(address: number): number {
  return Math.floor(address / 0x1_0000_0000);
}

function view(target: Target): DataView {
  return new DataView(target.wasmMemory.buffer);
}
