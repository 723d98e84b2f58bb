/** The two timers and the watchdog of every family (hw-iop13xx 1.4, hw-iop3xx 1.5). */
import * as fc from 'fast-check';
import { createTarget } from '../../../index';
import type { Target } from '../../../index';
import { KIB } from '../board';

/** CP6 page, bus clock in picoseconds, interrupt sources, memory-mapped base. */
const FAMILIES = [
  ['iop342', { crm: 9, tick: 2500, irq: [8, 9], base: undefined }],
  ['iop321', { crm: 1, tick: 5000, irq: [9, 10], base: 0xffff_e7e0 }],
  ['iop331', { crm: 1, tick: 3000, irq: [8, 9], base: 0xffff_e7d0 }],
] as const;

/** CRn. */
const TMR = [0, 1] as const;
const TCR = [2, 3] as const;
const TRR = [4, 5] as const;
const TISR = 6;
const WDTCR = 7;

const DONE = 1 << 0;
const ENABLE = 1 << 1;
const RELOAD = 1 << 2;
const divider = (code: number): number => code << 4;
const DIVIDERS = [1, 4, 8, 16];

describe.each(FAMILIES)('%s', (platform, { crm, tick, irq, base }) => {
  let target: Target;
  const read = (register: number): number => target.readCp6(register, crm);
  const write = (register: number, value: number): void => target.writeCp6(register, crm, value);
  const asserted = (): readonly number[] => target.assertedInterrupts();

  beforeEach(() => {
    target = createTarget(platform, { dramBytes: 64 * KIB });
  });

  /** Picoseconds from now until the source is up. */
  function until(source: number, limit = 1e12): number {
    const begin = target.now;
    expect(target.runUntil(() => asserted().includes(source), limit)).toBe(true);
    return target.now - begin;
  }

  describe.each([0, 1])('timer %i', (k) => {
    it.each([0, 1, 2, 3])('counts down every bus clock divided by code %i, interrupts at zero, and stops', (code) => {
      write(TCR[k], 1000);
      write(TMR[k], ENABLE | divider(code));
      const begin = target.now;
      const period = tick * DIVIDERS[code];
      target.advance(400 * period + period / 2);
      const left = read(TCR[k]);
      expect(left).toBe(1000 - Math.floor((target.now - begin) / period));
      target.runUntil(() => asserted().length > 0, 1e12);
      expect(target.now - begin).toBe(1000 * period);
      expect(asserted()).toEqual([irq[k]]);
      expect(read(TISR)).toBe(1 << k);
      expect(read(TCR[k])).toBe(0);
      expect(read(TMR[k])).toBe(DONE | divider(code));
      target.advance(5000 * period);
      expect([read(TCR[k]), read(TISR)]).toEqual([0, 1 << k]);
    });

    it('starts again from the reload value, N + 1 ticks from interrupt to interrupt', () => {
      write(TRR[k], 99);
      write(TCR[k], 10);
      const begin = target.now;
      write(TMR[k], ENABLE | RELOAD);
      until(irq[k]);
      expect(target.now - begin).toBeLessThan(11 * tick + 10_000);
      for (let i = 0; i < 5; i++) {
        const last = target.now;
        write(TISR, 1 << k);
        expect(asserted()).toEqual([]);
        until(irq[k]);
        expect(target.now - last).toBe(100 * tick);
      }
      expect(read(TMR[k]) & (ENABLE | RELOAD)).toBe(ENABLE | RELOAD);
      expect(read(TRR[k])).toBe(99);
    });

    it('keeps the interrupt up until ones are written to its own bit of TISR', () => {
      write(TCR[k], 5);
      write(TMR[k], ENABLE);
      until(irq[k]);
      write(TISR, 1 << (1 - k));
      write(TISR, 0);
      expect(asserted()).toEqual([irq[k]]);
      write(TISR, 1 << k);
      expect([asserted(), read(TISR)]).toEqual([[], 0]);
    });

    it('holds its count while disabled and goes on from there', () => {
      write(TCR[k], 1000);
      target.advance(500 * tick);
      expect(read(TCR[k])).toBe(1000);
      write(TMR[k], ENABLE);
      target.advance(300 * tick);
      write(TMR[k], 0);
      const held = read(TCR[k]);
      expect(held).toBeGreaterThan(690);
      expect(held).toBeLessThan(701);
      target.advance(5000 * tick);
      expect(read(TCR[k])).toBe(held);
      write(TMR[k], ENABLE);
      expect(until(irq[k])).toBe(held * tick);
    });

    it('a reload value written at any moment, even in the tick at zero, takes effect with the next reload', () => {
      for (let late = 0; late <= 3 * tick; late += 500) {
        target.reset();
        write(TRR[k], 20);
        write(TCR[k], 20);
        write(TMR[k], ENABLE | RELOAD);
        until(irq[k]);
        const zero = target.now;
        write(TISR, 1 << k);
        target.advance(late);
        write(TRR[k], 50);
        until(irq[k]);
        expect(target.now - zero).toBe(21 * tick);
        write(TISR, 1 << k);
        expect(until(irq[k])).toBeGreaterThanOrEqual(49 * tick);
      }
    });

    it('a mode written again unchanged, even in the tick at zero, does not disturb the count', () => {
      for (let late = 0; late <= 3 * tick; late += 500) {
        target.reset();
        write(TRR[k], 20);
        write(TCR[k], 20);
        write(TMR[k], ENABLE | RELOAD);
        until(irq[k]);
        const zero = target.now;
        write(TISR, 1 << k);
        target.advance(late);
        write(TMR[k], ENABLE | RELOAD);
        until(irq[k]);
        expect(target.now - zero).toBe(21 * tick);
      }
    });

    it('stopped in the tick at zero holds the reload that is due', () => {
      write(TRR[k], 20);
      write(TCR[k], 20);
      write(TMR[k], ENABLE | RELOAD | divider(3));
      until(irq[k]);
      write(TMR[k], 0);
      expect(read(TCR[k])).toBe(20);
    });

    it('does not touch the other one', () => {
      const other = 1 - k;
      write(TCR[other], 777);
      write(TRR[other], 888);
      write(TRR[k], 3);
      write(TCR[k], 3);
      write(TMR[k], ENABLE | RELOAD);
      target.advance(1000 * tick);
      expect([read(TMR[other]), read(TCR[other]), read(TRR[other])]).toEqual([0, 777, 888]);
      expect(asserted()).toEqual([irq[k]]);
    });
  });

  it("runs Linux's clock source: timer 1 free running from 2^32 − 1, read as time that passes", () => {
    write(TRR[1], 0xffff_ffff);
    write(TCR[1], 0xffff_ffff);
    write(TMR[1], ENABLE | RELOAD | (1 << 3));
    const first = ~read(TCR[1]) >>> 0;
    const begin = target.now;
    target.advance(1e9);
    const second = ~read(TCR[1]) >>> 0;
    expect(Math.abs(second - first - Math.floor((target.now - begin) / tick))).toBeLessThan(2);
    expect(asserted()).toEqual([]);
  });

  it('counts like a model under random writes at random times', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 40 * tick }),
      register: fc.constantFrom(TCR[0], TRR[0], TMR[0], TISR),
      value: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        target.reset();
        let flags = 0;
        for (const { wait, register, value } of steps) {
          target.advance(wait);
          write(register, register === TMR[0] ? value << 1 : value);
          const count = read(TCR[0]);
          expect(count).toBeLessThanOrEqual(30);
          const status = read(TISR);
          flags |= status;
          expect(asserted()).toEqual(status & 1 ? [irq[0]] : []);
        }
        // Whatever came before, a count that is written is counted down.
        write(TMR[0], 0);
        write(TISR, 3);
        write(TCR[0], 17);
        write(TMR[0], ENABLE);
        expect(until(irq[0])).toBe(17 * tick);
        expect(flags & 2).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('interrupts through the controller only when the source is enabled', () => {
    const [page, register] = platform === 'iop342' ? [4, 0] : [0, 0];
    write(TCR[0], 5);
    write(TMR[0], ENABLE);
    target.advance(1000 * tick);
    expect(target.pendingInterrupts()).toEqual([]);
    target.writeCp6(register, page, 1 << irq[0]);
    expect(target.pendingInterrupts()).toEqual([irq[0]]);
    write(TISR, 1);
    expect(target.pendingInterrupts()).toEqual([]);
  });

  it('the watchdog needs both words in order, then expires with a finding unless it is fed', () => {
    const expiry = 2 ** 32 * tick;
    const expired = (): number => target.findings().filter(({ text }) => text.includes('watchdog')).length;
    write(WDTCR, 0xe1e1_e1e1);
    write(WDTCR, 0x1e1e_1e1e);
    write(WDTCR, 1);
    write(WDTCR, 0xe1e1_e1e1);
    target.advance(expiry);
    expect(expired()).toBe(0);
    const feed = (): void => {
      write(WDTCR, 0x1e1e_1e1e);
      write(WDTCR, 0xe1e1_e1e1);
    };
    feed();
    target.advance(expiry / 2);
    feed();
    target.advance(expiry / 2);
    expect(expired()).toBe(0);
    target.advance(expiry / 2);
    expect(expired()).toBe(1);
  });

  it('everything reads 0 at power-on', () => {
    for (let register = 0; register < 8; register++) expect(read(register)).toBe(0);
    expect(target.findings()).toEqual([]);
  });

  if (base === undefined) return;

  describe('memory mapped', () => {
    const at = (register: number): number => base + 4 * register;

    it('shows and takes what coprocessor 6 does', () => {
      target.write32(at(TRR[0]), 0x1234_5678);
      target.write32(at(TCR[1]), 0x0bcd_ef01);
      target.advance(1e6);
      expect([read(TRR[0]), read(TCR[1])]).toEqual([0x1234_5678, 0x0bcd_ef01]);
      write(TRR[1], 55);
      write(TMR[1], divider(2));
      expect([target.read32(at(TRR[1])), target.read32(at(TMR[1]))]).toEqual([55, divider(2)]);
      for (let register = 0; register < 8; register++) expect(target.read32(at(register))).toBe(read(register));
      expect(target.findings()).toEqual([]);
    });

    it('a narrow write changes its own bytes only', () => {
      write(TRR[0], 0x1234_5678);
      target.write(at(TRR[0]) + 1, 0xff, 1);
      target.write(at(TRR[0]) + 2, 0xeeee, 2);
      target.advance(1e6);
      expect(read(TRR[0])).toBe(0xeeee_ff78);
    });

    it('a narrow write to TISR clears no flag outside its bytes', () => {
      for (const k of [0, 1]) {
        write(TCR[k], 1);
        write(TMR[k], ENABLE);
      }
      target.advance(100 * tick);
      target.write(at(TISR) + 1, 0xff, 1);
      target.advance(1e6);
      expect(read(TISR)).toBe(3);
      target.write(at(TISR), 2, 1);
      target.advance(1e6);
      expect(read(TISR)).toBe(1);
    });
  });
});
