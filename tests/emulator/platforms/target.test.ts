import { createTarget, PLATFORM_NAMES } from '../../../index';
import { board, ChannelPins, CHANNELS, EOC, KIB, NS, putDescriptor, REG, US } from '../board';

it('is made for every platform by name, and for no other', () => {
  for (const name of PLATFORM_NAMES) expect(createTarget(name, { dramBytes: 64 * KIB }).now).toBe(0);
  expect(() => createTarget('iop999' as never)).toThrow(/iop999/);
  expect(() => createTarget('toString' as never)).toThrow(RangeError);
});

it('has 64 MiB of DRAM unless asked otherwise', () => {
  expect(createTarget('iop342').memory).toHaveLength(64 * KIB * KIB);
});

it.each(['iop342', 'iop341', 'iop348'] as const)('%s has three channels that copy', (name) => {
  const target = createTarget(name, { dramBytes: 64 * KIB });
  for (const index of [0, 1, 2]) {
    target.memory.fill(index + 1, 0x4000, 0x4100);
    putDescriptor(target, 0x1000, { interrupt: true, count: 256, destination: 0x8000, sources: [0x4000] });
    const channel = new ChannelPins(target, index);
    channel.run(0x1000);
    expect(channel.read(REG.ACSR)).toBe(EOC);
    expect(target.memory[0x80ff]).toBe(index + 1);
  }
});

it('none has no engine: its registers are claimed by nobody', () => {
  const target = createTarget('none', { dramBytes: 64 * KIB });
  expect(target.read32(CHANNELS[0])).toBe(0);
  expect(target.findings()).toEqual([expect.objectContaining({ kind: 'unmodelled', rule: 'hw-iop13xx 1.3' })]);
});

describe('time', () => {
  it('passes by the load of a register, not by the store', () => {
    const target = board({ dramBytes: 64 * KIB });
    target.write32(CHANNELS[0] + REG.IIPCR, 1);
    expect(target.now).toBe(0);
    target.read32(CHANNELS[0] + REG.IIPCR);
    expect(target.now).toBe(100 * NS);
  });

  it('stops at the moment the predicate holds', () => {
    const target = board({ dramBytes: 64 * KIB });
    putDescriptor(target, 0x1000, { interrupt: true, count: 0 });
    const channel = new ChannelPins(target);
    channel.start(0x1000);
    expect(target.runUntil(() => channel.raised('eoc'), 100 * US)).toBe(true);
    expect(target.now).toBeLessThan(US);
    expect(target.runUntil(() => true, 0)).toBe(true);
  });

  it('does not miss, at any moment, what happens while the predicate reads a register', () => {
    const target = board({ dramBytes: 64 * KIB });
    for (let late = 0; late < 200 * NS; late += 10 * NS) {
      target.reset();
      putDescriptor(target, 0x1000, { count: 64, destination: 0x8000, sources: [0x4000] });
      const channel = new ChannelPins(target);
      channel.start(0x1000);
      target.advance(late);
      expect(target.runUntil(() => !channel.active, 1000 * US)).toBe(true);
      expect(target.now).toBeLessThan(2 * US);
    }
  });

  it('stops at the limit when the predicate never holds', () => {
    const target = board({ dramBytes: 64 * KIB });
    expect(target.runUntil(() => false, 7 * US)).toBe(false);
    expect(target.now).toBe(7 * US);
    putDescriptor(target, 0x1000, { count: 32 * KIB, destination: 0x8000, sources: [0] });
    new ChannelPins(target).start(0x1000);
    expect(target.runUntil(() => false, US)).toBe(false);
    expect(target.now).toBe(8 * US);
  });

  it('goes on for a program that polls a status word in memory', () => {
    const target = board({ dramBytes: 64 * KIB });
    putDescriptor(target, 0x1000, { writeBack: true, count: 2000, destination: 0x8000, sources: [0x4000] });
    new ChannelPins(target).start(0x1000);
    let polls = 0;
    while (target.read32(0x100c) < 0x8000_0000 && polls < 1000) polls++;
    expect(polls).toBeGreaterThan(5);
    expect(polls).toBeLessThan(100);
  });
});

it('after a reset is as it was at power-on, in the same memory', () => {
  const target = board({ dramBytes: 64 * KIB });
  const { memory, wasmMemory } = target;
  const script = (): unknown[] => {
    target.memory.fill(9, 0x4000, 0x4800);
    putDescriptor(target, 0x1000, { interrupt: true, count: 2000, destination: 0x8000, sources: [0x4000] });
    const channel = new ChannelPins(target, 1);
    channel.run(0x1000);
    target.write32(0x9000_0000, 0);
    return [target.now, target.assertedInterrupts(), target.findings().length, target.memory[0x8001]];
  };
  const first = script();
  target.reset();
  expect(target.memory).toBe(memory);
  expect(target.wasmMemory).toBe(wasmMemory);
  expect(memory.every((byte) => byte === 0)).toBe(true);
  expect([target.now, target.assertedInterrupts(), target.findings()]).toEqual([0, [], []]);
  expect(script()).toEqual(first);
});

it('refuses what no core can do: an unaligned access', () => {
  const target = board({ dramBytes: 64 * KIB });
  expect(() => target.read32(2)).toThrow(RangeError);
  expect(() => target.write(1, 0, 2)).toThrow(RangeError);
});
