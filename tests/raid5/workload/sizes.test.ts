import * as fc from 'fast-check';

import { parseDuration, parseSize } from '../../../raid5/workload/sizes';

const SIZE = 'expected a size like 64KiB, 1.5GiB, 33.6GB or a number of bytes';
const DURATION = 'expected a duration like 1.5s, 20ms, 100us or seconds';

describe('parseSize', () => {
  it.each([
    ['0', 0],
    ['4096', 4096],
    ['512B', 512],
    ['64k', 65536],
    ['64K', 65536],
    ['64KiB', 65536],
    ['64 KiB', 65536],
    ['1MiB', 2 ** 20],
    ['1.5M', 1.5 * 2 ** 20],
    ['1GiB', 2 ** 30],
    ['2T', 2 ** 41],
    ['33.6GB', 33_600_000_000],
    ['64kB', 64_000],
    ['64KB', 64_000],
    ['9000TB', 9e15],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s as %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each([
    ['', "'' is no number with a unit"],
    ['-1', "'-1' is no number with a unit"],
    ['1e3', "'1e3' is no number with a unit"],
    ['.5k', "'.5k' is no number with a unit"],
    ['64kib', "'64kib' has the unknown unit 'kib'"],
    ['1constructor', "'1constructor' has the unknown unit 'constructor'"],
    ['0.1KiB', "'0.1KiB' is no whole number of bytes"],
    ['9007199254740992', "'9007199254740992' is more than 2^53 - 1 bytes"],
  ])('refuses %j', (text, problem) => {
    expect(() => parseSize(text)).toThrow(new Error(`${problem}, ${SIZE}`));
  });

  it('reads back every size in every binary unit that divides it', () => {
    const units = fc.constantFrom<[string, number]>(['', 0], ['B', 0], ['k', 10], ['KiB', 10], ['M', 20], ['GiB', 30]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 23 - 1 }), units, (count, [unit, shift]) => {
        expect(parseSize(`${count}${unit}`)).toBe(count * 2 ** shift);
      }),
    );
  });
});

describe('parseDuration', () => {
  it.each([
    ['1.5s', 1_500_000_000_000],
    ['1.5', 1_500_000_000_000],
    ['20ms', 20_000_000_000],
    ['100us', 100_000_000],
    ['100µs', 100_000_000],
    ['30ns', 30_000],
    ['7ps', 7],
    ['2min', 120_000_000_000_000],
    ['0.000000000001', 1],
    ['9007.199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s as %d ps', (text, time) => expect(parseDuration(text)).toBe(time));

  it.each([
    ['soon', "'soon' is no number with a unit"],
    ['3h', "'3h' has the unknown unit 'h'"],
    ['0.5ps', "'0.5ps' is no whole number of picoseconds"],
    ['3000000s', "'3000000s' is more than 2^53 - 1 picoseconds"],
  ])('refuses %j', (text, problem) => {
    expect(() => parseDuration(text)).toThrow(new Error(`${problem}, ${DURATION}`));
  });

  it('takes decimal fractions exactly, without going through a double', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9000 }),
        fc.integer({ min: 0, max: 999_999_999_999 }),
        (whole, fraction) => {
          const text = `${whole}.${String(fraction).padStart(12, '0')}s`;
          expect(parseDuration(text)).toBe(Number(BigInt(whole) * 10n ** 12n + BigInt(fraction)));
        },
      ),
    );
  });
});
