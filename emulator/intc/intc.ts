/**
 * The interrupt controllers of the I/O processors. All work alike: level sources, each enabled and steered to
 * IRQ or FIQ, the source to serve as a vector. What differs is data: how many sources there are, which registers
 * show them and where, and which of two equal sources goes first.
 */
import type { RegisterWindow } from '../memory/address-map';
import { HashEvent } from '../trace/hash';
import type { TraceHash } from '../trace/hash';
import type { Trace } from '../trace/trace';
import type { SourcePatternName, VectorRegisterName } from './registers';

/** A register of a controller: its name, the word it belongs to, where it is. */
export interface IntcRegister {
  readonly name: SourcePatternName | VectorRegisterName;
  /** which word of sources, or which priority register */
  readonly word: number;
  /** coprocessor 6 */
  readonly crn: number;
  readonly crm: number;
}

/** A controller, as data. */
export interface IntcConfig {
  /** The manual reference. */
  readonly source: string;
  /** words of 32 sources */
  readonly words: number;
  /** Physical address of the first register where they are memory mapped as well, in this order. */
  readonly base: number | undefined;
  /** Which of two sources of one priority goes first. */
  readonly first: 'lowest' | 'highest';
  readonly registers: readonly IntcRegister[];
}

const NO_VECTOR = 0xffff_ffff;
const SOURCES_A_PRIORITY_WORD = 16;

export class InterruptController {
  private readonly active: Uint32Array;
  private readonly enable: Uint32Array;
  private readonly steering: Uint32Array;
  private readonly priority: Uint32Array;
  private readonly places = new Map<number, IntcRegister>();
  private base = 0;
  private step = 0;
  private asserting = false;
  /** How often anything here may have changed. */
  changes = 0;

  constructor(
    readonly config: IntcConfig,
    private readonly now: () => number,
    private readonly hash: TraceHash,
    private readonly trace: Trace | undefined,
  ) {
    const { words, registers } = config;
    this.active = new Uint32Array(words);
    this.enable = new Uint32Array(words);
    this.steering = new Uint32Array(words);
    this.priority = new Uint32Array((32 * words) / SOURCES_A_PRIORITY_WORD);
    for (const register of registers) this.places.set(cp6Place(register.crn, register.crm), register);
  }

  /** Whether the core's IRQ input is asserted: some source is active, enabled and steered to IRQ. */
  get irqAsserted(): boolean {
    return this.asserting;
  }

  /** Drives the level of a source. */
  setLine(source: number, asserted: boolean): void {
    const word = source >>> 5;
    const bit = 1 << (source & 31);
    if (((this.active[word] & bit) !== 0) === asserted) return;
    this.active[word] ^= bit;
    if (asserted) this.hash.add(HashEvent.interrupt, source, this.now());
    this.trace?.emit('intc.line', { source, asserted });
    this.evaluate();
  }

  /** Whether a source is active, whatever its enable and steering. */
  isAsserted(source: number): boolean {
    return (this.active[source >>> 5] & (1 << (source & 31))) !== 0;
  }

  /** Active sources, whatever their enable and steering. */
  asserted(): readonly number[] {
    return this.sources((word) => this.active[word]);
  }

  /** Active, enabled and steered to IRQ, highest priority first. */
  pending(): readonly number[] {
    return this.sources((word) => this.irqWord(word)).sort((a, b) => this.order(a, b));
  }

  /** Coprocessor 6 read; `undefined` when no such register exists. */
  readCp6(crn: number, crm: number): number | undefined {
    const register = this.places.get(cp6Place(crn, crm));
    return register === undefined ? undefined : this.read(register);
  }

  /** Coprocessor 6 write; false when no such register can be written. */
  writeCp6(crn: number, crm: number, value: number): boolean {
    const register = this.places.get(cp6Place(crn, crm));
    return register !== undefined && this.write(register, value);
  }

  read(register: IntcRegister): number {
    const { word } = register;
    switch (register.name) {
      case 'INTPND':
        return this.active[word];
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
        return this.base;
      case 'INTSIZE':
        return this.step;
      case 'IINTVEC':
        return this.vector(false);
      case 'FINTVEC':
        return this.vector(true);
      case 'IPIPNDR':
        return 0;
    }
  }

  /** Writes a register; false for the read-only ones. */
  write({ name, word }: IntcRegister, value: number): boolean {
    if (name === 'INTCTL') this.enable[word] = value;
    else if (name === 'INTSTR') this.steering[word] = value;
    else if (name === 'IPR') this.priority[word] = value;
    else if (name === 'INTBASE') this.base = value >>> 0;
    else if (name === 'INTSIZE') this.step = value >>> 0;
    else return false;
    this.evaluate();
    return true;
  }

  /** INTSIZE 1 is a step of 4 bytes (Linux); a step code s stands for 2^(s + 1) bytes. */
  private vector(fiq: boolean): number {
    let first = -1;
    for (let index = 0; index < this.config.words; index++) {
      for (let bits = fiq ? this.fiqWord(index) : this.irqWord(index); bits !== 0; bits &= bits - 1) {
        const source = 32 * index + 31 - Math.clz32(bits & -bits);
        if (first < 0 || this.order(source, first) < 0) first = source;
      }
    }
    return first < 0 ? NO_VECTOR : (this.base + first * 2 ** (this.step + 1)) >>> 0;
  }

  private irqWord(word: number): number {
    return (this.active[word] & this.enable[word] & ~this.steering[word]) >>> 0;
  }

  private fiqWord(word: number): number {
    return (this.active[word] & this.enable[word] & this.steering[word]) >>> 0;
  }

  /** Negative when source `a` goes before `b`. */
  private order(a: number, b: number): number {
    return this.level(a) - this.level(b) || (this.config.first === 'lowest' ? a - b : b - a);
  }

  private level(source: number): number {
    return (this.priority[source >>> 4] >>> ((source & 15) * 2)) & 3;
  }

  private evaluate(): void {
    this.changes++;
    this.asserting = false;
    for (let word = 0; word < this.config.words; word++) if (this.irqWord(word) !== 0) this.asserting = true;
  }

  private sources(word: (index: number) => number): number[] {
    const list: number[] = [];
    for (let index = 0; index < this.config.words; index++) {
      for (let bits = word(index); bits !== 0; bits &= bits - 1) list.push(32 * index + 31 - Math.clz32(bits & -bits));
    }
    return list;
  }
}

/** The memory-mapped view of a controller, where it has one. */
export function intcWindow(controller: InterruptController, base: number): RegisterWindow {
  const { registers } = controller.config;
  return {
    name: 'intc',
    base,
    size: 4 * registers.length,
    read32: (offset) => controller.read(registers[offset >>> 2]),
    write32: (offset, value, lanes) => {
      const register = registers[offset >>> 2];
      controller.write(register, (controller.read(register) & ~lanes) | (value & lanes));
    },
  };
}

function cp6Place(crn: number, crm: number): number {
  return 16 * crm + crn;
}
