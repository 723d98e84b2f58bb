/**
 * What descriptors do to memory, one after the other, as the references define it (hw-iop13xx 3, 4; hw-iop3xx 3): no
 * time, no registers, no code of the emulator. Works on a mirror of the DRAM.
 */
import { crcRegister, times } from '../datapath/model';
import { AAU_COMMAND_WORDS, AAU_SIZES, aauSourceWord } from '../descriptors';
import type { BoardName, EngineFacts } from '../engines';

const UPPER = 0x1_0000_0000;

/** Products of the field, one 256-byte row a multiplier; built on first use from the bit-level definition. */
const PRODUCTS = new Uint8Array(65_536);
for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) PRODUCTS[256 * a + b] = times(a, b);
/** What one byte does to an empty CRC register. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => crcRegister(byte, [0]));

/** How a source enters the two sums. */
interface Source {
  readonly address: number;
  /** 1 when it is part of the first sum, 7 when it replaces it, 2 when it is a pattern that replaces it */
  readonly first: 0 | 1 | 2 | 7;
  /** its multiplier in the second sum */
  readonly second: number;
}

interface Plan {
  readonly count: number;
  readonly interrupt: boolean;
  readonly sources: readonly Source[];
  /** address and which sum goes there */
  readonly destinations: readonly { readonly address: number; readonly sum: 0 | 1 }[];
  readonly fill?: number;
  readonly swap?: boolean;
  /** which status bits say that a sum is not zero; 0 for a sum that is not checked */
  readonly check?: readonly [number, number];
  readonly crc?: { readonly address: number; readonly continues: boolean };
  /** word and bits of the status write-back */
  readonly status?: { readonly word: number; readonly complete: number };
  /** whether the first source starts the sums anew; the store queue of an AAU goes on */
  readonly fresh: boolean;
}

export interface Outcome {
  /** `check`: not zero, with nowhere to write it. */
  readonly end: 'done' | 'abort' | 'check';
  readonly interrupt: boolean;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** One engine: decodes descriptors and carries them out. */
export class Interpreter {
  /** Bytes of a block: the store queue. */
  block = 1024;
  private readonly view: DataView;
  private readonly sums = [new Uint8Array(1024), new Uint8Array(1024)] as const;

  /** @param memory mirror of the DRAM @param base its physical address */
  constructor(
    readonly memory: Uint8Array,
    readonly base: number,
    readonly platform: BoardName,
    readonly kind: EngineFacts['kind'],
  ) {
    this.view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  }

  word(address: number): number {
    return this.view.getUint32(address - this.base, true);
  }

  setWord(address: number, value: number): void {
    this.view.setUint32(address - this.base, value, true);
  }

  /** Everything the descriptor at this address names as a place to write to. */
  named(at: number): Range[] {
    const { count, destinations, crc, status } = this.plan(at);
    const list = destinations.map(({ address }) => ({ from: address, to: address + count }));
    if (crc !== undefined) list.push({ from: crc.address, to: crc.address + 4 });
    if (status !== undefined) list.push({ from: at + 4 * status.word, to: at + 4 * status.word + 4 });
    return list;
  }

  execute(at: number): Outcome {
    const plan = this.plan(at);
    const { count, crc, status, interrupt } = plan;
    let result = 0;
    if (count > 0) {
      if (crc !== undefined && !this.contains(crc.address, 4)) return { end: 'abort', interrupt };
      let register = crc === undefined ? 0 : this.word(crc.address) ^ (crc.continues ? 0xffff_ffff : 0);
      for (let done = 0; done < count; done += this.block) {
        const length = Math.min(this.block, count - done);
        if (!this.gather(plan, done, length)) return { end: 'abort', interrupt };
        plan.check?.forEach((flag, sum) => (result |= this.sums[sum].subarray(0, length).some(Boolean) ? flag : 0));
        if (crc !== undefined) register = crcOf(register, this.sums[0], length);
        if (!this.scatter(plan, done, length)) return { end: 'abort', interrupt };
      }
      if (crc !== undefined) this.setWord(crc.address, ~register);
    }
    if (status !== undefined) {
      const at32 = at + 4 * status.word;
      this.setWord(at32, this.word(at32) | status.complete | result);
    } else if (result !== 0) return { end: 'check', interrupt };
    return { end: 'done', interrupt };
  }

  private contains(address: number, bytes: number): boolean {
    return address >= this.base && address + bytes <= this.base + this.memory.length;
  }

  private gather({ sources, fresh }: Plan, done: number, length: number): boolean {
    const { memory } = this;
    const [first, second] = this.sums;
    for (const source of sources) {
      if (source.first === 2) {
        for (let i = 0; i < length; i++) first[i] = source.address >>> (8 * (i & 3));
        continue;
      }
      const address = source.address + done;
      if (!this.contains(address, length)) return false;
      const from = address - this.base;
      if (fresh && source === sources[0]) {
        first.fill(0, 0, length);
        second.fill(0, 0, length);
      }
      if (source.first === 7) for (let i = 0; i < length; i++) first[i] = memory[from + i];
      else if (source.first === 1) for (let i = 0; i < length; i++) first[i] ^= memory[from + i];
      const row = 256 * source.second;
      if (row !== 0) for (let i = 0; i < length; i++) second[i] ^= PRODUCTS[row + memory[from + i]];
    }
    return true;
  }

  private scatter({ destinations, fill, swap }: Plan, done: number, length: number): boolean {
    const { memory } = this;
    for (const { address, sum } of destinations) {
      const start = address + done;
      if (!this.contains(start, length)) return false;
      const to = start - this.base;
      if (fill !== undefined) for (let i = 0; i < length; i++) memory[to + i] = fill >>> (8 * ((start + i) & 3));
      else {
        const words = swap ? length & ~3 : 0;
        for (let i = 0; i < length; i++) memory[to + i] = this.sums[sum][i < words ? i ^ 3 : i];
      }
    }
    return true;
  }

  private plan(at: number): Plan {
    if (this.kind === 'adma') return this.adma(at);
    return this.kind === 'dma' ? this.dma(at) : this.aau(at);
  }

  private adma(at: number): Plan {
    const word = (index: number): number => this.word(at + 4 * index);
    const control = word(1);
    const has = (bit: number): boolean => ((control >>> bit) & 1) === 1;
    const n = ((control >>> 3) & 15) + 1;
    const source = (i: number, first: 0 | 1, second: number, upper = word(7 + 2 * i)): Source => {
      return { address: word(6 + 2 * i) + upper * UPPER, first, second };
    };
    const low24 = (i: number): number => word(7 + 2 * i) & 0x00ff_ffff;
    const multiplier = (i: number): number => word(7 + 2 * i) >>> 24;
    const upper = word(5) * UPPER;
    const common = {
      count: word(3) & 0x00ff_ffff,
      interrupt: has(0),
      swap: has(13),
      fresh: true,
      ...(has(12) ? { status: { word: 3, complete: 0x8000_0000 } } : {}),
    };
    const p = { address: word(4) + upper, sum: 0 } as const;
    if (has(8)) return { ...common, sources: [], fill: word(2), destinations: [p] };
    if (has(17) || has(16)) {
      const m = has(17) ? 1 : multiplier(3);
      const last = has(17) ? source(3, 0, 1) : source(3, 0, 1, low24(3));
      const second = { address: word(14) + word(15) * UPPER, sum: 1 } as const;
      return {
        ...common,
        sources: [source(0, 1, m), source(1, 1, m), source(2, 1, 0), last],
        destinations: [p, second],
      };
    }
    if (has(18)) {
      const check = has(7);
      const kept = (i: number): Source => {
        if (check && i >= n - 2) return source(i, i === n - 2 ? 1 : 0, i === n - 2 ? 0 : 1, low24(i));
        return source(i, 1, multiplier(i), low24(i));
      };
      const sources = Array.from({ length: n }, (_, i) => kept(i));
      const withP = !has(19);
      if (check) return { ...common, sources, destinations: [], check: [withP ? 0x4000_0000 : 0, 0x2000_0000] };
      return { ...common, sources, destinations: [...(withP ? [p] : []), { address: word(2) + upper, sum: 1 }] };
    }
    if (has(9)) {
      const crc = { address: (word(2) & ~3) >>> 0, continues: has(11) };
      return { ...common, sources: [source(0, 1, 0)], crc, destinations: has(10) ? [] : [p] };
    }
    const sources = Array.from({ length: n }, (_, i) => source(i, 1, 0));
    return has(7)
      ? { ...common, sources, check: [0x4000_0000, 0], destinations: [] }
      : { ...common, sources, destinations: [p] };
  }

  private dma(at: number): Plan {
    const control = this.word(at + 20);
    const withCrc = this.platform === 'iop331' && (control & (1 << 8)) !== 0;
    return {
      count: this.word(at + 16) & 0x00ff_ffff,
      interrupt: (control & (1 << 4)) !== 0,
      fresh: true,
      sources: [{ address: this.word(at + 4) + this.word(at + 8) * UPPER, first: 1, second: 0 }],
      destinations: [{ address: this.word(at + 12), sum: 0 }],
      ...(withCrc
        ? {
            crc: { address: (this.word(at + 24) & ~3) >>> 0, continues: (control & (1 << 9)) !== 0 },
            status: { word: 5, complete: 0x8000_0000 },
          }
        : {}),
    };
  }

  private aau(at: number): Plan {
    const word = (index: number): number => this.word(at + 4 * index);
    const control = word(7);
    const destination = { address: word(5), sum: 0 } as const;
    const common = { count: word(6) & 0x00ff_ffff, interrupt: (control & 1) !== 0 };
    if (control & (1 << 27)) {
      const source = (i: number, first: 0 | 1, second: 0 | 1): Source => ({ address: word(i), first, second });
      return {
        ...common,
        fresh: true,
        sources: [source(1, 1, 1), source(2, 1, 1), source(3, 1, 0), source(4, 0, 1)],
        destinations: [destination, { address: word(8), sum: 1 }],
      };
    }
    const sources: Source[] = [];
    const size = AAU_SIZES[(control >>> 25) & 3];
    for (let i = 0; i < size; i++) {
      const command = (word(AAU_COMMAND_WORDS[i >> 3]) >>> (3 * (i & 7) + 1)) & 7;
      if (command !== 1 && command !== 2 && command !== 7) continue;
      sources.push({ address: word(aauSourceWord(i)), first: command, second: 0 });
    }
    return {
      ...common,
      fresh: false,
      sources,
      destinations: control & 0x8000_0000 ? [destination] : [],
      ...(control & (1 << 30) ? { check: [1 << 29, 0], status: { word: 7, complete: 1 << 28 } } : {}),
    };
  }
}

function crcOf(register: number, bytes: Uint8Array, length: number): number {
  let value = register;
  for (let i = 0; i < length; i++) value = (value >>> 8) ^ CRC_TABLE[(value ^ bytes[i]) & 0xff];
  return value;
}
