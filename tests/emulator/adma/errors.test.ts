/** Section 4.7 of reference/hw-iop13xx, and the stand-in of 4.6. */
import type { BusFaultKind, Target } from '../../../index';
import {
  board,
  bytesAt,
  ChannelPins,
  COMPLETE,
  ENABLE,
  EOC,
  EOT,
  IRQ,
  KIB,
  MASTER_ABORT,
  MCU_ABORT,
  NS,
  PARITY,
  putDescriptor,
  putWord,
  REG,
  same,
  scribble,
  snapshot,
  TARGET_ABORT,
  US,
  wordAt,
} from '../board';

const FLAGS: readonly [BusFaultKind, number][] = [
  ['master-abort', MASTER_ABORT],
  ['target-abort', TARGET_ABORT],
  ['mcu-abort', MCU_ABORT],
  ['parity', PARITY],
];

const NOWHERE = 0x0800_0000;
const SECOND = 0x1020;

/** Three copies; the second is the one that will fail. */
function world(second: { source?: number; destination?: number; writeBack?: boolean; count?: number } = {}): Target {
  const target = board({ dramBytes: 128 * KIB });
  scribble(bytesAt(target, 0x4000, 0x4000), 5);
  const common = { interrupt: true, writeBack: second.writeBack ?? false };
  putDescriptor(target, 0x1000, { ...common, next: SECOND, count: 64, destination: 0x8000, sources: [0x4000] });
  putDescriptor(target, SECOND, {
    ...common,
    next: 0x1040,
    count: second.count ?? 64,
    destination: second.destination ?? 0xa000,
    sources: [second.source ?? 0x5000],
  });
  putDescriptor(target, 0x1040, { ...common, count: 64, destination: 0xc000, sources: [0x6000] });
  return target;
}

function expectHalted(channel: ChannelPins, flag: number): void {
  const { target } = channel;
  expect(channel.read(REG.ACSR)).toBe(flag | EOT);
  expect(target.assertedInterrupts()).toEqual([IRQ.eot[channel.index], IRQ.error[channel.index]]);
  expect(channel.read(REG.ADAR)).toBe(SECOND);
  expect(channel.read(REG.ACCR) & ENABLE).toBe(ENABLE);
  expect(bytesAt(target, 0xc000, 64).every((byte) => byte === 0)).toBe(true);
  target.advance(100 * US);
  expect(channel.read(REG.ADAR)).toBe(SECOND);
}

describe('an address nobody claims', () => {
  it.each([
    ['source', { source: NOWHERE }],
    ['source whose last byte leaves DRAM', { source: 128 * KIB - 63 }],
    ['destination', { destination: NOWHERE }],
    ['source beyond 32 bits', { source: 0x1_0000_5000 }],
    ['destination beyond 32 bits', { destination: 0x2_0000_a000 }],
    ['source at the top of 36 bits', { source: 0xf_ffff_fff8 }],
  ])('as %s is a master abort that halts the channel there', (_, second) => {
    const target = world(second);
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    expectHalted(channel, MASTER_ABORT);
    expect(channel.read(REG.ANDAR)).toBe(0x1040);
  });

  it('as descriptor is a master abort; ADAR and ANDAR name it', () => {
    const target = world();
    putWord(target, 0x1000, NOWHERE);
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    expect(channel.read(REG.ACSR)).toBe(MASTER_ABORT | EOT);
    expect(channel.read(REG.ADAR)).toBe(NOWHERE);
    expect(channel.read(REG.ANDAR)).toBe(NOWHERE);
  });

  it('as a start address is a master abort', () => {
    const target = world();
    const channel = new ChannelPins(target);
    channel.run(NOWHERE);
    expect(channel.read(REG.ACSR)).toBe(MASTER_ABORT);
  });
});

describe.each(FLAGS)('%s on the bus', (kind, flag) => {
  it.each([
    ['the descriptor fetch', { address: SECOND, length: 4, access: 'read' }, {}],
    ['a source', { address: 0x5010, length: 1, access: 'read' }, {}],
    ['the destination', { address: 0xa03f, length: 1, access: 'write' }, {}],
    ['the status write-back', { address: SECOND + 12, length: 4, access: 'write' }, { writeBack: true }],
  ] as const)('at %s halts the channel on that descriptor', (_, fault, second) => {
    const target = world(second);
    const channel = new ChannelPins(target);
    target.inject({ kind, times: 1, ...fault });
    channel.run(0x1000);
    expectHalted(channel, flag);
    expect(wordAt(target, SECOND + 12)).toBe(64);
  });

  it('at the re-read halts the channel, its data and write-back in memory', () => {
    const target = world({ writeBack: true, count: 3000 });
    putWord(target, SECOND, 0);
    const channel = new ChannelPins(target);
    channel.start(0x1000);
    target.runUntil(() => channel.read(REG.ADAR) === SECOND && channel.read(REG.ANDAR) === 0, 100 * US);
    target.inject({ kind, address: SECOND, length: 4, access: 'read', times: 1 });
    channel.append(SECOND, 0x1040);
    channel.untilIdle();
    expectHalted(channel, flag);
    expect(wordAt(target, SECOND + 12)).toBe(COMPLETE + 3000);
    expect(same(bytesAt(target, 0xa000, 3000), bytesAt(target, 0x5000, 3000))).toBe(true);
  });

  it('raises the error line whether or not the descriptor has its interrupt enabled', () => {
    const target = board({ dramBytes: 128 * KIB });
    putDescriptor(target, 0x1000, { count: 64, destination: 0x8000, sources: [0x4000] });
    target.inject({ kind, address: 0x4000, length: 64, access: 'any', times: 1 });
    const channel = new ChannelPins(target, 1);
    channel.run(0x1000);
    expect(channel.read(REG.ACSR)).toBe(flag);
    expect(target.assertedInterrupts()).toEqual([IRQ.error[1]]);
  });

  it('can be restarted: clear the flag, clear enable, ANDAR, enable', () => {
    const target = world();
    const channel = new ChannelPins(target);
    target.inject({ kind, address: 0x5000, length: 64, access: 'read', times: 1 });
    channel.run(0x1000);
    channel.write(REG.ACSR, flag | EOT);
    expect(channel.read(REG.ACSR)).toBe(0);
    expect(target.assertedInterrupts()).toEqual([]);
    channel.write(REG.ACCR, 0);
    channel.write(REG.ANDAR, SECOND);
    channel.write(REG.ACCR, ENABLE);
    channel.untilIdle();
    expect(channel.read(REG.ACSR)).toBe(EOT | EOC);
    expect(same(bytesAt(target, 0xa000, 64), bytesAt(target, 0x5000, 64))).toBe(true);
    expect(same(bytesAt(target, 0xc000, 64), bytesAt(target, 0x6000, 64))).toBe(true);
  });
});

describe('a halted channel', () => {
  it('keeps the whole blocks it had written and nothing of the failing one', () => {
    const target = world({ count: 5000 });
    const before = snapshot(target, 0xa000, 0x2000);
    target.inject({ kind: 'mcu-abort', address: 0xa000 + 2048, length: 1, access: 'write', times: 1 });
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    before.set(bytesAt(target, 0x5000, 2048));
    expect(same(bytesAt(target, 0xa000, 0x2000), before)).toBe(true);
  });

  it('ignores a resume as long as an error flag is set', () => {
    const target = world({ source: NOWHERE });
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    channel.resume();
    target.advance(100 * US);
    expectHalted(channel, MASTER_ABORT);
  });

  it('leaves its neighbours running', () => {
    const target = world({ source: NOWHERE });
    putDescriptor(target, 0x2000, { count: 8192, destination: 0x1_0000, sources: [0x4000] });
    const other = new ChannelPins(target, 2);
    other.start(0x2000);
    new ChannelPins(target).run(0x1000);
    other.untilIdle();
    expect(other.read(REG.ACSR)).toBe(0);
    expect(same(bytesAt(target, 0x1_0000, 8192), bytesAt(target, 0x4000, 8192))).toBe(true);
  });

  it('tells the address of a parity error, upper half apart', () => {
    const target = world();
    const channel = new ChannelPins(target);
    target.inject({ kind: 'parity', address: 0x5000, length: 64, access: 'read', times: 1 });
    channel.run(0x1000);
    expect(channel.read(REG.IIPAR)).toBe(0x5000);
    expect(channel.read(REG.IIPUAR)).toBe(0);
  });

  it('fails as many times as the fault says, then no more', () => {
    const target = world();
    const channel = new ChannelPins(target);
    target.inject({ kind: 'target-abort', address: 0x5000, length: 4, access: 'any', times: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      channel.run(SECOND);
      expect(channel.read(REG.ACSR) & TARGET_ABORT).toBe(TARGET_ABORT);
    }
    channel.run(SECOND);
    expect(channel.read(REG.ACSR) & TARGET_ABORT).toBe(0);
    expect(same(bytesAt(target, 0xa000, 64), bytesAt(target, 0x5000, 64))).toBe(true);
  });
});

describe('an unsuccessful zero-result check without write-back', () => {
  it('halts with the error line up and no end-of-chain, and says that this is a stand-in', () => {
    const target = board({ dramBytes: 128 * KIB });
    bytesAt(target, 0x4000, 1)[0] = 1;
    const check = { interrupt: true, zeroCheck: true, count: 128, sources: [0x4000, 0x5000] };
    putDescriptor(target, 0x1000, { ...check, next: 0x1040 });
    putDescriptor(target, 0x1040, { interrupt: true, count: 64, destination: 0x8000, sources: [0x4000] });
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    expect(target.assertedInterrupts()).toEqual([IRQ.error[0]]);
    expect(channel.read(REG.ADAR)).toBe(0x1000);
    expect(channel.read(REG.ACSR) & (EOC | EOT)).toBe(0);
    expect(wordAt(target, 0x100c)).toBe(128);
    expect(bytesAt(target, 0x8000, 1)[0]).toBe(0);
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'unmodelled', rule: 'hw-iop13xx 4.6' })]);
  });

  it('completes like any other when the result is zero', () => {
    const target = board({ dramBytes: 128 * KIB });
    putDescriptor(target, 0x1000, { interrupt: true, zeroCheck: true, count: 128, sources: [0x4000, 0x5000] });
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    expect(channel.read(REG.ACSR)).toBe(EOC);
    expect(target.findings()).toEqual([]);
  });
});

it('clears a fault that never struck with a reset, and time goes on from zero', () => {
  const target = world();
  target.inject({ kind: 'parity', address: 0, length: 128 * KIB, access: 'any', times: Infinity });
  target.advance(100 * NS);
  target.reset();
  expect(target.now).toBe(0);
  putDescriptor(target, 0x1000, { interrupt: true, count: 64, destination: 0x8000, sources: [0x4000] });
  const channel = new ChannelPins(target);
  channel.run(0x1000);
  expect(channel.read(REG.ACSR)).toBe(EOC);
});
