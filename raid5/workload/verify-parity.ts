import type { Disk } from '../disks/disk';
import type { Geometry } from '../geometry';
import { STRIPE_SIZE } from '../geometry';

/** The parity of every touched stripe, recomputed. */
export interface ParityVerdict {
  /** stripes of 4 KiB a member that were checked */
  readonly stripes: number;
  readonly mismatches: number;
  /** Member sectors of the first wrong stripes. */
  readonly wrong: readonly number[];
}

type Block = Uint8Array | undefined;

/**
 * Recomputes P and Q from what lies on the disks, byte by byte, for every stripe that any member holds a block of.
 * Shares nothing with engines, drivers, the software path or the stripe handler. A block never written is zeros.
 * @param missing members whose disks say nothing, fewer than the level survives: what is left still has to agree
 */
export function verifyParity(
  disks: readonly Pick<Disk, 'media'>[],
  geometry: Geometry,
  missing: readonly number[] = [],
): ParityVerdict {
  const sectors = touchedStripes(disks);
  const wrong = sectors.filter((sector) => {
    const blocks = disks.map(({ media }) => media.peek(sector));
    return !agrees(blocks, sector, geometry, missing);
  });
  return { stripes: sectors.length, mismatches: wrong.length, wrong: wrong.slice(0, 16) };
}

/** Whether P and Q say the same as the data, as far as both can be known. */
function agrees(blocks: Block[], sector: number, geometry: Geometry, missing: readonly number[]): boolean {
  const { parity, q } = geometry.row(sector);
  const known = blocks.map((block, disk) => (missing.includes(disk) ? undefined : block));
  const lost = missing.find((disk) => disk !== q);
  const sum = xorOf(known.filter((_, disk) => disk !== q));
  if (lost === undefined && sum.some((byte) => byte !== 0)) return false;
  if (q < 0 || missing.includes(q)) return true;
  if (lost !== undefined) known[lost] = sum;
  const syndrome = qOf(syndromeOrder(geometry, parity, q).map((disk) => (disk < 0 ? undefined : known[disk])));
  return syndrome.every((byte, i) => byte === (known[q]?.[i] ?? 0));
}

/** Members in the order of their powers of two, from 0 on; -1 where DDF leaves a place empty (OP-15). */
function syndromeOrder({ disks, layout }: Geometry, parity: number, q: number): number[] {
  const all = Array.from({ length: disks }, (_, i) => i);
  if (layout.startsWith('ddf')) return all.map((disk) => (disk === parity || disk === q ? -1 : disk));
  return all.map((i) => (q + 1 + i) % disks).filter((disk) => disk !== parity && disk !== q);
}

function xorOf(blocks: readonly Block[]): Uint8Array {
  const sum = new Uint8Array(STRIPE_SIZE);
  for (const block of blocks) if (block !== undefined) for (let i = 0; i < STRIPE_SIZE; i++) sum[i] ^= block[i];
  return sum;
}

/** Sum of 2^i times block i in GF(2^8) with x^8 = x^4 + x^3 + x^2 + 1 (PQ-01). */
function qOf(blocks: readonly Block[]): Uint8Array {
  const sum = new Uint8Array(STRIPE_SIZE);
  for (const block of [...blocks].reverse()) {
    for (let i = 0; i < STRIPE_SIZE; i++) {
      const doubled = sum[i] & 0x80 ? (sum[i] << 1) ^ 0x11d : sum[i] << 1;
      sum[i] = doubled ^ (block?.[i] ?? 0);
    }
  }
  return sum;
}

/** Member sectors of all stripes that any member holds a block of, ascending. */
export function touchedStripes(disks: readonly Pick<Disk, 'media'>[]): number[] {
  const sectors = new Set<number>();
  for (const disk of disks) for (const sector of disk.media.writtenSectors()) sectors.add(sector);
  return [...sectors].sort((a, b) => a - b);
}
