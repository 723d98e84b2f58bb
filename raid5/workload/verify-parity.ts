import type { Disk } from '../disks/disk';
import { STRIPE_SIZE } from '../geometry';

/** The parity of every touched stripe, recomputed. */
export interface ParityVerdict {
  /** stripes of 4 KiB a member that were checked */
  readonly stripes: number;
  readonly mismatches: number;
  /** Member sectors of the first wrong stripes. */
  readonly wrong: readonly number[];
}

/**
 * Recomputes parity from what lies on the disks: for every stripe that any member holds a block of, all
 * members together must give zero, byte by byte. Shares nothing with engines, drivers or stripe handler.
 * A missing member makes parity unknowable; the caller then has nothing to ask.
 */
export function verifyParity(disks: readonly Disk[]): ParityVerdict {
  const sectors = touchedStripes(disks);
  const wrong: number[] = [];
  let mismatches = 0;
  const sum = new Uint8Array(STRIPE_SIZE);
  for (const sector of sectors) {
    sum.fill(0);
    for (const disk of disks) {
      const block = disk.media.peek(sector);
      if (block === undefined) continue;
      for (let i = 0; i < STRIPE_SIZE; i++) sum[i] ^= block[i];
    }
    if (sum.every((byte) => byte === 0)) continue;
    mismatches++;
    if (wrong.length < 16) wrong.push(sector);
  }
  return { stripes: sectors.length, mismatches, wrong };
}

/** Member sectors of all stripes that any member holds a block of, ascending. */
export function touchedStripes(disks: readonly Disk[]): number[] {
  const sectors = new Set<number>();
  for (const disk of disks) for (const sector of disk.media.writtenSectors()) sectors.add(sector);
  return [...sectors].sort((a, b) => a - b);
}
