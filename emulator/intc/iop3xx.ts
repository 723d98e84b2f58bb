/**
 * The interrupt controllers of the IOP321 (32 sources) and the IOP33x (64 sources, vectors, priorities): one
 * set of registers, seen through coprocessor 6 and memory mapped (reference/hw-iop3xx 1.3, 1.4).
 */
import type { RegisterWindow } from '../memory/address-map';
import { HashEvent } from '../trace/hash';
import type { TraceHash } from '../trace/hash';
import type { Trace } from '../trace/trace';
import type { InterruptController } from './controller';
import type { SourcePatternName, VectorRegisterName } from './registers';

/** A register of the controller: its name, the word it belongs to, where it is. */
export interface IntcRegister {
  readonly name: Exclude<SourcePatternName | VectorRegisterName, 'INTPND' | 'IPIPNDR'>;
  /** which word of sources, or which priority register */
  readonly word: number;
  /** bytes from the memory-mapped base */
  readonly offset: number;
  /** coprocessor 6 CRn, CRm is 0 */
  readonly crn: number;
}

/** A member of the family, as data. */
export interface Iop3xxIntcConfig {
  readonly name: string;
  /** physical address of the first register */
  readonly base: number;
  readonly words: 1 | 2;
  readonly registers: readonly IntcRegister[];
}

const PMMR = 0xffff_e000;

/** 80321: 0x7D0 – 0x7DC; coprocessor 6 c0, c4, c8, c9. */
export const IOP321_INTC: Iop3xxIntcConfig = {
  name: 'intc',
  base: PMMR + 0x7d0,
  words: 1,
  registers: [
    { name: 'INTCTL', word: 0, offset: 0x0, crn: 0 },
    { name: 'INTSTR', word: 0, offset: 0x4, crn: 4 },
    { name: 'IINTSRC', word: 0, offset: 0x8, crn: 8 },
    { name: 'FINTSRC', word: 0, offset: 0xc, crn: 9 },
  ],
};

const IOP331_ORDER = [
  ['INTCTL', 0],
  ['INTCTL', 1],
  ['INTSTR', 0],
  ['INTSTR', 1],
  ['IINTSRC', 0],
  ['IINTSRC', 1],
  ['FINTSRC', 0],
  ['FINTSRC', 1],
  ['IPR', 0],
  ['IPR', 1],
  ['IPR', 2],
  ['IPR', 3],
  ['INTBASE', 0],
  ['INTSIZE', 0],
  ['IINTVEC', 0],
  ['FINTVEC', 0],
] as const;

/** 80331: 0x790 – 0x7CC, the same order as coprocessor 6 c0 … c15. */
export const IOP331_INTC: Iop3xxIntcConfig = {
  name: 'intc',
  base: PMMR + 0x790,
  words: 2,
  registers: IOP331_ORDER.map(([name, word], index) => ({ name, word, offset: 4 * index, crn: index })),
};

const NO_VECTOR = 0xffff_ffff;

export class Iop3xxIntc implements InterruptController, RegisterWindow {
  readonly name: string;
  readonly base: number;
  readonly size: number;
  private readonly active = new Uint32Array(2);
  private readonly enable = new Uint32Array(2);
  private readonly steering = new Uint32Array(2);
  private readonly priority = new Uint32Array(4);
  private vectorBase = 0;
  private vectorStep = 0;
  private asserting = false;

  constructor(
    private readonly config: Iop3xxIntcConfig,
    private readonly now: () => number,
    private readonly hash: TraceHash,
    private readonly trace: Trace | undefined,
  ) {
    this.name = config.name;
    this.base = config.base;
    this.size = 4 * config.registers.length;
  }

  get irqAsserted(): boolean {
    return this.asserting;
  }

  setLine(source: number, asserted: boolean): void {
    const bit = 1 << (source & 31);
    if (((this.active[source >>> 5] & bit) !== 0) === asserted) return;
    this.active[source >>> 5] ^= bit;
    if (asserted) this.hash.add(HashEvent.interrupt, source, this.now());
    this.trace?.emit('intc.line', { source, asserted });
    this.evaluate();
  }

  asserted(): readonly number[] {
    return sourcesIn((word) => this.active[word]);
  }

  /** Highest priority first: lower IPR value, then the higher number, as Linux takes them (hw-iop3xx 1.4). */
  pending(): readonly number[] {
    return this.byPriority((word) => this.irqWord(word));
  }

  readCp6(crn: number, crm: number): number | undefined {
    const register = crm === 0 ? this.config.registers.find((candidate) => candidate.crn === crn) : undefined;
    return register === undefined ? undefined : this.readRegister(register);
  }

  writeCp6(crn: number, crm: number, value: number): boolean {
    const register = crm === 0 ? this.config.registers.find((candidate) => candidate.crn === crn) : undefined;
    if (register !== undefined) this.writeRegister(register, value);
    return register !== undefined;
  }

  read32(offset: number): number {
    return this.readRegister(this.config.registers[offset >>> 2]);
  }

  write32(offset: number, value: number, lanes: number): void {
    const register = this.config.registers[offset >>> 2];
    this.writeRegister(register, (this.readRegister(register) & ~lanes) | (value & lanes));
  }

  reset(): void {
    for (const words of [this.active, this.enable, this.steering, this.priority]) words.fill(0);
    this.vectorBase = 0;
    this.vectorStep = 0;
    this.evaluate();
  }

  private readRegister({ name, word }: IntcRegister): number {
    switch (name) {
      case 'INTCTL':
        return this.enable[word];
      case 'INTSTR':
        return this.steering[word];
      case 'IINTSRC':
        return this.irqWord(word);
      case 'FINTSRC':
        return this.fiqWord(word);
      case 'IPR':
        return this.priority[word];
      case 'INTBASE':
        return this.vectorBase;
      case 'INTSIZE':
        return this.vectorStep;
      case 'IINTVEC':
        return this.vector(this.pending());
      case 'FINTVEC':
        return this.vector(this.byPriority((index) => this.fiqWord(index)));
    }
  }

  /** Source and vector registers are read only. */
  private writeRegister({ name, word }: IntcRegister, value: number): void {
    if (name === 'INTCTL') this.enable[word] = value;
    else if (name === 'INTSTR') this.steering[word] = value;
    else if (name === 'IPR') this.priority[word] = value;
    else if (name === 'INTBASE') this.vectorBase = value >>> 0;
    else if (name === 'INTSIZE') this.vectorStep = value >>> 0;
    this.evaluate();
  }

  /** Scaling by INTSIZE is not documented; the code of the IOP13xx is taken: s stands for 2^(s + 1) bytes. */
  private vector(pending: readonly number[]): number {
    return pending.length === 0 ? NO_VECTOR : (this.vectorBase + pending[0] * 2 ** (this.vectorStep + 1)) >>> 0;
  }

  private irqWord(word: number): number {
    return (this.active[word] & this.enable[word] & ~this.steering[word]) >>> 0;
  }

  private fiqWord(word: number): number {
    return (this.active[word] & this.enable[word] & this.steering[word]) >>> 0;
  }

  private byPriority(word: (index: number) => number): number[] {
    return sourcesIn(word).sort((a, b) => this.level(a) - this.level(b) || b - a);
  }

  private level(source: number): number {
    return (this.priority[source >>> 4] >>> ((source & 15) * 2)) & 3;
  }

  private evaluate(): void {
    this.asserting = (this.irqWord(0) | this.irqWord(1)) !== 0;
  }
}

function sourcesIn(word: (index: number) => number): number[] {
  const list: number[] = [];
  for (let index = 0; index < 2; index++) {
    for (let bits = word(index); bits !== 0; bits &= bits - 1) list.push(32 * index + 31 - Math.clz32(bits & -bits));
  }
  return list;
}
