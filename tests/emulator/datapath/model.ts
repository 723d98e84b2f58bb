/**
 * What the datapath has to compute, bit by bit and byte by byte from the definitions in reference/hw-iop13xx: slow,
 * obvious, and sharing nothing with the code under test.
 */

/** The product of polynomials over GF(2), then the remainder modulo 0x11D (4.9). */
export function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) if ((b >> bit) & 1) product ^= a << bit;
  for (let bit = 14; bit >= 8; bit--) if ((product >> bit) & 1) product ^= 0x11d << (bit - 8);
  return product;
}

/** 2^exponent. */
export function powerOfTwo(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power = times(power, 2);
  return power;
}

/**
 * The shift register of 4.8: the generator 0x1EDC6F41, most significant bit first, fed with the least significant bit of
 * each byte first. Its customary face is mirrored, so it is mirrored on the way in and out.
 */
export function crcRegister(register: number, data: Iterable<number>): number {
  let shift = mirrored(register);
  for (const byte of data) {
    for (let bit = 0; bit < 8; bit++) {
      const feedback = (shift >>> 31) ^ ((byte >> bit) & 1);
      shift = (shift << 1) ^ (feedback ? 0x1edc_6f41 : 0);
    }
  }
  return mirrored(shift);
}

function mirrored(word: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) result |= 1 << (31 - bit);
  return result >>> 0;
}

/** The XOR of byte i of all sources. */
export function sumAt(memory: Uint8Array, sources: readonly number[], i: number): number {
  return sources.reduce((sum, source) => sum ^ memory[source + i], 0);
}

/** The sum of multiplier ⊗ byte i over all sources. */
export function weightedAt(
  memory: Uint8Array,
  sources: readonly number[],
  multipliers: readonly number[],
  i: number,
): number {
  return sources.reduce((sum, source, s) => sum ^ times(multipliers[s], memory[source + i]), 0);
}
