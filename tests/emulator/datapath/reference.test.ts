/** The plain datapath against loops over bytes, at any alignment. */
import * as fc from 'fast-check';
import { referenceDatapath } from '../../../emulator/datapath/reference';
import { Dram } from '../../../emulator/memory/dram';
import { same, scribble } from '../board';

const dram = new Dram(0, 65_536);
const datapath = referenceDatapath(dram);
const QUEUE = dram.reserveSilicon(1024);
const place = fc.nat(60_000);
const count = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1024 }));

function world(seed: number): Uint8Array {
  scribble(dram.allBytes, seed);
  return dram.allBytes.slice();
}

it('loads, accumulates and stores exactly the bytes it is told', () => {
  fc.assert(
    fc.property(place, place, place, count, fc.nat(), (a, b, to, bytes, seed) => {
      const expected = world(seed);
      for (let i = 0; i < bytes; i++) expected[QUEUE + i] = expected[a + i];
      for (let i = 0; i < bytes; i++) expected[QUEUE + i] ^= expected[b + i];
      for (let i = 0; i < bytes; i++) expected[to + i] = expected[QUEUE + i];
      datapath.load(QUEUE, a, bytes);
      datapath.accumulate(QUEUE, b, bytes);
      datapath.store(to, QUEUE, bytes);
      expect(same(dram.allBytes, expected)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

it('fills with a pattern anchored to addresses', () => {
  fc.assert(
    fc.property(place, count, fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(), (to, bytes, pattern, seed) => {
      const expected = world(seed);
      for (let i = to; i < to + bytes; i++) expected[i] = (pattern >>> (8 * (i % 4))) & 0xff;
      datapath.fill(to, pattern, bytes);
      expect(same(dram.allBytes, expected)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

it('sees a single bit anywhere in the queue, and none behind its end', () => {
  fc.assert(
    fc.property(count, fc.nat(1023), fc.nat(7), (bytes, at, bit) => {
      dram.allBytes.fill(0);
      expect(datapath.isZero(QUEUE, bytes)).toBe(true);
      dram.allBytes[QUEUE + at] = 1 << bit;
      expect(datapath.isZero(QUEUE, bytes)).toBe(at >= bytes);
    }),
    { numRuns: 100 },
  );
});
