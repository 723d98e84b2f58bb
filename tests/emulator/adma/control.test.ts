/** Starting, suspending and the registers that say where a channel is (hw-iop13xx 2, 4.1, 4.2, 4.7). */
import {
  ACTIVE,
  board,
  bytesAt,
  ChannelPins,
  COMPLETE,
  ENABLE,
  EOC,
  KIB,
  MASTER_ABORT,
  NS,
  putDescriptor,
  putWord,
  REG,
  RESUME,
  same,
  scribble,
  snapshot,
  US,
  wordAt,
} from '../board';
import type { Target } from '../../../index';

function copies(target: Target, ...counts: number[]): void {
  scribble(bytesAt(target, 0x8000, 0x6000), 11);
  counts.forEach((count, k) => {
    putDescriptor(target, 0x1000 + 0x20 * k, {
      next: k + 1 < counts.length ? 0x1020 + 0x20 * k : 0,
      count,
      interrupt: k === counts.length - 1,
      destination: 0x1_0000 + 0x2000 * k,
      sources: [0x8000 + 0x2000 * k],
    });
  });
}

function copied(target: Target, k: number, count: number): boolean {
  return same(bytesAt(target, 0x1_0000 + 0x2000 * k, count), bytesAt(target, 0x8000 + 0x2000 * k, count));
}

describe('start', () => {
  it('is visible as busy to the read that follows the enabling write', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, 64);
    const channel = new ChannelPins(target);
    channel.write(REG.ANDAR, 0x1000);
    channel.write(REG.ACCR, ENABLE);
    expect(channel.read(REG.ACSR)).toBe(ACTIVE);
  });

  it('with ANDAR zero stays idle', () => {
    const target = board({ dramBytes: 128 * KIB });
    const channel = new ChannelPins(target);
    channel.write(REG.ACCR, ENABLE);
    target.advance(10 * US);
    expect(channel.read(REG.ACSR)).toBe(0);
    expect(channel.read(REG.ACCR)).toBe(ENABLE);
  });

  it('needs the edge: writing ANDAR, or enable again, while enabled and idle starts nothing', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, 64);
    const channel = new ChannelPins(target);
    channel.write(REG.ACCR, ENABLE);
    channel.write(REG.ANDAR, 0x1000);
    channel.write(REG.ACCR, ENABLE);
    target.advance(10 * US);
    expect(channel.active).toBe(false);
    expect(channel.read(REG.ADAR)).toBe(0);
    channel.write(REG.ACCR, 0);
    channel.write(REG.ACCR, ENABLE);
    channel.untilIdle();
    expect(copied(target, 0, 64)).toBe(true);
  });

  it('takes the low five bits of ANDAR and of next pointers as zero', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, 64, 64);
    putWord(target, 0x1000, 0x103f);
    const channel = new ChannelPins(target);
    channel.write(REG.ANDAR, 0x101f);
    expect(channel.read(REG.ANDAR)).toBe(0x1000);
    channel.write(REG.ACCR, ENABLE);
    channel.untilIdle();
    expect(channel.read(REG.ADAR)).toBe(0x1020);
    expect(copied(target, 1, 64)).toBe(true);
  });

  it('leaves enable set after the chain; each further chain needs a new edge', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, 64, 64);
    putWord(target, 0x1000, 0);
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    expect(channel.read(REG.ACCR)).toBe(ENABLE);
    expect(channel.read(REG.ADAR)).toBe(0x1000);
    channel.run(0x1020);
    expect(channel.read(REG.ADAR)).toBe(0x1020);
    expect(copied(target, 0, 64) && copied(target, 1, 64)).toBe(true);
  });

  it('does not touch the enable of other channels', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, 64);
    new ChannelPins(target, 1).run(0x1000);
    for (const index of [0, 2]) {
      expect(new ChannelPins(target, index).read(REG.ADAR)).toBe(0);
      expect(new ChannelPins(target, index).read(REG.ACCR)).toBe(0);
    }
  });
});

describe('registers of the current descriptor', () => {
  it('hold words 0 to 37 of a 16-source descriptor at 0x24 + 4 · word', () => {
    const target = board({ dramBytes: 128 * KIB });
    const sources = Array.from({ length: 16 }, (_, i) => 0x4000 + 0x101 * i);
    putDescriptor(target, 0x1000, { next: 0x1100, count: 100, data: 0x1234_5678, destination: 0x8003, sources });
    putDescriptor(target, 0x1100, { count: 8, destination: 0x3_0000_0000, sources: [0x4000] });
    const channel = new ChannelPins(target);
    channel.start(0x1000);
    target.runUntil(() => channel.read(REG.ADCR) !== 0, 10 * US);
    expect(channel.read(REG.ANDAR)).toBe(0x1100);
    for (let word = 1; word < 38; word++) {
      expect(channel.read(0x24 + 4 * word)).toBe(wordAt(target, 0x1000 + 4 * word));
    }
    channel.untilIdle();
    expect(channel.read(REG.ACSR)).toBe(MASTER_ABORT);
    for (let word = 0; word < 8; word++) {
      expect(channel.read(0x24 + 4 * word)).toBe(wordAt(target, 0x1100 + 4 * word));
    }
  });

  it('show the written-back status in ABCR', () => {
    const target = board({ dramBytes: 128 * KIB });
    putDescriptor(target, 0x1000, { count: 100, writeBack: true, destination: 0x8000, sources: [0x4000] });
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    expect(channel.read(REG.ABCR)).toBe(COMPLETE + 100);
  });

  it('persist after the chain has ended, whatever software writes to them', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, 64);
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    for (let offset = 0x28; offset <= 0xb8; offset += 4) channel.write(offset, 0xffff_ffff);
    channel.write(REG.ADAR, 0xffff_ffff);
    target.advance(1000 * US);
    expect(channel.read(REG.ADAR)).toBe(0x1000);
    for (let word = 1; word < 8; word++) {
      expect(channel.read(0x24 + 4 * word)).toBe(wordAt(target, 0x1000 + 4 * word));
    }
  });
});

describe('ANDAR written while the channel is active', () => {
  it('is ignored, with a finding', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, 4096, 64);
    putDescriptor(target, 0x2000, { count: 64, destination: 0x1_6000, sources: [0x8000] });
    const channel = new ChannelPins(target);
    channel.start(0x1000);
    target.advance(500 * NS);
    channel.write(REG.ANDAR, 0x2000);
    channel.untilIdle();
    expect(channel.read(REG.ADAR)).toBe(0x1020);
    expect(copied(target, 0, 4096) && copied(target, 1, 64)).toBe(true);
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'hw-iop13xx 2.3' })]);
  });
});

describe('byte count 0', () => {
  it.each([
    ['copy', {}],
    ['fill', { fill: true }],
    ['XOR', { sources: [0x0900_0000, 0x0900_0000] }],
    ['zero check', { zeroCheck: true, sources: [0x0900_0000, 0x0900_0000] }],
  ])('completes a %s with its interrupt and write-back, without looking at its addresses', (_, words) => {
    const target = board({ dramBytes: 128 * KIB });
    const common = { interrupt: true, writeBack: true, count: 0, destination: 0x0900_0000, sources: [0x0900_0000] };
    putDescriptor(target, 0x1000, { ...common, ...words });
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    expect(channel.read(REG.ACSR)).toBe(EOC);
    expect(wordAt(target, 0x100c)).toBe(COMPLETE);
  });
});

describe('clearing enable while active', () => {
  const length = 5 * KIB + 100;

  it('stops at a block boundary and goes on from there, whenever it comes', () => {
    const target = board({ dramBytes: 128 * KIB });
    const channel = new ChannelPins(target);
    const boundaries = new Set<number>();
    for (let time = 0; time < 5 * US; time += 40 * NS) {
      target.reset();
      copies(target, length, 200);
      const before = snapshot(target, 0x1_0000, 0x2000);
      channel.start(0x1000);
      target.advance(time);
      channel.write(REG.ACCR, 0);
      channel.untilIdle();
      target.advance(20 * US);
      const finished = channel.read(REG.ADAR) === 0x1020;
      let done = 0;
      while (done < length && same(bytesAt(target, 0x8000 + done, 1), bytesAt(target, 0x1_0000 + done, 1))) done++;
      if (done < length) {
        const boundary = Math.floor(done / KIB) * KIB;
        before.set(bytesAt(target, 0x8000, boundary));
        expect(same(bytesAt(target, 0x1_0000, 0x2000), before)).toBe(true);
        expect(channel.read(REG.ACSR)).toBe(0);
        boundaries.add(boundary);
      }
      if (!finished) expect(channel.read(REG.ACSR)).toBe(0);

      channel.write(REG.ACCR, ENABLE);
      channel.untilIdle();
      expect(channel.read(REG.ADAR)).toBe(0x1020);
      expect(channel.read(REG.ACSR)).toBe(EOC);
      expect(copied(target, 0, length) && copied(target, 1, 200)).toBe(true);
    }
    expect([...boundaries].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5].map((k) => k * KIB));
    expect(target.findings()).toEqual([]);
  });

  it('and setting it again within one block changes nothing', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, length);
    const channel = new ChannelPins(target);
    channel.start(0x1000);
    target.advance(500 * NS);
    channel.write(REG.ACCR, 0);
    channel.write(REG.ACCR, ENABLE);
    expect(channel.active).toBe(true);
    channel.untilIdle();
    expect(copied(target, 0, length)).toBe(true);
  });

  it('lets another chain start by ANDAR and enable; the suspended one is given up', () => {
    const target = board({ dramBytes: 128 * KIB });
    copies(target, length, 200);
    const channel = new ChannelPins(target);
    channel.start(0x1000);
    target.advance(1500 * NS);
    channel.write(REG.ACCR, 0);
    channel.untilIdle();
    channel.write(REG.ANDAR, 0x1020);
    channel.write(REG.ACCR, ENABLE);
    channel.untilIdle();
    expect(channel.read(REG.ACSR)).toBe(EOC);
    expect(copied(target, 1, 200)).toBe(true);
    expect(copied(target, 0, length)).toBe(false);
  });

  it('loses no append that comes before, while or after the channel is suspended', () => {
    const target = board({ dramBytes: 128 * KIB });
    const channel = new ChannelPins(target);
    for (let time = 0; time < 2500 * NS; time += 65 * NS) {
      for (const order of ['before', 'while', 'with'] as const) {
        target.reset();
        copies(target, 1500, 300);
        putWord(target, 0x1000, 0);
        channel.start(0x1000);
        target.advance(time);
        if (order === 'before') channel.append(0x1000, 0x1020);
        channel.write(REG.ACCR, 0);
        target.advance(2 * US);
        if (order !== 'before') putWord(target, 0x1000, 0x1020);
        if (order === 'while') channel.write(REG.ACCR, RESUME);
        target.advance(1 * US);
        channel.write(REG.ACCR, order === 'with' ? ENABLE | RESUME : ENABLE);
        channel.untilIdle();
        const seen = { time, order, first: copied(target, 0, 1500), second: copied(target, 1, 300) };
        expect(seen).toEqual({ time, order, first: true, second: true });
        expect(channel.read(REG.ADAR)).toBe(0x1020);
      }
    }
  });
});

describe('what has no model', () => {
  it.each([
    ['a transfer from the host interface', { direction: 0 }],
    ['a transfer to the host interface', { direction: 1 }],
  ])('is recorded: %s', (_, words) => {
    const target = board({ dramBytes: 128 * KIB });
    putDescriptor(target, 0x1000, { count: 64, destination: 0x8000, sources: [0x4000], ...words });
    const channel = new ChannelPins(target);
    channel.run(0x1000);
    expect(target.findings()).toContainEqual(
      expect.objectContaining({ kind: 'unmodelled', rule: 'hw-iop13xx 3.2', where: 'adma0' }),
    );
  });

  it('is recorded in registers: gaps, unknown bits, addresses nobody claims, missing coprocessor registers', () => {
    const target = board({ dramBytes: 128 * KIB });
    const channel = new ChannelPins(target);
    const kinds = (): string[] => target.findings().map(({ kind }) => kind);
    expect(channel.read(0x0c)).toBe(0);
    expect(kinds()).toEqual(['unmodelled']);
    channel.write(REG.ACCR, 1 << 5);
    target.advance(US);
    expect(kinds()).toEqual(['unmodelled', 'unmodelled']);
    expect(channel.read(REG.ACCR)).toBe(0);
    expect(target.read32(0xffd8_1860)).toBe(0);
    target.write32(0xffd8_1860, 1);
    expect(kinds()).toEqual(['unmodelled', 'unmodelled', 'unmodelled', 'unmodelled']);
    expect(target.readCp6(0, 15)).toBe(0);
    target.writeCp6(0, 15, 1);
    expect(kinds()).toHaveLength(6);
  });

  it('is no excuse for a silent guest error: ones in reserved bits of ACSR', () => {
    const target = board({ dramBytes: 128 * KIB });
    new ChannelPins(target).write(REG.ACSR, 1 << 20);
    target.advance(US);
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'rule', where: 'adma0.ACSR' })]);
  });
});
