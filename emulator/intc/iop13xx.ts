/**
 * The interrupt controller of the IOP13xx: 128 level sources behind coprocessor 6 registers
 * (reference/hw-iop13xx 1.4). CRm is the page, CRn the register.
 */
import { HashEvent } from '../trace/hash';
import type { TraceHash } from '../trace/hash';
import type { Trace } from '../trace/trace';
import type { InterruptController } from './controller';

/** Words of 32 sources. */
export const IOP13XX_INTC_WORDS = 4;
/** Words of 16 priorities. */
export const IOP13XX_PRIORITY_WORDS = 8;
const WORDS = IOP13XX_INTC_WORDS;

/** CRm pages of coprocessor 6 and what a page holds. */
export const IOP13XX_INTC_PAGES = {
  VECTOR: { crm: 2, says: 'INTBASE, INTSIZE, IINTVEC, FINTVEC, IPIPNDR' },
  INTPND: { crm: 3, says: 'active sources, raw' },
  INTCTL: { crm: 4, says: 'enable, 1 = not masked' },
  INTSTR: { crm: 5, says: 'steering, 0 = IRQ, 1 = FIQ' },
  IINTSRC: { crm: 6, says: 'active and enabled as IRQ' },
  FINTSRC: { crm: 7, says: 'active and enabled as FIQ' },
  IPR: { crm: 8, says: 'priorities, 2 bits a source; 0 is the highest (assumed)' },
} as const;

/** CRn of the registers on the vector page. */
export const IOP13XX_VECTOR_PAGE = { INTBASE: 0, INTSIZE: 2, IINTVEC: 3, FINTVEC: 4, IPIPNDR: 8 } as const;

const NO_VECTOR = 0xffff_ffff;
const PAGE = IOP13XX_INTC_PAGES;
const VECTOR = IOP13XX_VECTOR_PAGE;

export class Iop13xxIntc implements InterruptController {
  readonly name = 'intc';
  private readonly active = new Uint32Array(WORDS);
  private readonly enable = new Uint32Array(WORDS);
  private readonly steering = new Uint32Array(WORDS);
  private readonly priority = new Uint32Array(IOP13XX_PRIORITY_WORDS);
  private base = 0;
  private step = 0;
  private asserting = false;

  constructor(
    private readonly now: () => number,
    private readonly hash: TraceHash,
    private readonly trace: Trace | undefined,
  ) {}

  get irqAsserted(): boolean {
    return this.asserting;
  }

  setLine(source: number, asserted: boolean): void {
    const word = source >>> 5;
    const bit = 1 << (source & 31);
    if (((this.active[word] & bit) !== 0) === asserted) return;
    this.active[word] ^= bit;
    if (asserted) this.hash.add(HashEvent.interrupt, source, this.now());
    this.trace?.emit('intc.line', { source, asserted });
    this.evaluate();
  }

  asserted(): readonly number[] {
    return sources((word) => this.active[word]);
  }

  pending(): readonly number[] {
    return this.byPriority((word) => this.irqWord(word));
  }

  readCp6(crn: number, crm: number): number | undefined {
    if (crm === PAGE.VECTOR.crm) return this.readVectorPage(crn);
    if (crm === PAGE.IPR.crm) return crn < this.priority.length ? this.priority[crn] : undefined;
    if (crn >= WORDS) return undefined;
    switch (crm) {
      case PAGE.INTPND.crm:
        return this.active[crn];
      case PAGE.INTCTL.crm:
        return this.enable[crn];
      case PAGE.INTSTR.crm:
        return this.steering[crn];
      case PAGE.IINTSRC.crm:
        return this.irqWord(crn);
      case PAGE.FINTSRC.crm:
        return this.fiqWord(crn);
      default:
        return undefined;
    }
  }

  writeCp6(crn: number, crm: number, value: number): boolean {
    if (crm === PAGE.INTCTL.crm && crn < WORDS) this.enable[crn] = value;
    else if (crm === PAGE.INTSTR.crm && crn < WORDS) this.steering[crn] = value;
    else if (crm === PAGE.IPR.crm && crn < this.priority.length) this.priority[crn] = value;
    else if (crm === PAGE.VECTOR.crm && crn === VECTOR.INTBASE) this.base = value >>> 0;
    else if (crm === PAGE.VECTOR.crm && crn === VECTOR.INTSIZE) this.step = value >>> 0;
    else return false;
    this.evaluate();
    return true;
  }

  reset(): void {
    for (const words of [this.active, this.enable, this.steering, this.priority]) words.fill(0);
    this.base = 0;
    this.step = 0;
    this.evaluate();
  }

  private readVectorPage(crn: number): number | undefined {
    switch (crn) {
      case VECTOR.INTBASE:
        return this.base;
      case VECTOR.INTSIZE:
        return this.step;
      case VECTOR.IINTVEC:
        return this.vector(this.pending());
      case VECTOR.FINTVEC:
        return this.vector(this.byPriority((word) => this.fiqWord(word)));
      case VECTOR.IPIPNDR:
        return 0;
      default:
        return undefined;
    }
  }

  /** INTSIZE 1 is a step of 4 bytes (Linux); a step code s stands for 2^(s + 1) bytes. */
  private vector(pending: readonly number[]): number {
    return pending.length === 0 ? NO_VECTOR : (this.base + pending[0] * 2 ** (this.step + 1)) >>> 0;
  }

  private irqWord(word: number): number {
    return (this.active[word] & this.enable[word] & ~this.steering[word]) >>> 0;
  }

  private fiqWord(word: number): number {
    return (this.active[word] & this.enable[word] & this.steering[word]) >>> 0;
  }

  /** The sources of these words, highest priority first; the lower number goes first within one priority. */
  private byPriority(word: (index: number) => number): number[] {
    return sources(word).sort((a, b) => this.level(a) - this.level(b) || a - b);
  }

  private level(source: number): number {
    return (this.priority[source >>> 4] >>> ((source & 15) * 2)) & 3;
  }

  private evaluate(): void {
    this.asserting = (this.irqWord(0) | this.irqWord(1) | this.irqWord(2) | this.irqWord(3)) !== 0;
  }
}

function sources(word: (index: number) => number): number[] {
  const list: number[] = [];
  for (let index = 0; index < WORDS; index++) {
    for (let bits = word(index); bits !== 0; bits &= bits - 1) {
      list.push(32 * index + 31 - Math.clz32(bits & -bits));
    }
  }
  return list;
}
