/** Where a block of the array lies on its members (semantics 4.14). */
import type { LayoutName, Level, Row } from './layouts';
import { placementOf, rowsOf } from './layouts';

export const SECTOR = 512;
/** Bytes of one block of a stripe (R5-01). */
export const STRIPE_SIZE = 4096;
/** Sectors of one block of a stripe. */
export const STRIPE_SECTORS = STRIPE_SIZE / SECTOR;

/** Members that hold parity in a stripe: as many may be missing without loss of data. */
export const PARITY_DISKS: Readonly<Record<Level, 1 | 2>> = { 4: 1, 5: 1, 6: 2 };

/** Fewest members of an array (RU-01; the limit of levels 4 and 5 is mdadm's). */
export const LEAST_DISKS: Readonly<Record<Level, number>> = { 4: 2, 5: 2, 6: 4 };

/** A place on a member. */
export interface MemberPlace {
  readonly disk: number;
  /** sector on the member */
  readonly sector: number;
}

export class Geometry {
  /** Members that may be missing without loss of data. */
  readonly maxDegraded: 1 | 2;
  readonly dataDisks: number;
  readonly chunkSectors: number;
  /** The layout repeats after these. */
  private readonly rows: readonly Row[];

  /**
   * @param disks members of the array, at least `LEAST_DISKS`
   * @param chunkBytes a power of two, at least 4096
   * @throws RangeError for too few members, or a layout that the level does not have
   */
  constructor(
    readonly level: Level,
    readonly disks: number,
    chunkBytes: number,
    readonly layout: LayoutName,
  ) {
    const placement = placementOf(level, layout);
    if (placement === undefined) throw new RangeError(`RAID-${level} has no layout ${layout}`);
    if (disks < LEAST_DISKS[level]) throw new RangeError(`RAID-${level} needs ${LEAST_DISKS[level]} members`);
    this.maxDegraded = PARITY_DISKS[level];
    this.dataDisks = disks - this.maxDegraded;
    this.chunkSectors = chunkBytes / SECTOR;
    this.rows = rowsOf(placement, disks);
  }

  /** Who holds what at this member sector. */
  row(memberSector: number): Row {
    return this.rows[Math.floor(memberSector / this.chunkSectors) % this.rows.length];
  }

  /** Where a sector of the array lies (LO-01 … LO-06). */
  place(arraySector: number): MemberPlace {
    const chunk = Math.floor(arraySector / this.chunkSectors);
    const stripe = Math.floor(chunk / this.dataDisks);
    const sector = stripe * this.chunkSectors + (arraySector % this.chunkSectors);
    return { disk: this.row(sector).data[chunk % this.dataDisks], sector };
  }

  /** The inverse: which array sector a member sector holds; undefined for parity (LO-07). */
  arraySector(disk: number, memberSector: number): number | undefined {
    const index = this.row(memberSector).index[disk];
    if (index < 0) return undefined;
    const stripe = Math.floor(memberSector / this.chunkSectors);
    return (stripe * this.dataDisks + index) * this.chunkSectors + (memberSector % this.chunkSectors);
  }

  /** Sectors each member needs for an array of this many bytes, whole chunks. */
  memberSectors(arrayBytes: number): number {
    return Math.ceil(arrayBytes / SECTOR / (this.chunkSectors * this.dataDisks)) * this.chunkSectors;
  }
}
