/** The interrupt controller behind coprocessor 6 (hw-iop13xx 1.4): CRm is the page, CRn the register. */
import * as fc from 'fast-check';
import { InterruptController } from '../../../emulator/intc/intc';
import { IOP13XX_INTC } from '../../../emulator/intc/iop13xx';
import { TraceHash } from '../../../emulator/trace/hash';
import { board, ChannelPins, EOC, KIB, MASTER_ABORT, putDescriptor, REG } from '../board';
import type { Target } from '../../../index';

const PAGE = { vector: 2, pending: 3, enable: 4, steer: 5, irq: 6, fiq: 7, priority: 8 } as const;
const INTBASE = 0;
const INTSIZE = 2;
const IINTVEC = 3;
const FINTVEC = 4;
const NONE = 0xffff_ffff;

const intc = (): InterruptController => new InterruptController(IOP13XX_INTC, () => 0, new TraceHash(), undefined);

/** A board on which the end-of-chain line of channel 0 (source 1) is up. */
function withEndOfChain(): { target: Target; channel: ChannelPins } {
  const target = board({ dramBytes: 64 * KIB });
  const channel = new ChannelPins(target);
  putDescriptor(target, 0x1000, { interrupt: true, count: 0 });
  channel.run(0x1000);
  return { target, channel };
}

function enableAll(controller: InterruptController): void {
  for (let word = 0; word < 4; word++) controller.writeCp6(word, PAGE.enable, 0xffff_ffff);
}

describe('through the board', () => {
  it('shows a raw source before it is enabled, and interrupts nobody', () => {
    const { target } = withEndOfChain();
    expect(target.assertedInterrupts()).toEqual([1]);
    expect(target.readCp6(0, PAGE.pending)).toBe(2);
    expect(target.pendingInterrupts()).toEqual([]);
    expect(target.readCp6(0, PAGE.irq)).toBe(0);
    expect(target.readCp6(IINTVEC, PAGE.vector)).toBe(NONE);
  });

  it('interrupts once the source is enabled, even if it was up before', () => {
    const { target } = withEndOfChain();
    target.writeCp6(0, PAGE.enable, 1 << 1);
    expect(target.pendingInterrupts()).toEqual([1]);
    expect(target.readCp6(0, PAGE.irq)).toBe(2);
    target.writeCp6(0, PAGE.enable, 1 << 0);
    expect(target.pendingInterrupts()).toEqual([]);
    expect(target.assertedInterrupts()).toEqual([1]);
  });

  it('steers a source to FIQ, away from IRQ', () => {
    const { target } = withEndOfChain();
    target.writeCp6(0, PAGE.enable, 1 << 1);
    target.writeCp6(0, PAGE.steer, 1 << 1);
    expect(target.pendingInterrupts()).toEqual([]);
    expect(target.readCp6(0, PAGE.irq)).toBe(0);
    expect(target.readCp6(0, PAGE.fiq)).toBe(2);
    target.writeCp6(INTSIZE, PAGE.vector, 1);
    expect(target.readCp6(IINTVEC, PAGE.vector)).toBe(NONE);
    expect(target.readCp6(FINTVEC, PAGE.vector)).toBe(4);
  });

  it('is level: reading changes nothing, clearing the flag in the unit does', () => {
    const { target, channel } = withEndOfChain();
    target.writeCp6(0, PAGE.enable, 0xffff_ffff);
    target.readCp6(IINTVEC, PAGE.vector);
    target.readCp6(0, PAGE.pending);
    expect(target.pendingInterrupts()).toEqual([1]);
    channel.write(REG.ACSR, EOC);
    channel.read(REG.ACSR);
    expect(target.pendingInterrupts()).toEqual([]);
    expect(target.assertedInterrupts()).toEqual([]);
  });

  it('reaches the error sources in the second word', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target, 2);
    channel.run(0x0900_0000);
    expect(channel.read(REG.ACSR)).toBe(MASTER_ABORT);
    expect(target.assertedInterrupts()).toEqual([59]);
    expect(target.readCp6(1, PAGE.pending)).toBe(1 << 27);
    target.writeCp6(1, PAGE.enable, 1 << 27);
    target.writeCp6(INTBASE, PAGE.vector, 0x100);
    target.writeCp6(INTSIZE, PAGE.vector, 1);
    expect(target.readCp6(IINTVEC, PAGE.vector)).toBe(0x100 + 4 * 59);
  });

  it('keeps what is written to its own registers and lets nobody write the pending ones', () => {
    const target = board({ dramBytes: 64 * KIB });
    for (const page of [PAGE.enable, PAGE.steer]) {
      for (let word = 0; word < 4; word++) {
        target.writeCp6(word, page, 0xf000_0001 + word);
        expect(target.readCp6(word, page)).toBe(0xf000_0001 + word);
      }
    }
    for (let word = 0; word < 8; word++) {
      target.writeCp6(word, PAGE.priority, 0x8000_0000 + word);
      expect(target.readCp6(word, PAGE.priority)).toBe(0x8000_0000 + word);
    }
    expect(target.findings()).toEqual([]);
    target.writeCp6(0, PAGE.pending, 0xffff_ffff);
    expect(target.readCp6(0, PAGE.pending)).toBe(0);
    expect(target.findings()).toHaveLength(1);
  });
});

describe('the controller alone', () => {
  it('gives a source the vector base + 4 · number when INTSIZE is 1', () => {
    const controller = intc();
    enableAll(controller);
    controller.writeCp6(INTBASE, PAGE.vector, 0xffff_0000);
    controller.writeCp6(INTSIZE, PAGE.vector, 1);
    for (const source of [0, 1, 31, 32, 57, 127]) {
      controller.setLine(source, true);
      expect(controller.readCp6(IINTVEC, PAGE.vector)).toBe(0xffff_0000 + 4 * source);
      controller.setLine(source, false);
    }
    expect(controller.readCp6(IINTVEC, PAGE.vector)).toBe(NONE);
  });

  it('takes priority 0 before 3, and the lower number within one priority', () => {
    const controller = intc();
    enableAll(controller);
    // Two bits a source, sixteen sources a register: source 0 → 3, source 5 → 1, source 57 → 0, source 100 → 1.
    controller.writeCp6(0, PAGE.priority, (3 << 0) | (1 << 10));
    controller.writeCp6(6, PAGE.priority, 1 << 8);
    for (const source of [0, 5, 57, 100]) controller.setLine(source, true);
    expect(controller.pending()).toEqual([57, 5, 100, 0]);
    expect(controller.asserted()).toEqual([0, 5, 57, 100]);
  });

  it.each([
    ['IRQ', IINTVEC, 0],
    ['FIQ', FINTVEC, 0xffff_ffff],
  ])('reports the highest priority, not the lowest number, in the %s vector', (_, register, steering) => {
    const controller = intc();
    enableAll(controller);
    for (let word = 0; word < 4; word++) controller.writeCp6(word, PAGE.steer, steering);
    controller.writeCp6(INTSIZE, PAGE.vector, 1);
    controller.writeCp6(0, PAGE.priority, 2);
    controller.setLine(0, true);
    controller.setLine(9, true);
    expect(controller.readCp6(register, PAGE.vector)).toBe(36);
    controller.setLine(9, false);
    expect(controller.readCp6(register, PAGE.vector)).toBe(0);
  });

  it('forgets enables, steering and priorities at reset', () => {
    const { target } = withEndOfChain();
    target.writeCp6(0, PAGE.enable, 2);
    expect(target.pendingInterrupts()).toEqual([1]);
    target.reset();
    expect(target.assertedInterrupts()).toEqual([]);
    expect(target.readCp6(0, PAGE.enable)).toBe(0);
  });

  it('has the core input up exactly when some source is active, enabled and steered to IRQ', () => {
    const source = fc.nat(127);
    const step = fc.oneof(
      fc.record({ do: fc.constant('line' as const), source, on: fc.boolean() }),
      fc.record({ do: fc.constant('enable' as const), source, on: fc.boolean() }),
      fc.record({ do: fc.constant('steer' as const), source, on: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const controller = intc();
        const state = { line: new Set<number>(), enable: new Set<number>(), steer: new Set<number>() };
        for (const { do: kind, source: number, on } of steps) {
          if (on) state[kind].add(number);
          else state[kind].delete(number);
          if (kind === 'line') controller.setLine(number, on);
          else {
            const word = number >> 5;
            const bits = [...state[kind]].filter((n) => n >> 5 === word).reduce((sum, n) => sum + 2 ** (n & 31), 0);
            controller.writeCp6(word, kind === 'enable' ? PAGE.enable : PAGE.steer, bits);
          }
          const expected = [...state.line]
            .filter((n) => state.enable.has(n) && !state.steer.has(n))
            .sort((a, b) => a - b);
          expect(controller.pending()).toEqual(expected);
          expect(controller.irqAsserted).toBe(expected.length > 0);
          expect(controller.asserted()).toEqual([...state.line].sort((a, b) => a - b));
        }
      }),
      { numRuns: 40 },
    );
  });
});
