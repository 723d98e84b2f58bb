/**
 * GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 and the generator 2 (PQ-01, RR-01): the tables of the
 * kernel's `lib/raid6`, made at load. Bytes are elements.
 */

/** What x^8 leaves modulo the polynomial. */
const REDUCTION = 0x1d;
/** Powers of the generator until they repeat. */
const ORDER = 255;

/** Twice a byte, or twice each byte of a 32-bit word. */
export function gfDouble(word: number): number {
  return ((word & 0x7f7f_7f7f) << 1) ^ (((word >>> 7) & 0x0101_0101) * REDUCTION);
}

const POWERS = powers();
const LOGARITHMS = logarithms();

/** `raid6_gfexp`: 2 to the power of `exponent`, from 0 on. */
export function gfExp(exponent: number): number {
  return POWERS[exponent % ORDER];
}

/** `raid6_gfmul`. */
export function gfMul(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : gfExp(LOGARITHMS[a] + LOGARITHMS[b]);
}

/** `raid6_gfinv`: 1 / a, and 0 for 0. */
export function gfInv(a: number): number {
  return a === 0 ? 0 : gfExp(ORDER - LOGARITHMS[a]);
}

/** `raid6_gfexi`: 1 / (2^k + 1). */
export function gfExi(k: number): number {
  return gfInv(gfExp(k) ^ 1);
}

const rows: (Uint8Array | undefined)[] = [];

/** `raid6_gfmul[a]`: the products of `a` and every byte. */
export function gfProducts(a: number): Uint8Array {
  return (rows[a] ??= Uint8Array.from({ length: 256 }, (_, b) => gfMul(a, b)));
}

function powers(): Uint8Array {
  const table = new Uint8Array(ORDER);
  for (let i = 0, power = 1; i < ORDER; i++, power = gfDouble(power)) table[i] = power;
  return table;
}

function logarithms(): Uint8Array {
  const table = new Uint8Array(ORDER + 1);
  POWERS.forEach((power, exponent) => (table[power] = exponent));
  return table;
}
