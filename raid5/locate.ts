/**
 * Who lies: the algorithm of raid6check on one stripe, from what stands on the members (oracle 1.8). It shares nothing
 * with engines, software path or stripe handler. One wrong block of a RAID-6 stripe leaves in P's sum its difference
 * and in Q's sum the same times its power of two, so that the two say which block it is.
 */
import type { Geometry } from './geometry';
import { STRIPE_SIZE } from './geometry';

/** What a stripe says about its members; raid6check's codes are -255, slot or parity, and -65535. */
export type Suspicion =
  | { readonly kind: 'none' }
  /** One member whose change alone explains every byte. */
  | { readonly kind: 'member'; readonly disk: number }
  /** Something is wrong, and no single member explains it; on RAID-4 and 5 none ever can. */
  | { readonly kind: 'unknown' };

/** Powers of two in GF(2^8) until they repeat. */
const ORDER = 255;
const LOG = new Uint8Array(256);
for (let exponent = 0, power = 1; exponent < ORDER; exponent++) {
  LOG[power] = exponent;
  power = power & 0x80 ? (power << 1) ^ 0x11d : power << 1;
}

/**
 * @param sector member sector of the stripe
 * @param blocks what each member holds there; undefined for zeros
 */
export function locate(geometry: Geometry, sector: number, blocks: readonly (Uint8Array | undefined)[]): Suspicion {
  const { parity, q, slots } = geometry.row(sector);
  let suspect: number | undefined;
  for (let i = 0; i < STRIPE_SIZE; i++) {
    let differenceP = 0;
    let differenceQ = 0;
    for (let disk = 0; disk < geometry.disks; disk++) {
      const byte = blocks[disk]?.[i] ?? 0;
      if (disk !== q) differenceP ^= byte;
      if (q >= 0 && disk !== parity) differenceQ ^= disk === q ? byte : timesPowerOfTwo(byte, slots[disk]);
    }
    if (differenceP === 0 && differenceQ === 0) continue;
    const points = q < 0 ? -1 : culprit(differenceP, differenceQ, geometry, sector);
    if (points < 0 || (suspect ?? points) !== points) return { kind: 'unknown' };
    suspect = points;
  }
  return suspect === undefined ? { kind: 'none' } : { kind: 'member', disk: suspect };
}

/** The member that one byte's differences point to, -1 for none. */
function culprit(differenceP: number, differenceQ: number, geometry: Geometry, sector: number): number {
  const { parity, q, slots, index } = geometry.row(sector);
  if (differenceQ === 0) return parity;
  if (differenceP === 0) return q;
  const slot = (LOG[differenceQ] - LOG[differenceP] + ORDER) % ORDER;
  return slots.findIndex((at, disk) => at === slot && index[disk] >= 0);
}

function timesPowerOfTwo(byte: number, exponent: number): number {
  let product = byte;
  for (let i = 0; i < exponent; i++) product = product & 0x80 ? (product << 1) ^ 0x11d : product << 1;
  return product;
}
