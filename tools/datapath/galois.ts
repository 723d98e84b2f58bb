/** Arithmetic in GF(2^8) mod x^8 + x^4 + x^3 + x^2 + 1 (0x11D, hw-iop13xx 4.9), sixteen bytes at a time. */
import { and, get, range, set, splat, VECTOR, xor, ZERO } from './wat';

/** What 0x11D leaves of x^8. */
const POLYNOMIAL = splat(0x1d);

/**
 * Twice the vector in a local: shifted by an addition, reduced where the top bit was set. The comparison makes the mask
 * because an arithmetic shift of bytes has to be emulated on x86 (reference/performance).
 */
export const doubled = (local: string): string =>
  xor(`(i8x16.add ${get(local)} ${get(local)})`, and(`(i8x16.gt_s ${ZERO} ${get(local)})`, POLYNOMIAL));

/** 0xff in the lanes whose number has the bit set. */
const lanesWith = (bit: number): string =>
  `(v128.const i8x16 ${range(VECTOR)
    .map((lane) => ((lane >> bit) & 1 ? 255 : 0))
    .join(' ')})`;

/** The locals of `prepareTables`. */
export const TABLE_LOCALS = ['low', 'high', 'power'] as const;

/**
 * Makes two tables of 16 products from an i32, the multiplier m: lane k of `low` is m ⊗ k, lane k of `high` is
 * m ⊗ 16k. Built from the eight products m ⊗ 2^bit.
 */
export const prepareTables = (multiplier: string): string =>
  [
    set('power', `(i8x16.splat ${multiplier})`),
    ...range(8).flatMap((bit) => {
      const table = bit < 4 ? 'low' : 'high';
      const part = and(get('power'), lanesWith(bit % 4));
      return [
        ...(bit > 0 ? [set('power', doubled('power'))] : []),
        set(table, bit % 4 === 0 ? part : xor(get(table), part)),
      ];
    }),
  ].join('\n');

const NIBBLE = splat(15);

/** The vector in a local times the multiplier the tables were made for. */
export const multiplied = (local: string): string =>
  xor(
    `(i8x16.swizzle ${get('low')} ${and(get(local), NIBBLE)})`,
    `(i8x16.swizzle ${get('high')} ${and(`(i16x8.shr_u ${get(local)} (i32.const 4))`, NIBBLE)})`,
  );
