/** CRC-32C (hw-iop13xx 4.8), endian swap and what is left of 4.10: combinations of modes, status write-back. */
import * as fc from 'fast-check';
import {
  board,
  bytesAt,
  ChannelPins,
  COMPLETE,
  EOC,
  KIB,
  MASTER_ABORT,
  putDescriptor,
  putWord,
  REG,
  same,
  scribble,
  snapshot,
  wordAt,
} from '../board';
import type { DescriptorWords } from '../board';
import { crcRegister } from '../datapath/model';
import {
  CRC,
  CRC_NO_TRANSFER,
  CRC_SEED_DISABLE,
  DUAL_XOR,
  ENDIAN_SWAP,
  P_DISABLE,
  PQ,
  PQ_UPDATE,
  putPq,
  putTwoResults,
} from '../descriptors';

const DRAM = 64 * KIB;
const AT = 0x400;
const SEED = 0x800;
const FRESH = 0xffff_ffff;

const target = board({ dramBytes: DRAM });
const channel = new ChannelPins(target);

/** The customary CRC-32C of bytes. */
function crc(bytes: Iterable<number>, seed = FRESH): number {
  return ~crcRegister(seed, bytes) >>> 0;
}

function run(words: DescriptorWords): void {
  putDescriptor(target, AT, { data: SEED, ...words, extra: CRC | (words.extra ?? 0) });
  channel.run(AT);
}

beforeEach(() => target.reset());

describe('CRC-32C', () => {
  it.each([
    ['32 zeros', new Array<number>(32).fill(0), 0x8a91_36aa],
    ['32 ones', new Array<number>(32).fill(0xff), 0x62a8_ab43],
    ['00 to 1F', Array.from({ length: 32 }, (_, i) => i), 0x46dd_794e],
    ['1F to 00', Array.from({ length: 32 }, (_, i) => 31 - i), 0x113f_db5c],
  ])('of %s is the one of RFC 3720, stored in wire order, and the data are copied', (_, data, expected) => {
    bytesAt(target, 0x2003, 32).set(data);
    putWord(target, SEED, FRESH);
    run({ interrupt: true, count: 32, destination: 0x3001, sources: [0x2003] });
    expect(wordAt(target, SEED)).toBe(expected);
    expect([...bytesAt(target, 0x3001, 32)]).toEqual(data);
    expect(channel.read(REG.ACSR)).toBe(EOC);
    expect(target.findings()).toEqual([]);
  });

  it('takes any raw seed, any alignment and any length, and writes three things only', () => {
    const word = fc.integer({ min: 0, max: FRESH });
    const place = fc.integer({ min: 0x1000, max: DRAM - 3000 });
    const count = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3000 }));
    fc.assert(
      fc.property(word, place, place, count, fc.boolean(), fc.boolean(), (seed, source, destination, bytes, ...b) => {
        const [writeBack, noTransfer] = b;
        target.reset();
        scribble(target.memory, bytes);
        putWord(target, SEED, seed);
        const extra = CRC | (noTransfer ? CRC_NO_TRANSFER : 0);
        putDescriptor(target, AT, { data: SEED, count: bytes, writeBack, extra, destination, sources: [source] });
        const expected = snapshot(target, 0, DRAM);
        let register = seed;
        for (let done = 0; done < bytes; done += 1024) {
          const block = expected.slice(source + done, source + Math.min(done + 1024, bytes));
          register = crcRegister(register, block);
          if (!noTransfer) expected.set(block, destination + done);
        }
        const view = new DataView(expected.buffer);
        view.setUint32(SEED, ~register >>> 0, true);
        if (writeBack) view.setUint32(AT + 12, COMPLETE + bytes, true);
        channel.run(AT);
        expect(same(target.memory, expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on from a finished CRC with bit 11, over fragments with other descriptors in between', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 2, maxLength: 8 }), (lengths) => {
        target.reset();
        scribble(bytesAt(target, 0x4000, 0x4000), lengths.length);
        const other = 0x900;
        putWord(target, SEED, FRESH);
        putWord(target, other, FRESH);
        let from = 0x4000;
        let at = 0x1000;
        lengths.forEach((count, k) => {
          const extra = CRC | (k > 0 ? CRC_SEED_DISABLE : 0);
          const common = { count, destination: 0xa000, sources: [from] };
          putDescriptor(target, at, { ...common, next: at + 0x20, data: SEED, extra });
          // Another stream, a copy and an XOR come between two fragments.
          const backwards = { ...common, data: other, sources: [0x4000 + 7 * k] };
          putDescriptor(target, at + 0x20, { ...backwards, next: at + 0x40, extra });
          putDescriptor(target, at + 0x40, { ...common, next: at + 0x60 });
          const next = k + 1 < lengths.length ? at + 0xa0 : 0;
          putDescriptor(target, at + 0x60, { ...common, next, sources: [0x4000, 0x4100] });
          from += count;
          at += 0xa0;
        });
        channel.run(0x1000);
        const total = lengths.reduce((sum, n) => sum + n, 0);
        expect(wordAt(target, SEED)).toBe(crc(bytesAt(target, 0x4000, total)));
        const second = lengths.flatMap((count, k) => [...bytesAt(target, 0x4000 + 7 * k, count)]);
        expect(wordAt(target, other)).toBe(crc(second));
      }),
      { numRuns: 30 },
    );
  });

  it('with count 0 leaves the seed and goes on to the next descriptor', () => {
    putWord(target, SEED, 0x1234_5678);
    const words = { count: 0, data: SEED, destination: 0x0900_0000, sources: [0x0900_0000], writeBack: true };
    putDescriptor(target, AT, { ...words, extra: CRC, next: AT + 0x20, interrupt: true });
    putDescriptor(target, AT + 0x20, { ...words, extra: CRC | CRC_SEED_DISABLE, interrupt: true });
    channel.run(AT);
    expect(wordAt(target, SEED)).toBe(0x1234_5678);
    expect(wordAt(target, AT + 0x2c)).toBe(COMPLETE);
    expect(channel.read(REG.ADAR)).toBe(AT + 0x20);
  });

  it('without transfer needs no valid destination', () => {
    putWord(target, SEED, FRESH);
    run({ extra: CRC_NO_TRANSFER, count: 32, destination: 0x0900_0000, sources: [0x2000] });
    expect(wordAt(target, SEED)).toBe(0x8a91_36aa);
    expect(channel.read(REG.ACSR)).toBe(0);
  });

  it.each([0, 64])('at an address nobody claims aborts before any data move, unless there are none (count %i)', (n) => {
    scribble(bytesAt(target, 0x2000, 64), 1);
    run({ data: 0x0900_0000, count: n, destination: 0x3000, sources: [0x2000] });
    expect(channel.read(REG.ACSR)).toBe(n === 0 ? 0 : MASTER_ABORT);
    expect(bytesAt(target, 0x3000, 64).every((byte) => byte === 0)).toBe(true);
  });

  it('halts when its result can not be written; the data are there, the status is not', () => {
    scribble(bytesAt(target, 0x2000, 64), 1);
    putWord(target, SEED, FRESH);
    target.inject({ kind: 'target-abort', address: SEED, length: 4, access: 'write', times: 1 });
    run({ writeBack: true, interrupt: true, count: 64, destination: 0x3000, sources: [0x2000] });
    expect(channel.read(REG.ACSR)).toBe(1 << 4);
    expect(wordAt(target, SEED)).toBe(FRESH);
    expect(wordAt(target, AT + 12)).toBe(64);
    expect(same(bytesAt(target, 0x3000, 64), bytesAt(target, 0x2000, 64))).toBe(true);
  });

  it('of its own result word is taken of what stood there', () => {
    putWord(target, SEED, FRESH);
    run({ extra: CRC_NO_TRANSFER, count: 4, sources: [SEED] });
    expect(wordAt(target, SEED)).toBe(crc([0xff, 0xff, 0xff, 0xff]));
  });
});

describe('endian swap', () => {
  it('reverses the bytes of each whole word, and says that this is a stand-in', () => {
    scribble(bytesAt(target, 0x2000, 2052), 1);
    putDescriptor(target, AT, { count: 2052, destination: 0x4000, sources: [0x2000], extra: ENDIAN_SWAP });
    channel.run(AT);
    for (let i = 0; i < 2052; i++) {
      if (target.memory[0x4000 + i] !== target.memory[0x2000 + (i ^ 3)]) throw new Error(`byte ${i}`);
    }
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'unmodelled', rule: 'hw-iop13xx 4.10' })]);
  });
});

describe('more than one mode', () => {
  /** What each mode leaves at 0x4000 (first destination), told by its first byte. */
  const results = { fill: 0x55, dual: 0x01 ^ 0x02 ^ 0x04, update: 0x01 ^ 0x02 ^ 0x04, pq: 0x01 ^ 0x02 ^ 0x04 ^ 0x08 };
  const FILL = 1 << 8;

  it.each([
    ['fill before dual XOR', FILL | DUAL_XOR, results.fill],
    ['fill before P+Q', FILL | PQ, results.fill],
    ['fill before CRC', FILL | CRC, results.fill],
    ['fill before update', FILL | PQ_UPDATE, results.fill],
    ['dual XOR before update', DUAL_XOR | PQ_UPDATE, results.dual],
    ['dual XOR before P+Q', DUAL_XOR | PQ, results.dual],
    ['update before P+Q', PQ_UPDATE | PQ, results.update],
    ['update before CRC', PQ_UPDATE | CRC, results.update],
    ['P+Q before CRC', PQ | CRC, results.pq],
    ['all at once', FILL | DUAL_XOR | PQ_UPDATE | PQ | CRC, results.fill],
  ])('%s', (_, extra, expected) => {
    const pins = new ChannelPins(target, 2);
    [0x01, 0x02, 0x04, 0x08].forEach((byte, i) => bytesAt(target, 0x2000 + 0x100 * i, 4).fill(byte));
    const sources = [0x2000, 0x2100, 0x2200, 0x2300] as const;
    const fill = { data: extra & FILL ? 0x5555_5555 : 0x5000 };
    putTwoResults(target, AT, { ...fill, count: 4, destination: 0x4000, second: 0x6000, sources, extra });
    pins.run(AT);
    expect(target.memory[0x4000]).toBe(expected);
    const isKnown = extra === (PQ_UPDATE | PQ);
    expect(target.findings().filter(({ rule }) => rule === 'hw-iop13xx 4.10').length).toBe(isKnown ? 0 : 1);
  });

  it('CRC with more than one source takes the first and is recorded', () => {
    bytesAt(target, 0x2000, 4).fill(9);
    bytesAt(target, 0x2100, 4).fill(5);
    putWord(target, SEED, FRESH);
    run({ count: 4, destination: 0x4000, sources: [0x2000, 0x2100] });
    expect(target.memory[0x4000]).toBe(9);
    expect(wordAt(target, SEED)).toBe(crc([9, 9, 9, 9]));
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'hw-iop13xx 4.10' })]);
  });
});

describe('status write-back', () => {
  const sources = [0x2000, 0x2100, 0x2200, 0x2300] as const;
  const two = { count: 64, destination: 0x4000, second: 0x5000, sources };
  const modes: readonly [string, (extra: { writeBack: boolean }) => void][] = [
    ['a copy', (w) => putDescriptor(target, AT, { ...w, count: 64, destination: 0x4000, sources: [0x2000] })],
    ['an XOR', (w) => putDescriptor(target, AT, { ...w, count: 64, destination: 0x4000, sources })],
    ['a fill', (w) => putDescriptor(target, AT, { ...w, count: 64, destination: 0x4000, fill: true })],
    ['a check', (w) => putDescriptor(target, AT, { ...w, count: 64, zeroCheck: true, sources })],
    ['P+Q', (w) => putPq(target, AT, { ...w, count: 64, p: 0x4000, q: 0x5000, sources, multipliers: [1, 2, 4, 8] })],
    [
      'P+Q without P',
      (w) => putPq(target, AT, { ...w, count: 64, extra: P_DISABLE, q: 0x5000, sources, multipliers: [1, 2, 4, 8] }),
    ],
    ['a P+Q check', (w) => putPq(target, AT, { ...w, count: 64, zeroCheck: true, sources, multipliers: [1, 2, 0, 0] })],
    ['a dual XOR', (w) => putTwoResults(target, AT, { ...w, ...two, extra: DUAL_XOR })],
    ['a P+Q update', (w) => putTwoResults(target, AT, { ...w, ...two, extra: PQ_UPDATE })],
    ['a CRC', (w) => putDescriptor(target, AT, { ...w, count: 64, data: SEED, destination: 0x4000, extra: CRC })],
  ];

  it.each(modes)('of %s sets transfer complete, keeps the count and the unknown bits, only if asked for', (_, put) => {
    const pins = new ChannelPins(target, 2);
    for (const writeBack of [false, true]) {
      put({ writeBack });
      // The host interface field and reserved bits ride along.
      putWord(target, AT + 12, 0x1f00_0000 + 64);
      pins.run(AT);
      expect(wordAt(target, AT + 12)).toBe((writeBack ? 0x9f00_0000 : 0x1f00_0000) + 64);
    }
  });
});
