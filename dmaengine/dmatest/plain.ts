/**
 * What sums have to be, from their definitions, on host copies of the operands. Shares nothing with the engines'
 * datapath, the driver stack or the software path: it judges all three.
 */
import type { SeededRandom } from '../../emulator/sim/random';
import type { WrongBytes } from './thread';

/** Mismatches reported in full; the rest are counted. */
const MAX_ERROR_COUNT = 32;

/** The product in GF(2^8) modulo 0x11d (PQ-01): shift, add, reduce, bit by bit. */
export function gfTimes(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) if ((b >> bit) & 1) product ^= a << bit;
  for (let bit = 14; bit >= 8; bit--) if ((product >> bit) & 1) product ^= 0x11d << (bit - 8);
  return product;
}

/** 2^exponent. */
export function gfPowerOfTwo(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power = gfTimes(power, 2);
  return power;
}

/** The XOR of byte strings of one length. */
export function plainXor(parts: readonly Uint8Array[], length: number): Uint8Array {
  const sum = new Uint8Array(length);
  for (const part of parts) for (let i = 0; i < length; i++) sum[i] ^= part[i];
  return sum;
}

/** The sum of coefficient times byte string. */
export function plainWeighted(
  parts: readonly Uint8Array[],
  coefficients: readonly number[],
  length: number,
): Uint8Array {
  const sum = new Uint8Array(length);
  parts.forEach((part, index) => {
    const products = Uint8Array.from({ length: 256 }, (_, byte) => gfTimes(coefficients[index], byte));
    for (let i = 0; i < length; i++) sum[i] ^= products[part[i]];
  });
  return sum;
}

/** Fills with bytes of the generator. */
export function fillRandom(bytes: Uint8Array, random: SeededRandom): void {
  for (let i = 0; i < bytes.length; i += 4) {
    const word = random.next();
    for (let k = 0; k < 4 && i + k < bytes.length; k++) bytes[i + k] = word >>> (8 * k);
  }
}

/** Collects wrong bytes over all buffers of one test. */
export class Comparison implements WrongBytes {
  readonly mismatches: { readonly text: string }[] = [];
  suppressed = 0;

  /** @param complaint what to call byte `at` of the buffer if it is wrong: `P[0x10] wrong` */
  same(actual: Uint8Array, expected: Uint8Array, complaint: (at: number, place: string) => string): void {
    for (let at = 0; at < expected.length; at++) {
      if (actual[at] === expected[at]) continue;
      if (this.mismatches.length === MAX_ERROR_COUNT) this.suppressed++;
      else {
        const text = complaint(at, `[0x${at.toString(16)}]`);
        this.mismatches.push({ text: `${text}! Expected ${hex(expected[at])}, got ${hex(actual[at])}` });
      }
    }
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
