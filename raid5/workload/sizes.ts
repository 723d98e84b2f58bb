/**
 * Sizes and durations as people write them. Both are exact: a decimal fraction is taken as a fraction, never as a
 * double, and a value that is no whole number of bytes or picoseconds is refused.
 */
import { MICROSECOND, MILLISECOND, NANOSECOND, PICOSECOND, SECOND } from '../../emulator/sim/time';
import { FieldError, quote } from './input-error';

type Units = Readonly<Record<string, number>>;

/** A bare letter is a power of two, as in mdadm; so is `KiB`. `kB`, `MB` … are the powers of ten of disk makers. */
const SIZE_UNITS: Units = {
  '': 1,
  B: 1,
  ...{ k: 2 ** 10, K: 2 ** 10, KiB: 2 ** 10, kB: 1e3, KB: 1e3 },
  ...{ M: 2 ** 20, MiB: 2 ** 20, MB: 1e6 },
  ...{ G: 2 ** 30, GiB: 2 ** 30, GB: 1e9 },
  ...{ T: 2 ** 40, TiB: 2 ** 40, TB: 1e12 },
};

const DURATION_UNITS: Units = {
  '': SECOND,
  ps: PICOSECOND,
  ns: NANOSECOND,
  us: MICROSECOND,
  µs: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  min: 60 * SECOND,
};

const AMOUNT = /^(\d{1,20})(?:\.(\d{1,20}))? ?([A-Za-zµ]*)$/;

function parseAmount(text: string, units: Units, whole: string, expected: string): number {
  const match = AMOUNT.exec(text);
  if (match === null) throw new FieldError(`${quote(text)} is no number with a unit`, expected);
  const [, integer, fraction = '', unit] = match;
  if (!Object.hasOwn(units, unit)) throw new FieldError(`${quote(text)} has the unknown unit ${quote(unit)}`, expected);
  const scaled = BigInt(integer + fraction) * BigInt(units[unit]);
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) throw new FieldError(`${quote(text)} is no whole number of ${whole}`, expected);
  const value = scaled / divisor;
  if (value > Number.MAX_SAFE_INTEGER) {
    throw new FieldError(`${quote(text)} is more than 2^53 - 1 ${whole}`, expected);
  }
  return Number(value);
}

/**
 * Reads a size: `4096`, `512B`, `64k`, `64KiB`, `1.5M`, `1GiB` (powers of two), `33.6GB` (powers of ten).
 * @param expected what a refusal says it expected
 * @returns bytes, up to 2^53 - 1
 * @throws FieldError
 */
export function parseSize(text: string, expected = 'a size like 64KiB, 1.5GiB, 33.6GB or a number of bytes'): number {
  return parseAmount(text, SIZE_UNITS, 'bytes', expected);
}

/**
 * Reads a duration: `1.5s`, `20ms`, `100us` (or `µs`), `30ns`, `7ps`, `2min`; a bare number is seconds.
 * @param expected what a refusal says it expected
 * @returns picoseconds, up to what the clock can hold
 * @throws FieldError
 */
export function parseDuration(text: string, expected = 'a duration like 1.5s, 20ms, 100us or seconds'): number {
  return parseAmount(text, DURATION_UNITS, 'picoseconds', expected);
}
