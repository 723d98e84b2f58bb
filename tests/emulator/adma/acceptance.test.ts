/** Section 8 of reference/hw-iop13xx: behaviour that passed on silicon. */
import {
  ACTIVE,
  board,
  bytesAt,
  ChannelPins,
  COMPLETE,
  EOC,
  EOT,
  ERRORS,
  INTERNAL_TO_LOCAL,
  KIB,
  NOT_ZERO,
  NS,
  putDescriptor,
  putWord,
  REG,
  same,
  scribble,
  snapshot,
  US,
  wordAt,
  xorOf,
} from '../board';
import { putPq } from '../descriptors';
import { createTarget } from '../../../index';
import type { Target } from '../../../index';

describe('null start', () => {
  it.each([0, 1, 2])('runs an all-zero descriptor on channel %i, goes idle and touches no memory', (index) => {
    const target = board();
    const channel = new ChannelPins(target, index);
    scribble(target.memory, 7);
    putDescriptor(target, 0x1000, { count: 0, direction: 0, sources: [0] });
    putWord(target, 0x1004, 0);
    const before = snapshot(target, 0, target.memory.length);
    // The null descriptor is Linux's initialiser: whatever address it holds must not be looked at.
    for (const access of ['read', 'write'] as const) {
      target.inject({ kind: 'target-abort', address: 0, length: 0x1000, access, times: Infinity });
    }

    channel.start(0x1000);
    expect(channel.active).toBe(true);
    channel.untilIdle();

    expect(channel.read(REG.ADAR)).toBe(0x1000);
    expect(channel.read(REG.ANDAR)).toBe(0);
    expect(channel.read(REG.ACSR)).toBe(0);
    expect(target.assertedInterrupts()).toEqual([]);
    expect(same(target.memory, before)).toBe(true);
  });
});

describe('copy', () => {
  it('copies 2000 bytes appended with resume, and leaves the rest alone', () => {
    const target = board();
    const channel = new ChannelPins(target);
    scribble(target.memory, 1);
    putDescriptor(target, 0x1000, { count: 0 });
    channel.run(0x1000);
    putDescriptor(target, 0x1020, { interrupt: true, count: 2000, destination: 0x8000, sources: [0x4000] });
    const expected = snapshot(target, 0, target.memory.length);
    expected.copyWithin(0x8000, 0x4000, 0x4000 + 2000);
    new DataView(expected.buffer).setUint32(0x1000, 0x1020, true);

    channel.append(0x1000, 0x1020);
    channel.untilIdle();

    expect(same(target.memory, expected)).toBe(true);
    expect(channel.read(REG.ADAR)).toBe(0x1020);
    expect(channel.read(REG.ACSR)).toBe(EOC);
  });
});

describe('XOR', () => {
  it('of four pages equals the byte-wise XOR', () => {
    const target = board();
    const channel = new ChannelPins(target);
    const sources = [0x1_0000, 0x1_1000, 0x1_2000, 0x1_3000];
    sources.forEach((source, i) => scribble(bytesAt(target, source, 4096), i));
    const expected = xorOf(sources.map((source) => snapshot(target, source, 4096)));
    putDescriptor(target, 0x1000, { count: 4096, destination: 0x2_0000, sources });

    channel.run(0x1000);

    expect(same(bytesAt(target, 0x2_0000, 4096), expected)).toBe(true);
  });

  it('in place over source 0 of an even count of equal sources leaves zeros, chained', () => {
    const target = board();
    const channel = new ChannelPins(target);
    const chain = [0x1000, 0x1100, 0x1200];
    chain.forEach((at, i) => {
      const sources = [0, 1, 2, 3].map((k) => 0x1_0000 + 0x4000 * i + 0x1000 * k);
      for (const source of sources) scribble(bytesAt(target, source, 4096), 50 + i);
      putDescriptor(target, at, { next: chain[i + 1] ?? 0, count: 4096, destination: sources[0], sources });
    });

    channel.run(chain[0]);

    for (let i = 0; i < chain.length; i++) {
      expect(bytesAt(target, 0x1_0000 + 0x4000 * i, 4096).every((byte) => byte === 0)).toBe(true);
      expect(bytesAt(target, 0x1_1000 + 0x4000 * i, 4096).some((byte) => byte !== 0)).toBe(true);
    }
  });
});

describe('zero-result check of five sources', () => {
  const sources = [0x1_0000, 0x1_1000, 0x1_2000, 0x1_3000, 0x1_4000];

  function parity(target: Target): void {
    sources.slice(0, 4).forEach((source, i) => scribble(bytesAt(target, source, 4096), i));
    bytesAt(target, sources[4], 4096).set(xorOf(sources.slice(0, 4).map((source) => snapshot(target, source, 4096))));
    putDescriptor(target, 0x1000, { zeroCheck: true, writeBack: true, count: 4096, sources });
  }

  it('sets transfer complete alone when the result is zero', () => {
    const target = board();
    parity(target);
    new ChannelPins(target).run(0x1000);
    expect(wordAt(target, 0x100c)).toBe(COMPLETE + 4096);
  });

  it.each([0, 1023, 1024, 4095])('sets both bits when byte %i is wrong', (byte) => {
    const target = board();
    parity(target);
    bytesAt(target, sources[2], 4096)[byte] ^= 0x10;
    new ChannelPins(target).run(0x1000);
    expect(wordAt(target, 0x100c)).toBe(COMPLETE + NOT_ZERO + 4096);
  });
});

describe('P+Q of 0x11, 0x22, 0x44, 0x88 with multipliers 1, 2, 4, 8', () => {
  const data = [0x1_0000, 0x1_1000, 0x1_2000, 0x1_3000];
  const [p, q] = [0x1_4000, 0x1_5000];
  const multipliers = [1, 2, 4, 8];

  function results(): { target: Target; channel: ChannelPins } {
    const target = board();
    const channel = new ChannelPins(target, 2);
    data.forEach((source, i) => bytesAt(target, source, 4096).fill(0x11 << i));
    putPq(target, 0x1000, { count: 4096, p, q, sources: data, multipliers });
    channel.run(0x1000);
    return { target, channel };
  }

  function check(target: Target, channel: ChannelPins): number {
    const sources = [...data, p, q];
    const words = { zeroCheck: true, writeBack: true, count: 4096, sources, multipliers: [...multipliers, 0, 0] };
    putPq(target, 0x1000, words);
    channel.run(0x1000);
    return wordAt(target, 0x100c) - 4096;
  }

  it('leaves P all 0xFF and Q all 0x6C', () => {
    const { target } = results();
    expect(bytesAt(target, p, 4096).every((byte) => byte === 0xff)).toBe(true);
    expect(bytesAt(target, q, 4096).every((byte) => byte === 0x6c)).toBe(true);
    expect(target.findings()).toEqual([]);
  });

  it('passes its check of six sources: bit 31 only', () => {
    const { target, channel } = results();
    expect(check(target, channel)).toBe(COMPLETE);
  });

  it('fails it in both results once 100 bytes of P and 200 of Q are zeroed: bits 31, 30, 29', () => {
    const { target, channel } = results();
    bytesAt(target, p, 100).fill(0);
    bytesAt(target, q, 200).fill(0);
    expect(check(target, channel)).toBe(COMPLETE + NOT_ZERO + 0x2000_0000);
  });
});

describe('fill chain', () => {
  it('of several descriptors of up to 15 MiB stays busy until the last byte is zero', () => {
    const target = createTarget('iop342');
    const channel = new ChannelPins(target);
    const from = 0x10_0000;
    const counts = [15 * KIB * KIB, 15 * KIB * KIB, 5 * KIB * KIB + 13];
    const total = counts.reduce((sum, count) => sum + count, 0);
    target.memory.fill(0xa5, from - 64, from + total + 64);
    let destination = from;
    counts.forEach((count, i) => {
      const next = i + 1 < counts.length ? 0x1020 + 0x20 * i : 0;
      putDescriptor(target, 0x1000 + 0x20 * i, { next, direction: INTERNAL_TO_LOCAL, fill: true, count, destination });
      destination += count;
    });
    const zeros = new Uint8Array(total);
    const last = from + total - 1;

    channel.start(0x1000);
    let polls = 0;
    while (channel.active) {
      expect(target.memory[last]).toBe(0xa5);
      polls++;
      target.advance(100 * US);
    }

    expect(polls).toBeGreaterThan(50);
    expect(same(bytesAt(target, from, total), zeros)).toBe(true);
    expect(bytesAt(target, from - 64, 64).every((byte) => byte === 0xa5)).toBe(true);
    expect(bytesAt(target, from + total, 64).every((byte) => byte === 0xa5)).toBe(true);
    expect(channel.read(REG.ACSR)).toBe(0);
  });
});

describe('three channels together', () => {
  it('do not disturb each other while the core copies', () => {
    const target = board();
    const channels = [0, 1, 2].map((index) => new ChannelPins(target, index));
    scribble(bytesAt(target, 0x2_0000, 0xe_0000), 3);
    const expected = snapshot(target, 0, target.memory.length);
    const chain = (index: number, k: number): number => 0x1000 + 0x1000 * index + 0x40 * k;
    for (const index of [0, 1, 2]) {
      for (let k = 0; k < 6; k++) {
        const area = 0x2_0000 + 0x3_0000 * index + 0x3000 * k;
        const sources = index === 2 ? [area, area + 0x803, area + 0x1001] : [area + 5 * index];
        const count = 2000 + 100 * k;
        const destination = area + 0x2001;
        const next = k < 5 ? chain(index, k + 1) : 0;
        putDescriptor(target, chain(index, k), { next, count, destination, sources, interrupt: k === 5 });
        const parts = sources.map((source) => expected.slice(source, source + count));
        expected.set(xorOf(parts), destination);
      }
    }
    for (const channel of channels) channel.start(chain(channel.index, 0));
    let words = 0;
    while (channels.some((channel) => channel.active)) {
      for (let i = 0; i < 8; i++, words++) {
        target.write32(0xe_0000 + 4 * words, target.read32(0xd_0000 + 4 * words));
      }
    }
    expected.copyWithin(0xe_0000, 0xd_0000, 0xd_0000 + 4 * words);

    expect(words).toBeGreaterThan(16);
    expect(same(bytesAt(target, 0x2_0000, 0xe_0000), expected.subarray(0x2_0000, 0x10_0000))).toBe(true);
    for (const channel of channels) expect(channel.read(REG.ACSR)).toBe(EOC);
    expect(target.findings()).toEqual([]);
  });
});

/**
 * Append chains over one region: each descriptor shifts the region left by a byte and XORs its own source
 * in. The operations do not commute and none undoes another, so that the final bytes tell which descriptors
 * ran, in which order, and how often.
 */
describe('append', () => {
  const REGION = 0x4000;
  const BYTES = 96;
  const LINE = 0x100;
  const sourceOf = (k: number): number => 0x8000 + LINE * k;
  const at = (k: number): number => 0x1000 + 0x40 * k;

  function world(target: Target, chain: number, count: number): void {
    target.reset();
    scribble(bytesAt(target, REGION, 2 * BYTES), 99);
    for (let k = 0; k < count; k++) {
      scribble(bytesAt(target, sourceOf(k), BYTES), k);
      putDescriptor(target, at(k), {
        next: k + 1 < chain ? at(k + 1) : 0,
        count: BYTES,
        destination: REGION,
        sources: [REGION + 1, sourceOf(k)],
        interrupt: k === count - 1,
        writeBack: true,
      });
    }
  }

  function afterAll(count: number): Uint8Array {
    const region = scribble(new Uint8Array(2 * BYTES), 99);
    for (let k = 0; k < count; k++) {
      const source = scribble(new Uint8Array(BYTES), k);
      region.set(
        source.map((byte, i) => byte ^ region[i + 1]),
        0,
      );
    }
    return region;
  }

  function expectAll(target: Target, channel: ChannelPins, count: number, when: string): void {
    channel.untilIdle(100 * US);
    const seen = {
      when,
      data: same(bytesAt(target, REGION, 2 * BYTES), afterAll(count)),
      current: channel.read(REG.ADAR),
      next: channel.read(REG.ANDAR),
      status: channel.read(REG.ACSR),
      resume: channel.read(REG.ACCR),
      complete: Array.from({ length: count }, (_, k) => wordAt(target, at(k) + 12)).every((w) => w > COMPLETE),
    };
    expect(seen).toEqual({
      when,
      data: true,
      current: at(count - 1),
      next: 0,
      status: EOC,
      resume: 1,
      complete: true,
    });
  }

  /** How long `chain` descriptors take from the enabling write on. */
  function duration(target: Target, chain: number): number {
    world(target, chain, chain);
    const channel = new ChannelPins(target);
    channel.start(at(0));
    const begin = target.now;
    target.runUntil(() => channel.raised('eoc'), 100 * US);
    return target.now - begin;
  }

  it.each([
    ['the tail is executing, or the channel is idle', 1],
    ['the penultimate or the tail is executing, or the channel is idle', 2],
    ['any of three is executing, or the channel is idle', 3],
  ])('runs every descriptor once when %s, at every moment', (_, chain) => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    const end = duration(target, chain) + 300 * NS;
    for (let time = 0; time <= end; time += 2.5 * NS) {
      world(target, chain, chain + 1);
      channel.start(at(0));
      target.advance(time);
      channel.append(at(chain - 1), at(chain));
      expectAll(target, channel, chain + 1, `${time} ps`);
    }
  });

  it('runs every descriptor once when the link is long in memory before the doorbell', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    const end = duration(target, 2) + 200 * NS;
    for (let link = 0; link <= end; link += 37 * NS) {
      for (let bell = link; bell <= end; bell += 29 * NS) {
        world(target, 2, 3);
        channel.start(at(0));
        target.advance(link);
        putWord(target, at(1), at(2));
        target.advance(bell - link);
        channel.resume();
        expectAll(target, channel, 3, `${link} ps, ${bell} ps`);
      }
    }
  });

  it('runs every descriptor once when two appends follow each other at any distance', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    const end = duration(target, 1) + 400 * NS;
    for (let first = 0; first <= end; first += 31 * NS) {
      for (let second = first; second <= end + 400 * NS; second += 43 * NS) {
        world(target, 1, 3);
        channel.start(at(0));
        target.advance(first);
        channel.append(at(0), at(1));
        target.advance(second - first);
        channel.append(at(1), at(2));
        expectAll(target, channel, 3, `${first} ps, ${second} ps`);
      }
    }
  });

  it('raises one end of chain for the whole, unless the first chain had ended before', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    world(target, 1, 2);
    channel.start(at(0));
    channel.append(at(0), at(1));
    channel.untilIdle();
    expect(channel.read(REG.ACSR) & (EOC | EOT | ACTIVE | ERRORS)).toBe(EOC);
  });

  it('clears the resume bit when the descriptor that completes is not the last', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    world(target, 3, 3);
    channel.start(at(0));
    channel.resume();
    target.advance(60 * NS);
    expect(channel.read(REG.ACCR)).toBe(3);
    target.runUntil(() => wordAt(target, at(0) + 12) > COMPLETE, 100 * US);
    expect(channel.read(REG.ACCR)).toBe(1);
    expectAll(target, channel, 3, 'resume without a link');
  });

  it('stays idle when resumed with nothing linked behind the last descriptor', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    world(target, 1, 1);
    channel.run(at(0));
    channel.write(REG.ACSR, EOC | EOT);
    channel.resume();
    target.advance(10 * US);
    expect(channel.read(REG.ACSR)).toBe(0);
    expect(channel.read(REG.ACCR)).toBe(1);
    expectAllButFlags(target, channel);
  });

  function expectAllButFlags(target: Target, channel: ChannelPins): void {
    expect(same(bytesAt(target, REGION, 2 * BYTES), afterAll(1))).toBe(true);
    expect(channel.read(REG.ADAR)).toBe(at(0));
    expect(target.assertedInterrupts()).toEqual([]);
  }
});
