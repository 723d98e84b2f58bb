/** P+Q, its check and its update, dual XOR (hw-iop13xx 3.2, 3.4, 4.9, 4.10) against arithmetic done bit by bit. */
import * as fc from 'fast-check';
import {
  board,
  bytesAt,
  ChannelPins,
  COMPLETE,
  EOC,
  INTERNAL_TO_LOCAL,
  IRQ,
  KIB,
  MASTER_ABORT,
  NOT_ZERO,
  putDescriptor,
  REG,
  same,
  scribble,
  snapshot,
  wordAt,
} from '../board';
import { sumAt, times as product, weightedAt } from '../datapath/model';
import { DUAL_XOR, P_DISABLE, PQ, PQ_UPDATE, putPq, putTwoResults, setMultiplier } from '../descriptors';

const DRAM = 64 * KIB;
const AT = 0x400;
const FIRST = 0x1000;
const MOST = 3000;
/** Word 3, bit 29. */
const Q_NOT_ZERO = 0x2000_0000;

const target = board({ dramBytes: DRAM });
const channel = new ChannelPins(target, 2);

const place = fc.integer({ min: FIRST, max: DRAM - MOST - 8 });
const count = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: MOST }),
  fc.constantFrom(1024, 2048, 1025),
);
const multiplier = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 2, 255));

/** Block after block of 1 KiB: all sources, then P, then Q (4.9). */
function modelPq(
  memory: Uint8Array,
  sources: readonly number[],
  multipliers: readonly number[],
  [p, q]: readonly [number | undefined, number],
  bytes: number,
): void {
  for (let done = 0; done < bytes; done += 1024) {
    const size = Math.min(1024, bytes - done);
    const at = sources.map((source) => source + done);
    const sum = Uint8Array.from({ length: size }, (_, i) => sumAt(memory, at, i));
    const weighted = Uint8Array.from({ length: size }, (_, i) => weightedAt(memory, at, multipliers, i));
    if (p !== undefined) memory.set(sum, p + done);
    memory.set(weighted, q + done);
  }
}

beforeEach(() => target.reset());

describe('P+Q', () => {
  it('equals the bit-level field for 1 to 16 sources and any multipliers, at any alignment, overlaps included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, multiplier), { minLength: 1, maxLength: 16 }),
        place,
        place,
        count,
        fc.boolean(),
        fc.nat(),
        (list, pAt, qAt, bytes, noP, seed) => {
          target.reset();
          scribble(target.memory, seed);
          const sources = list.map(([source]) => source);
          const multipliers = list.map(([, factor]) => factor);
          const q = qAt - (qAt % 8) + (pAt % 8);
          const extra = noP ? P_DISABLE : 0;
          putPq(target, AT, { count: bytes, extra, p: pAt, q, sources, multipliers });
          const expected = snapshot(target, 0, DRAM);
          modelPq(expected, sources, multipliers, [noP ? undefined : pAt, q], bytes);

          channel.run(AT);

          expect(channel.read(REG.ACSR)).toBe(0);
          expect(same(target.memory, expected)).toBe(true);
          expect(target.findings()).toEqual([]);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('of one source is P = S0 and Q = m ⊗ S0', () => {
    scribble(bytesAt(target, 0x2000, 256), 3);
    putPq(target, AT, { count: 256, p: 0x3000, q: 0x4000, sources: [0x2000], multipliers: [0x8e] });
    channel.run(AT);
    expect(same(bytesAt(target, 0x3000, 256), bytesAt(target, 0x2000, 256))).toBe(true);
    expect([...bytesAt(target, 0x4000, 256)]).toEqual([...bytesAt(target, 0x2000, 256)].map((b) => product(b, 0x8e)));
  });

  it.each([0, 1, 2, 3])('takes the multiplier of source %i from the top byte of its own upper word', (index) => {
    const sources = [0x2000, 0x2100, 0x2200, 0x2300];
    bytesAt(target, sources[index], 1)[0] = 1;
    const multipliers = [3, 5, 7, 9];
    putPq(target, AT, { count: 1, p: 0x3000, q: 0x4000, sources, multipliers });
    channel.run(AT);
    expect(bytesAt(target, 0x3000, 1)[0]).toBe(1);
    expect(bytesAt(target, 0x4000, 1)[0]).toBe(multipliers[index]);
  });

  it('with P disabled needs no valid P address', () => {
    scribble(bytesAt(target, 0x2000, 64), 1);
    const common = { count: 64, q: 0x4000, p: 0x0900_0000, sources: [0x2000], multipliers: [1] };
    putPq(target, AT, { ...common, extra: P_DISABLE });
    channel.run(AT);
    expect(channel.read(REG.ACSR)).toBe(0);
    expect(same(bytesAt(target, 0x4000, 64), bytesAt(target, 0x2000, 64))).toBe(true);
  });

  it('gives P and Q one upper address', () => {
    putPq(target, AT, { count: 8, p: 0x1_0000_3000, q: 0x4000, sources: [0x2000], multipliers: [1] });
    channel.run(AT);
    expect(channel.read(REG.ACSR)).toBe(MASTER_ABORT);
    putPq(target, AT, {
      count: 8,
      extra: P_DISABLE,
      p: 0x1_0000_3000,
      q: 0x4000,
      sources: [0x2000],
      multipliers: [1],
    });
    channel.run(AT);
    expect(channel.read(REG.ACSR)).toBe(MASTER_ABORT);
  });

  it.each([0, 1])('records low address bits of P and Q that differ, P disabled %i', (disabled) => {
    const extra = disabled ? P_DISABLE : 0;
    putPq(target, AT, { count: 8, extra, p: 0x3001, q: 0x4000, sources: [0x2000], multipliers: [1] });
    channel.run(AT);
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'hw-iop13xx 6.1' })]);
  });

  it.each([0, 1, 2])('runs on channel %i, and is recorded on those that drivers do not use for it', (index) => {
    scribble(bytesAt(target, 0x2000, 64), 1);
    putPq(target, AT, { interrupt: true, count: 64, p: 0x3000, q: 0x4000, sources: [0x2000], multipliers: [1] });
    const pins = new ChannelPins(target, index);
    pins.run(AT);
    expect(pins.read(REG.ACSR)).toBe(EOC);
    expect(same(bytesAt(target, 0x4000, 64), bytesAt(target, 0x2000, 64))).toBe(true);
    expect(target.findings().map(({ rule, where }) => [rule, where])).toEqual(
      index === 2 ? [] : [['hw-iop13xx 4.10', `adma${index}`]],
    );
  });

  it('extends an earlier P and Q as Linux does: old P with 0, old Q with 1, old Q again with 0', () => {
    const data = Array.from({ length: 6 }, (_, i) => 0x2000 + 0x100 * i);
    data.forEach((source, i) => scribble(bytesAt(target, source, 200), i));
    const factors = [1, 2, 4, 8, 16, 32];
    const [p, q] = [0x3000, 0x4000];
    const first = { count: 200, p, q, sources: data.slice(0, 3), multipliers: factors.slice(0, 3), next: 0x600 };
    putPq(target, AT, first);
    const sources = [...data.slice(3), p, q, q];
    putPq(target, 0x600, { count: 200, p, q, sources, multipliers: [...factors.slice(3), 0, 1, 0] });
    const expected = snapshot(target, 0, DRAM);
    modelPq(expected, data, factors, [p, q], 200);
    channel.run(AT);
    expect(same(target.memory, expected)).toBe(true);
  });
});

describe('P+Q check', () => {
  const bits = fc.record({ p: fc.boolean(), q: fc.boolean() });

  it('tells P from Q for 4 to 16 sources, whatever multipliers stand with the last two', () => {
    fc.assert(
      fc.property(
        fc.array(multiplier, { minLength: 2, maxLength: 14 }),
        fc.tuple(multiplier, multiplier),
        count,
        bits,
        fc.boolean(),
        fc.nat(),
        (multipliers, ignored, bytes, wrong, noP, seed) => {
          target.reset();
          const n = multipliers.length;
          const sources = Array.from({ length: n + 2 }, (_, i) => FIRST + 3200 * i + (i % 5));
          for (const source of sources) scribble(bytesAt(target, source, bytes), source + seed);
          const data = sources.slice(0, n);
          modelPq(target.memory, data, multipliers, [sources[n], sources[n + 1]], bytes);
          if (wrong.p) bytesAt(target, sources[n], bytes)[seed % bytes] ^= 0x40;
          if (wrong.q) bytesAt(target, sources[n + 1], bytes)[seed % bytes] ^= 0x02;
          const all = [...multipliers, ...ignored];
          const extra = noP ? P_DISABLE : 0;
          putPq(target, AT, { zeroCheck: true, writeBack: true, extra, count: bytes, sources, multipliers: all });
          const expected = snapshot(target, 0, DRAM);
          new DataView(expected.buffer).setUint32(
            AT + 12,
            bytes + COMPLETE + (wrong.p && !noP ? NOT_ZERO : 0) + (wrong.q ? Q_NOT_ZERO : 0),
            true,
          );
          channel.run(AT);
          expect(same(target.memory, expected)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('without write-back halts on the error line when either result is not zero', () => {
    bytesAt(target, 0x2300, 1)[0] = 1;
    const sources = [0x2000, 0x2100, 0x2200, 0x2300];
    putPq(target, AT, { interrupt: true, zeroCheck: true, count: 64, sources, multipliers: [1, 2, 0, 0] });
    channel.run(AT);
    expect(target.assertedInterrupts()).toEqual([IRQ.error[2]]);
    expect(wordAt(target, AT + 12)).toBe(64);
  });

  it.each([
    [3, [], 0],
    [3, [0x10], NOT_ZERO | Q_NOT_ZERO],
    [3, [0, 0x10], NOT_ZERO],
    [3, [0, 0, 0x10], Q_NOT_ZERO],
    [2, [], 0],
    [2, [0x10], NOT_ZERO],
    [2, [0, 0x10], Q_NOT_ZERO],
    [1, [], 0],
    [1, [0x10], Q_NOT_ZERO],
  ])(
    'of %i sources, first bytes %j, is recorded and computed all the same, of these sources only',
    (n, bytes, flags) => {
      // What an earlier operation leaves in the store queues must not take part.
      scribble(bytesAt(target, 0x5000, 64), 1);
      putPq(target, 0x600, { count: 64, p: 0x6000, q: 0x7000, sources: [0x5000], multipliers: [7] });
      channel.run(0x600);
      bytes.forEach((byte, i) => (bytesAt(target, 0x2000 + 0x100 * i, 1)[0] = byte));
      const sources = Array.from({ length: n }, (_, i) => 0x2000 + 0x100 * i);
      putPq(target, AT, { zeroCheck: true, writeBack: true, count: 64, sources, multipliers: [3, 5, 9].slice(0, n) });
      channel.run(AT);
      expect(wordAt(target, AT + 12)).toBe(64 + COMPLETE + (flags >>> 0));
      expect(target.findings()).toContainEqual(expect.objectContaining({ kind: 'rule', rule: 'hw-iop13xx 3.4' }));
    },
  );
});

describe('operations with two results', () => {
  const four = fc.tuple(place, place, place, place);

  it('dual XOR gives H = S0 ^ S1 ^ H and D = S0 ^ S1 ^ D; the diagonal destination stands in words 14 and 15', () => {
    fc.assert(
      fc.property(four, place, place, count, fc.nat(15), (sources, h, d, bytes, select) => {
        target.reset();
        scribble(target.memory, bytes);
        // The source select of the manual's example is 3; the layout does not depend on it.
        const extra = DUAL_XOR | ((select ^ 3) << 3);
        putTwoResults(target, AT, { count: bytes, destination: h, second: d, sources, extra: DUAL_XOR });
        const control = wordAt(target, AT + 4);
        new DataView(target.wasmMemory.buffer).setUint32(AT + 4, control ^ ((extra ^ DUAL_XOR) >>> 0), true);
        const expected = snapshot(target, 0, DRAM);
        for (let done = 0; done < bytes; done += 1024) {
          const size = Math.min(1024, bytes - done);
          const [s0, s1, oldH, oldD] = sources.map((source) => expected.slice(source + done, source + done + size));
          expected.set(
            s0.map((byte, i) => byte ^ s1[i] ^ oldH[i]),
            h + done,
          );
          expected.set(
            s0.map((byte, i) => byte ^ s1[i] ^ oldD[i]),
            d + done,
          );
        }
        channel.run(AT);
        expect(same(target.memory, expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['alone', 0],
    ['with the P+Q bit as well', PQ],
  ])('P+Q update %s gives P = S0 ^ S1 ^ P and Q = m ⊗ (S0 ^ S1) ^ Q, m from word 13', (_, bit) => {
    fc.assert(
      fc.property(four, place, place, multiplier, count, (sources, p, q, factor, bytes) => {
        target.reset();
        scribble(target.memory, bytes);
        putTwoResults(target, AT, { count: bytes, destination: p, second: q, sources, extra: PQ_UPDATE | bit });
        setMultiplier(target, AT, 3, factor);
        const expected = snapshot(target, 0, DRAM);
        for (let done = 0; done < bytes; done += 1024) {
          const size = Math.min(1024, bytes - done);
          const [a, b, c, d] = sources.map((source) => expected.slice(source + done, source + done + size));
          const newP = a.map((byte, i) => byte ^ b[i] ^ c[i]);
          const newQ = a.map((byte, i) => product(byte ^ b[i], factor) ^ d[i]);
          expected.set(newP, p + done);
          expected.set(newQ, q + done);
        }
        channel.run(AT);
        expect(same(target.memory, expected)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('a P+Q update makes P and Q what they would be with the new data', () => {
    const data = [0x2000, 0x2100, 0x2200];
    const factors = [1, 2, 4];
    [...data, 0x2300].forEach((source, i) => scribble(bytesAt(target, source, 256), i));
    putPq(target, AT, { count: 256, p: 0x3000, q: 0x4000, sources: data, multipliers: factors });
    channel.run(AT);
    const sources = [data[1], 0x2300, 0x3000, 0x4000] as const;
    putTwoResults(target, 0x600, { count: 256, destination: 0x3000, second: 0x4000, sources, extra: PQ_UPDATE });
    setMultiplier(target, 0x600, 3, factors[1]);
    channel.run(0x600);
    const expected = snapshot(target, 0, DRAM);
    modelPq(expected, [data[0], 0x2300, data[2]], factors, [0x3000, 0x4000], 256);
    expect(same(target.memory, expected)).toBe(true);
  });

  it('the second destination is loaded afresh with every descriptor, behind one whose words ended earlier', () => {
    scribble(bytesAt(target, 0x2000, 0x400), 2);
    const sources = [0x2000, 0x2100, 0x2200, 0x2300] as const;
    putTwoResults(target, AT, {
      next: 0x600,
      count: 64,
      destination: 0x3000,
      second: 0x4000,
      sources,
      extra: DUAL_XOR,
    });
    putTwoResults(target, 0x600, { count: 64, destination: 0x5000, second: 0x6000, sources, extra: DUAL_XOR });
    channel.run(AT);
    expect(same(bytesAt(target, 0x6000, 64), bytesAt(target, 0x4000, 64))).toBe(true);
    expect(bytesAt(target, 0x6000, 64).some((byte) => byte !== 0)).toBe(true);
    expect(channel.read(0x24 + 4 * 14)).toBe(0x6000);
  });

  it('a dual XOR of sources that are not local is recorded and computed', () => {
    const sources = [0x2000, 0x2100, 0x2200, 0x2300] as const;
    const words = { count: 8, destination: 0x3000, second: 0x4000, sources, extra: DUAL_XOR };
    putTwoResults(target, AT, { ...words, direction: INTERNAL_TO_LOCAL });
    channel.run(AT);
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'hw-iop13xx 4.10' })]);
  });
});

describe('addresses of 36 bits and the byte above them', () => {
  /** Word 7: 0x80 in the top byte of source 0, then an upper address of 1. */
  it.each([
    ['a copy', 0, 0x80, MASTER_ABORT],
    ['a copy', 0, 0, 0],
    ['P+Q', PQ, 0x80, 0],
    ['a dual XOR', DUAL_XOR, 0x80, MASTER_ABORT],
    ['a P+Q update, in a data source', PQ_UPDATE, 0x80, MASTER_ABORT],
  ])('%s (control 0x%s) with top byte %i', (_, mode, top, status) => {
    const sources = [0x2000, 0x2100, 0x2200, 0x2300] as const;
    const words = { count: 8, data: 0x5000, destination: 0x3000, extra: mode };
    if (mode === DUAL_XOR || mode === PQ_UPDATE) putTwoResults(target, AT, { ...words, second: 0x4000, sources });
    else putDescriptor(target, AT, { ...words, sources });
    setMultiplier(target, AT, 0, top);
    channel.run(AT);
    expect(channel.read(REG.ACSR)).toBe(status);
  });

  it.each([1, 0xf, 0x10, 0x00ff_ffff])('a P+Q source with upper address 0x%s is a master abort', (upper) => {
    const source = 0x2000 + upper * 0x1_0000_0000;
    putDescriptor(target, AT, { count: 8, data: 0x4000, destination: 0x3000, extra: PQ, sources: [source] });
    setMultiplier(target, AT, 0, 2);
    channel.run(AT);
    expect(channel.read(REG.ACSR)).toBe(MASTER_ABORT);
    expect(channel.read(REG.ADAR)).toBe(AT);
  });
});
