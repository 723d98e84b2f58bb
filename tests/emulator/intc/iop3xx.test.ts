/** The interrupt controllers of the IOP321 and IOP331: two views of the same registers (hw-iop3xx 1.3, 1.4). */
import * as fc from 'fast-check';
import { createTarget } from '../../../index';
import type { Target } from '../../../index';
import { KIB, putWord, US, wordAt } from '../board';
import { putAau, putDma } from '../descriptors';
import { EnginePins, ENGINES } from '../engines';

interface Views {
  readonly base: number;
  readonly words: 1 | 2;
  /** offset and CRn of the first word; further words follow in both */
  readonly control: readonly [number, number];
  readonly steer: readonly [number, number];
  readonly irq: readonly [number, number];
  readonly fiq: readonly [number, number];
}

const FAMILIES: readonly ['iop321' | 'iop331', Views][] = [
  ['iop321', { base: 0xffff_e7d0, words: 1, control: [0x0, 0], steer: [0x4, 4], irq: [0x8, 8], fiq: [0xc, 9] }],
  ['iop331', { base: 0xffff_e790, words: 2, control: [0x0, 0], steer: [0x8, 2], irq: [0x10, 4], fiq: [0x18, 6] }],
];

const NONE = 0xffff_ffff;

describe.each(FAMILIES)('%s', (platform, views) => {
  let target: Target;
  let engines: EnginePins[];

  beforeEach(() => {
    target = createTarget(platform, { dramBytes: 64 * KIB });
    engines = ENGINES[platform].map((facts) => new EnginePins(target, facts));
  });

  const cp6 = ([, crn]: readonly [number, number], word = 0): number => target.readCp6(crn + word, 0);
  const mmr = ([offset]: readonly [number, number], word = 0): number => target.read32(views.base + offset + 4 * word);
  const set = ([, crn]: readonly [number, number], word: number, value: number): void =>
    target.writeCp6(crn + word, 0, value);

  /** Raises the end-of-chain line of an engine, or its error line. */
  function raise({ facts, ...pins }: EnginePins, error = false): number {
    const engine = new EnginePins(pins.target, facts);
    const at = target.memoryBase + 0x400;
    if (facts.kind === 'aau') putAau(target, at, { count: 0, blocks: [], interrupt: true, write: false });
    else putDma(target, at, { count: 0, interrupt: true });
    if (error) putWord(target, at, 0x5000_0000);
    engine.run(at);
    return error ? facts.irq.error : facts.irq.eoc;
  }

  /** The bits of sources that fall into a word. */
  const bits = (sources: readonly number[], word: number): number =>
    sources.filter((source) => source >> 5 === word).reduce((sum, source) => sum + 2 ** (source & 31), 0);

  it('both views agree on every register, whichever is written', () => {
    for (const register of [views.control, views.steer]) {
      for (let word = 0; word < views.words; word++) {
        set(register, word, 0x8765_4321 + word);
        expect(mmr(register, word)).toBe(0x8765_4321 + word);
        target.write32(views.base + register[0] + 4 * word, 0x1234_5678 + word);
        target.advance(US);
        expect(cp6(register, word)).toBe(0x1234_5678 + word);
      }
    }
    expect(target.findings()).toEqual([]);
  });

  it('a narrow write of the memory-mapped view changes its own bytes only', () => {
    set(views.control, 0, 0x1111_1111);
    target.write(views.base + views.control[0] + 1, 0xee, 1);
    target.advance(US);
    expect(cp6(views.control)).toBe(0x1111_ee11);
  });

  it('the source registers can not be written', () => {
    for (const register of [views.irq, views.fiq]) {
      set(register, 0, NONE);
      target.write32(views.base + register[0], NONE);
      target.advance(US);
      expect([cp6(register), mmr(register)]).toEqual([0, 0]);
    }
  });

  it.each([0, 1, 2])('lines of engine %i: raw, then enabled, then steered, and gone when its flag is cleared', (k) => {
    for (const error of [false, true]) {
      const source = raise(engines[k], error);
      const all = target.assertedInterrupts();
      expect(all).toContain(source);
      expect([target.pendingInterrupts(), cp6(views.irq), mmr(views.irq)]).toEqual([[], 0, 0]);
      const word = source >> 5;
      const bit = 2 ** (source & 31);
      set(views.control, word, bit);
      expect(target.pendingInterrupts()).toEqual([source]);
      expect([cp6(views.irq, word), mmr(views.irq, word), cp6(views.fiq, word)]).toEqual([bit, bit, 0]);
      set(views.steer, word, bit);
      expect(target.pendingInterrupts()).toEqual([]);
      expect([cp6(views.irq, word), cp6(views.fiq, word), mmr(views.fiq, word)]).toEqual([0, bit, bit]);
      set(views.steer, word, 0);
      engines[k].clear();
      target.advance(US);
      expect(target.pendingInterrupts()).toEqual([]);
      expect(target.assertedInterrupts()).toEqual([]);
      set(views.control, word, 0);
    }
  });

  it('IINTSRC = active AND INTCTL AND NOT INTSTR, for random enables and steerings, in both views', () => {
    const lines = engines.map((engine) => raise(engine));
    const words = fc.array(fc.integer({ min: 0, max: NONE }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(words, words, (enable, steer) => {
        for (let word = 0; word < views.words; word++) {
          set(views.control, word, enable[word]);
          set(views.steer, word, steer[word]);
        }
        for (let word = 0; word < views.words; word++) {
          const active = bits(lines, word);
          const asIrq = (active & enable[word] & ~steer[word]) >>> 0;
          const asFiq = (active & enable[word] & steer[word]) >>> 0;
          expect([cp6(views.irq, word), mmr(views.irq, word)]).toEqual([asIrq, asIrq]);
          expect([cp6(views.fiq, word), mmr(views.fiq, word)]).toEqual([asFiq, asFiq]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('takes the highest number first, as Linux does from IINTSRC', () => {
    const lines = engines.map((engine) => raise(engine));
    for (let word = 0; word < views.words; word++) set(views.control, word, NONE);
    expect(target.pendingInterrupts()).toEqual([...lines].sort((a, b) => b - a));
  });

  it('records coprocessor registers that do not exist', () => {
    const missing = platform === 'iop321' ? [1, 0] : [0, 3];
    expect(target.readCp6(missing[0], missing[1])).toBe(0);
    target.writeCp6(missing[0], missing[1], 1);
    expect(target.findings().map(({ kind }) => kind)).toEqual(['unmodelled', 'unmodelled']);
  });

  it('forgets everything at reset', () => {
    raise(engines[0]);
    set(views.control, 0, NONE);
    target.reset();
    expect([cp6(views.control), cp6(views.irq), target.assertedInterrupts()]).toEqual([0, 0, []]);
    expect(wordAt(target, target.memoryBase + 0x400)).toBe(0);
  });

  if (platform === 'iop321') return;

  describe('vectors and priorities', () => {
    const INTBASE = 12;
    const INTSIZE = 13;
    const IINTVEC = 14;
    const FINTVEC = 15;
    const priority = (source: number, level: number): void => {
      const crn = 8 + (source >> 4);
      const shift = 2 * (source & 15);
      target.writeCp6(crn, 0, (target.readCp6(crn, 0) & ~(3 << shift)) | (level << shift));
    };

    it('both views of IPR, INTBASE, INTSIZE and the vectors agree', () => {
      for (let crn = 8; crn < 14; crn++) {
        target.writeCp6(crn, 0, 0x100 + crn);
        expect(target.read32(views.base + 4 * crn)).toBe(0x100 + crn);
      }
      expect(target.read32(views.base + 4 * IINTVEC)).toBe(NONE);
      expect(target.readCp6(FINTVEC, 0)).toBe(NONE);
    });

    it.each([
      ['IRQ', IINTVEC, 0],
      ['FIQ', FINTVEC, NONE],
    ])('the %s vector is base + 4 · number of the highest priority, INTSIZE 1', (_, vector, steer) => {
      const [first, second, third] = engines.map((engine) => raise(engine));
      for (const word of [0, 1]) {
        set(views.control, word, NONE);
        set(views.steer, word, steer);
      }
      target.writeCp6(INTBASE, 0, 0xffff_0000);
      target.writeCp6(INTSIZE, 0, 1);
      const at = (source: number): number => 0xffff_0000 + 4 * source;
      for (const winner of [first, second, third]) {
        for (const source of [first, second, third]) priority(source, source === winner ? 1 : 2);
        expect(target.readCp6(vector, 0)).toBe(at(winner));
        expect(target.read32(views.base + 4 * vector)).toBe(at(winner));
      }
      for (const engine of engines) engine.clear();
      target.advance(US);
      expect(target.readCp6(vector, 0)).toBe(NONE);
    });

    it('reaches the sources of the second word', () => {
      const source = raise(engines[2], true);
      set(views.control, 1, 2 ** (source & 31));
      target.writeCp6(INTSIZE, 0, 1);
      expect(source).toBe(60);
      expect(target.readCp6(IINTVEC, 0)).toBe(240);
    });
  });
});
