/**
 * Every engine of every platform as its registers show it. Every number here is retyped from
 * reference/hw-iop13xx (1.3, 1.4, 2) and reference/hw-iop3xx (1.2, 1.3, 2), none is imported from the code under test.
 */
import type { PlatformName, Target } from '../../index';
import { putWord, US } from './board';

export interface EngineFacts {
  readonly name: string;
  readonly kind: 'adma' | 'dma' | 'aau';
  readonly base: number;
  /** bytes of the register window */
  readonly window: number;
  /** offsets from the base */
  readonly control: number;
  readonly status: number;
  readonly current: number;
  readonly next: number;
  /** bits of the status register */
  readonly active: number;
  readonly eot: number;
  readonly eoc: number;
  readonly errors: number;
  /** what an address nobody claims sets */
  readonly masterAbort: number;
  readonly irq: { readonly eot: number; readonly eoc: number; readonly error: number };
}

/** The same in all engines. */
export const START = 1;
export const RESUMED = 2;
/** hw-iop3xx 2.2: ACR bit 2. */
export const SMALL_QUEUE = 4;

const adma = (index: number): EngineFacts => ({
  name: `adma${index}`,
  kind: 'adma',
  base: 0xffd8_0000 + 0x200 * index,
  window: 0x200,
  control: 0x00,
  status: 0x04,
  current: 0x08,
  next: 0x24,
  active: 1 << 13,
  eot: 1 << 12,
  eoc: 1 << 11,
  errors: 0x23e,
  masterAbort: 1 << 3,
  irq: { eot: 2 * index, eoc: 2 * index + 1, error: 57 + index },
});

const STATUS_3XX = { active: 1 << 10, eot: 1 << 9, eoc: 1 << 8, masterAbort: 1 << 5 } as const;

const dma = (index: number, error: number): EngineFacts => ({
  ...STATUS_3XX,
  name: `dma${index}`,
  kind: 'dma',
  base: 0xffff_e400 + 0x40 * index,
  window: 0x40,
  control: 0x00,
  status: 0x04,
  current: 0x0c,
  next: 0x10,
  errors: 0x2e,
  irq: { eot: 2 * index, eoc: 2 * index + 1, error },
});

const aau = (error: number): EngineFacts => ({
  ...STATUS_3XX,
  name: 'aau',
  kind: 'aau',
  base: 0xffff_e800,
  window: 0xa8,
  control: 0x00,
  status: 0x04,
  current: 0x08,
  next: 0x0c,
  errors: 0x20,
  irq: { eot: 6, eoc: 7, error },
});

const ADMAS = [adma(0), adma(1), adma(2)];

export type BoardName = Exclude<PlatformName, 'none'>;

export const ENGINES: Readonly<Record<BoardName, readonly EngineFacts[]>> = {
  iop342: ADMAS,
  iop341: ADMAS,
  iop348: ADMAS,
  iop321: [dma(0, 20), dma(1, 21), aau(23)],
  iop331: [dma(0, 57), dma(1, 58), aau(60)],
};

export const BOARDS = Object.keys(ENGINES) as BoardName[];

/** The engine of this kind and number on a platform. */
export function engineOf(platform: BoardName, kind: EngineFacts['kind'], index = 0): EngineFacts {
  return ENGINES[platform].filter((engine) => engine.kind === kind)[index];
}

/** One engine through its registers. */
export class EnginePins {
  /** Bits that ride along with every write of the control register. */
  controlBits = 0;

  constructor(
    readonly target: Target,
    readonly facts: EngineFacts,
  ) {}

  read(offset: number): number {
    return this.target.read32(this.facts.base + offset);
  }

  write(offset: number, value: number): void {
    this.target.write32(this.facts.base + offset, value);
  }

  get control(): number {
    return this.read(this.facts.control);
  }

  set control(value: number) {
    this.write(this.facts.control, value | this.controlBits);
  }

  get status(): number {
    return this.read(this.facts.status);
  }

  get current(): number {
    return this.read(this.facts.current);
  }

  get next(): number {
    return this.read(this.facts.next);
  }

  get active(): boolean {
    return (this.status & this.facts.active) !== 0;
  }

  /** Writes ones to every flag of the status register. */
  clear(): void {
    const { facts } = this;
    this.write(facts.status, facts.errors | facts.eot | facts.eoc);
  }

  /** hw-iop13xx 4.2, hw-iop3xx 4: clear stale errors, clear enable, next descriptor, enable. */
  start(descriptor: number): void {
    this.write(this.facts.status, this.facts.errors);
    this.control = 0;
    this.write(this.facts.next, descriptor);
    this.control = START;
  }

  resume(): void {
    this.control = START | RESUMED;
  }

  /** Links behind the old tail, then asks for the re-read. */
  append(tail: number, descriptor: number): void {
    putWord(this.target, tail, descriptor);
    this.resume();
  }

  /** Lets time pass until the active bit reads 0; fails the test after `limit` picoseconds. */
  untilIdle(limit = 1000 * US): void {
    if (!this.target.runUntil(() => !this.active, limit)) throw new Error(`${this.facts.name} is still active`);
  }

  /** Runs a chain from its start to its end. */
  run(descriptor: number, limit = 1000 * US): void {
    this.start(descriptor);
    this.untilIdle(limit);
  }

  raised(line: keyof EngineFacts['irq']): boolean {
    return this.target.assertedInterrupts().includes(this.facts.irq[line]);
  }
}
