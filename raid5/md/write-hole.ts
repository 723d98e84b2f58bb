/** What an array that is both dirty and degraded may have lost (RU-01). */
import type { Geometry } from '../geometry';
import { STRIPE_SECTORS } from '../geometry';
import type { Assembly } from '../superblock/assemble';
import { isRebuilding } from '../superblock/assemble';
import { isDirty } from '../superblock/bitmap';

/** A run of array sectors. */
export interface ArraySectors {
  readonly sector: number;
  readonly sectors: number;
}

/**
 * The write hole: a stripe that was being written when the power failed may have new data and old parity, or the other
 * way round, and a block of it that is on no member any more is computed from both. Names the array sectors of missing
 * members in every stripe that may have been written, in the order of their stripes; written and acknowledged or not,
 * they may hold neither old nor new.
 * @param size sectors of a member that the array uses
 */
export function* writeHole(assembly: Assembly, geometry: Geometry, size: number): Generator<ArraySectors, void, void> {
  const missing = assembly.places.flatMap((member, place) =>
    member === undefined || isRebuilding(member) ? [place] : [],
  );
  for (let sector = Number(assembly.resyncOffset); sector < size; sector += STRIPE_SECTORS) {
    if (!mayBeWritten(assembly, sector)) continue;
    for (const place of missing) {
      const lost = geometry.arraySector(place, sector);
      if (lost !== undefined) yield { sector: lost, sectors: STRIPE_SECTORS };
    }
  }
}

function mayBeWritten({ bitmap, bitmapStale }: Assembly, sector: number): boolean {
  if (bitmap === undefined || bitmapStale) return true;
  return isDirty(bitmap, Math.floor((sector * 512) / bitmap.super.chunksize));
}
