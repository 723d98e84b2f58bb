/** Both datapaths against the bit-level model: any alignment, any length, and no byte outside the operands. */
import * as fc from 'fast-check';
import type { Datapath } from '../../../emulator/datapath/datapath';
import { referenceDatapath } from '../../../emulator/datapath/reference';
import { wasmDatapath } from '../../../emulator/datapath/wasm';
import { Dram } from '../../../emulator/memory/dram';
import { same, scribble } from '../board';
import { crcRegister, powerOfTwo, sumAt, times, weightedAt } from './model';

const QUEUE_BYTES = 4352;
/** Operands of one call live in slots of their own, at any alignment within. */
const SLOT = 4608;
const SLOTS = 40;

const LENGTHS = [1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1023, 1024, 4096];
const length = fc.oneof(fc.constantFrom(...LENGTHS), fc.integer({ min: 1, max: 300 }));
const word = fc.integer({ min: 0, max: 0xffff_ffff });
const byte = fc.integer({ min: 0, max: 255 });
const misalignment = fc.oneof(fc.nat(64), fc.constantFrom(0, 1, 4, 8, 16));
const seed = fc.nat();

/** Addresses of up to 32 operands that have nothing in common. */
const operands = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc
    .array(misalignment, { minLength: min, maxLength: max })
    .map((offsets) => offsets.map((offset, slot) => slot * SLOT + 64 + offset));

interface World {
  readonly datapath: Datapath;
  readonly dram: Dram;
  readonly p: number;
  readonly q: number;
  /** Fresh random contents; returns a copy of them. */
  fresh(seed: number): Uint8Array;
  /** Whether all of memory, but for what the datapath keeps for itself, is as expected. */
  matches(expected: Uint8Array): boolean;
}

function world(build: (dram: Dram) => Datapath): World {
  const dram = new Dram(0, 0x3_0000);
  expect(SLOT * SLOTS).toBeLessThanOrEqual(dram.size);
  const p = dram.reserveSilicon(QUEUE_BYTES);
  const q = dram.reserveSilicon(QUEUE_BYTES);
  const guard = dram.reserveSilicon(64);
  const datapath = build(dram);
  const seen = dram.allBytes.subarray(0, guard + 64);
  const behind = dram.allBytes.subarray(dram.reserveSilicon(64));
  return {
    datapath,
    dram,
    p,
    q,
    fresh: (start) => {
      scribble(seen, start);
      return seen.slice();
    },
    matches: (expected) => same(seen, expected) && behind.every((value) => value === 0),
  };
}

const check = <T>(property: fc.IProperty<T>): void => fc.assert(property, { numRuns: 150 });

describe.each([
  ['wasm', wasmDatapath],
  ['reference', referenceDatapath],
] as const)('the %s datapath', (_name, build) => {
  const { datapath, dram, p, q, fresh, matches } = world(build);

  it('loads, accumulates and stores exactly the bytes it is told', () => {
    check(
      fc.property(operands(3, 3), length, seed, ([a, b, to], bytes, start) => {
        const expected = fresh(start);
        for (let i = 0; i < bytes; i++) expected[p + i] = expected[a + i] ^ expected[b + i];
        for (let i = 0; i < bytes; i++) expected[to + i] = expected[p + i];
        datapath.load(p, a, bytes);
        datapath.accumulate(p, b, bytes);
        datapath.store(to, p, bytes);
        expect(matches(expected)).toBe(true);
      }),
    );
  });

  it('fills with a pattern anchored to addresses', () => {
    check(
      fc.property(operands(1, 1), length, word, seed, ([to], bytes, pattern, start) => {
        const expected = fresh(start);
        for (let i = to; i < to + bytes; i++) expected[i] = (pattern >>> (8 * (i % 4))) & 0xff;
        datapath.fill(to, pattern, bytes);
        expect(matches(expected)).toBe(true);
      }),
    );
  });

  it('sees a single bit anywhere in the queue, and none behind its end', () => {
    check(
      fc.property(length, fc.nat(4200), fc.nat(7), (bytes, position, bit) => {
        const at = position % (bytes + 20);
        dram.allBytes.fill(0, p, p + QUEUE_BYTES);
        expect(datapath.isZero(p, bytes)).toBe(true);
        dram.allBytes[p + at] = 1 << bit;
        expect(datapath.isZero(p, bytes)).toBe(at >= bytes);
      }),
    );
  });

  it('reverses the whole words of a queue', () => {
    check(
      fc.property(length, seed, (bytes, start) => {
        const before = fresh(start);
        const expected = before.slice();
        for (let i = 0; i < bytes - (bytes % 4); i++) expected[q + i] = before[q + (i ^ 3)];
        datapath.swap32(q, bytes);
        expect(matches(expected)).toBe(true);
      }),
    );
  });

  it('loads P and Q and folds further sources into them', () => {
    check(
      fc.property(operands(2, 2), byte, byte, length, seed, ([a, b], m, n, bytes, start) => {
        const expected = fresh(start);
        for (let i = 0; i < bytes; i++) {
          expected[p + i] = sumAt(expected, [a, b], i);
          expected[q + i] = weightedAt(expected, [a, b], [m, n], i);
        }
        datapath.loadPq(p, q, a, m, bytes);
        datapath.accumulatePq(p, q, b, n, bytes);
        expect(matches(expected)).toBe(true);
      }),
    );
  });

  it('computes Q alone where P is disabled', () => {
    check(
      fc.property(operands(2, 2), byte, byte, length, seed, ([a, b], m, n, bytes, start) => {
        const expected = fresh(start);
        for (let i = 0; i < bytes; i++) expected[q + i] = weightedAt(expected, [a, b], [m, n], i);
        datapath.multiplyLoad(q, a, m, bytes);
        datapath.multiplyAccumulate(q, b, n, bytes);
        expect(matches(expected)).toBe(true);
      }),
    );
  });

  it('multiplies every byte by every byte', () => {
    const source = 4096;
    for (let i = 0; i < 256; i++) dram.allBytes[source + i] = i;
    for (let multiplier = 0; multiplier < 256; multiplier++) {
      datapath.multiplyLoad(q, source, multiplier, 256);
      const products = Array.from({ length: 256 }, (_, i) => times(multiplier, i));
      expect([...dram.allBytes.subarray(q, q + 256)]).toEqual(products);
    }
  });

  it('XORs up to 32 sources into a destination that may be one of them', () => {
    check(
      fc.property(
        operands(2, 33),
        fc.boolean(),
        fc.nat(),
        length,
        seed,
        ([to, ...sources], inPlace, which, bytes, start) => {
          const destination = inPlace ? sources[which % sources.length] : to;
          const before = fresh(start);
          const expected = before.slice();
          for (let i = 0; i < bytes; i++) expected[destination + i] = sumAt(before, sources, i);
          datapath.xor(destination, sources, sources.length, bytes);
          expect(matches(expected)).toBe(true);
        },
      ),
    );
  });

  it('computes P and Q with consecutive powers of two, in place if asked to', () => {
    check(
      fc.property(operands(3, 34), fc.boolean(), length, seed, ([first, second, ...sources], inPlace, bytes, start) => {
        const [toP, toQ] = inPlace && sources.length > 1 ? sources : [first, second];
        const multipliers = sources.map((_, s) => powerOfTwo(s));
        const before = fresh(start);
        const expected = before.slice();
        for (let i = 0; i < bytes; i++) {
          expected[toP + i] = sumAt(before, sources, i);
          expected[toQ + i] = weightedAt(before, sources, multipliers, i);
        }
        datapath.syndrome(toP, toQ, sources, sources.length, bytes);
        expect(matches(expected)).toBe(true);
      }),
    );
  });

  it('computes P and Q with any multipliers, in place if asked to', () => {
    check(
      fc.property(
        operands(3, 34),
        fc.array(byte, { minLength: 32, maxLength: 32 }),
        fc.boolean(),
        length,
        seed,
        ([first, second, ...sources], multipliers, inPlace, bytes, start) => {
          const [toP, toQ] = inPlace && sources.length > 1 ? sources : [first, second];
          const before = fresh(start);
          const expected = before.slice();
          for (let i = 0; i < bytes; i++) {
            expected[toP + i] = sumAt(before, sources, i);
            expected[toQ + i] = weightedAt(before, sources, multipliers, i);
          }
          datapath.pqGeneral(toP, toQ, sources, multipliers, sources.length, bytes);
          expect(matches(expected)).toBe(true);
        },
      ),
    );
  });

  it('works on the last bytes of memory', () => {
    const end = dram.allBytes.length;
    for (const bytes of [1, 15, 16, 17, 64, 65, 1023]) {
      expect(() => {
        datapath.load(p, end - bytes, bytes);
        datapath.accumulate(p, end - bytes, bytes);
        datapath.accumulatePq(p, q, end - bytes, 3, bytes);
        datapath.crc32c(0, end - bytes, bytes);
      }).not.toThrow();
    }
  });

  it('gives the Q of the self-test of Linux (hw-iop13xx 4.9)', () => {
    const sources = [0x1000, 0x2000, 0x3000, 0x4000];
    sources.forEach((source, s) => dram.allBytes.fill(0x11 << s, source, source + 4096));
    datapath.syndrome(0x5000, 0x6000, sources, 4, 4096);
    expect(new Set(dram.allBytes.subarray(0x5000, 0x6000))).toEqual(new Set([0xff]));
    expect(new Set(dram.allBytes.subarray(0x6000, 0x7000))).toEqual(new Set([0x6c]));
    datapath.pqGeneral(0x7000, 0x8000, sources, [1, 2, 4, 8], 4, 4096);
    expect(same(dram.allBytes.subarray(0x7000, 0x9000), dram.allBytes.slice(0x5000, 0x7000))).toBe(true);
  });

  it('continues a CRC-32C register over any bytes', () => {
    check(
      fc.property(operands(1, 1), word, length, seed, ([from], register, bytes, start) => {
        const expected = fresh(start);
        const value = datapath.crc32c(register, from, bytes);
        expect(value).toBe(crcRegister(register, expected.subarray(from, from + bytes)));
        expect(matches(expected)).toBe(true);
      }),
    );
  });

  it.each([
    ['32 zeros', () => 0, 0x8a91_36aa],
    ['32 ones', () => 0xff, 0x62a8_ab43],
    ['00 … 1F', (i: number) => i, 0x46dd_794e],
    ['1F … 00', (i: number) => 31 - i, 0x113f_db5c],
  ])('gives the CRC-32C of RFC 3720 for %s', (_what, content, crc) => {
    for (let i = 0; i < 32; i++) dram.allBytes[0x101 + i] = content(i);
    expect(~datapath.crc32c(0xffff_ffff, 0x101, 32) >>> 0).toBe(crc);
    const half = datapath.crc32c(0xffff_ffff, 0x101, 13);
    expect(~datapath.crc32c(half, 0x101 + 13, 19) >>> 0).toBe(crc);
  });
});
