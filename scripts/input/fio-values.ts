/** How fio writes values (HOWTO, "Parameter types"). Every reader throws a FieldError that says what was expected. */
import { MICROSECOND, MILLISECOND, SECOND } from '../../emulator/sim/time';
import type { Amount, BlockSize, ForBoth } from '../../raid5/workload/fio/job';
import { FieldError, quote } from '../../raid5/workload/input-error';

/** `kb_base`: what a bare `k` stands for. */
export type KbBase = 1000 | 1024;

const PREFIXES = ['', 'k', 'm', 'g', 't', 'p'];
const SIZE = 'a size like 4096, 64k, 1m or 2g';
const MOST_SIZES = 64;

const TIMES: Readonly<Record<string, number>> = {
  ...{ d: 86_400 * SECOND, h: 3600 * SECOND, m: 60 * SECOND, s: SECOND, sec: SECOND },
  ...{ ms: MILLISECOND, msec: MILLISECOND, us: MICROSECOND, usec: MICROSECOND },
};

/** A whole number in a range. */
export function whole(text: string, min: number, max: number): number {
  const expected = `a whole number from ${min} to ${max}`;
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) throw new FieldError(`${quote(text)} is no whole number`, expected);
  const value = Number(text);
  if (value < min || value > max) throw new FieldError(`${quote(text)} is out of range`, expected);
  return value;
}

/** A bare key is true; otherwise 1 or 0. */
export function flag(text: string | undefined): boolean {
  if (text === undefined || text === '1') return true;
  if (text === '0') return false;
  throw new FieldError(`${quote(text)} is no flag`, '0, 1 or the bare key');
}

/** A quantity of bytes: with `kb_base=1024` 4k is 4096 and 4ki is 4000, with 1000 the other way round. */
export function size(text: string, base: KbBase): number {
  const match = /^(0x[0-9a-f]+|\d+)([kmgtp]?)(i?)b?$/i.exec(text);
  if (match === null || (match[2] === '' && match[3] !== '')) throw new FieldError(`${quote(text)} is no size`, SIZE);
  const [, digits, prefix, other] = match;
  const unit = (base === 1024) === (other === '') ? 1024 : 1000;
  const value = BigInt(digits) * BigInt(unit) ** BigInt(PREFIXES.indexOf(prefix.toLowerCase()));
  if (value > Number.MAX_SAFE_INTEGER) throw new FieldError(`${quote(text)} is more than 2^53 - 1 bytes`, SIZE);
  return Number(value);
}

/** A size, or a percentage from 1 to 100. */
export function amount(text: string, base: KbBase): Amount {
  if (!text.endsWith('%')) return { bytes: size(text, base) };
  return { percent: whole(text.slice(0, -1), 1, 100) };
}

/** A time in picoseconds. @param bare what a number without a unit is in, picoseconds */
export function time(text: string, bare: number): number {
  const expected = `a time like 10s, 5ms or 100us; a bare number is ${bare === SECOND ? 'seconds' : 'microseconds'}`;
  const match = /^(\d{1,15})([a-z]*)$/i.exec(text);
  const unit = match?.[2] === '' ? bare : TIMES[match?.[2].toLowerCase() ?? ''];
  if (match === null || unit === undefined) throw new FieldError(`${quote(text)} is no time`, expected);
  const value = Number(match[1]) * unit;
  if (value > 7200 * SECOND) throw new FieldError(`${quote(text)} is out of range`, 'at most two hours');
  return value;
}

/** `read[,write]`: a value without a comma is for both; what is left out is `absent`. */
export function forBoth<T>(text: string, absent: T, read: (text: string) => T): ForBoth<T> {
  const parts = text.split(',');
  if (parts.length > 3) throw new FieldError(`${quote(text)} has ${parts.length} parts`, 'reads,writes');
  if ((parts[2] ?? '') !== '') throw new FieldError(`${quote(text)} says something of trims`, 'reads,writes');
  const one = (part: string): T => (part === '' ? absent : read(part));
  return { read: one(parts[0]), write: one(parts[1] ?? parts[0]) };
}

/** One block size of `bs`. */
export function blockSize(text: string, base: KbBase): readonly BlockSize[] {
  return [{ bytes: block(text, base), weight: 1 }];
}

/** `bsrange`: every multiple of the lower size up to the upper, all alike. */
export function blockRange(text: string, base: KbBase): readonly BlockSize[] {
  const [low, high, ...more] = text.split(/[-:]/);
  if (high === undefined || more.length > 0) throw new FieldError(`${quote(text)} is no range`, 'a range like 1k-4k');
  const ends = [block(low, base), block(high, base)].sort((a, b) => a - b);
  const [from, to] = ends;
  return Array.from({ length: Math.floor(to / from) }, (_, i) => ({ bytes: from * (i + 1), weight: 1 }));
}

/** `bssplit`: sizes with percentages; those left blank share the rest. */
export function blockSplit(text: string, base: KbBase): readonly BlockSize[] {
  const parts = text.split(':').map((part) => {
    const [bytes, percent = '', ...more] = part.split('/');
    if (more.length > 0) throw new FieldError(`${quote(part)} is no size with a percentage`, 'SIZE/PERCENT');
    return { bytes: block(bytes, base), percent: percent === '' ? undefined : whole(percent, 0, 100) };
  });
  if (parts.length > MOST_SIZES) throw new FieldError(`${parts.length} sizes are too many`, `at most ${MOST_SIZES}`);
  const given = parts.reduce((sum, { percent }) => sum + (percent ?? 0), 0);
  const blanks = parts.filter(({ percent }) => percent === undefined).length;
  if (given > 100 || (blanks === 0 && given !== 100)) {
    throw new FieldError(`the percentages of ${quote(text)} add up to ${given}`, blanks === 0 ? '100' : 'at most 100');
  }
  // Whole weights: percentages times the number that share the rest.
  const scale = Math.max(1, blanks);
  return parts
    .map(({ bytes, percent }) => ({ bytes, weight: percent === undefined ? 100 - given : percent * scale }))
    .filter(({ weight }) => weight > 0);
}

function block(text: string, base: KbBase): number {
  const bytes = size(text, base);
  if (bytes === 0 || bytes % 512 !== 0) {
    throw new FieldError(`${quote(text)} is no block size`, 'a positive multiple of 512 bytes');
  }
  return bytes;
}

/** `verify_pattern`: `0x` and hex digits in the order of the bytes, a decimal number (little-endian), or `"text"`. */
export function pattern(text: string): Uint8Array {
  const hex = /^0x([0-9a-f]{1,1024})$/i.exec(text);
  if (hex !== null) {
    const digits = hex[1].length % 2 === 0 ? hex[1] : `0${hex[1]}`;
    return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  }
  const quoted = /^"([^"]+)"$/.exec(text);
  if (quoted !== null) return new TextEncoder().encode(quoted[1]);
  if (!/^\d+$/.test(text) || Number(text) > 0xffff_ffff) {
    throw new FieldError(`${quote(text)} is no pattern`, '0x with hex digits, a 32-bit number or "text"');
  }
  const bytes: number[] = [];
  for (let rest = Number(text); rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  return Uint8Array.from(bytes);
}
