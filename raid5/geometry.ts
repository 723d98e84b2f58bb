/** Where a block of the array lies on its members (semantics 4.14). */

/** RAID-5 layouts by md's number (LO-03). */
export const RAID5_LAYOUTS = {
  'left-asymmetric': 0,
  'right-asymmetric': 1,
  'left-symmetric': 2,
  'right-symmetric': 3,
} as const;
export type Raid5Layout = keyof typeof RAID5_LAYOUTS;

export const SECTOR = 512;
/** Bytes of one block of a stripe (R5-01). */
export const STRIPE_SIZE = 4096;
/** Sectors of one block of a stripe. */
export const STRIPE_SECTORS = STRIPE_SIZE / SECTOR;

/** A place on a member. */
export interface MemberPlace {
  readonly disk: number;
  /** sector on the member */
  readonly sector: number;
}

export class Geometry {
  readonly dataDisks: number;
  readonly chunkSectors: number;
  private readonly left: boolean;
  private readonly symmetric: boolean;

  /**
   * @param disks members of the array
   * @param chunkBytes a power of two, at least 4096
   */
  constructor(
    readonly disks: number,
    chunkBytes: number,
    readonly layout: Raid5Layout,
  ) {
    this.dataDisks = disks - 1;
    this.chunkSectors = chunkBytes / SECTOR;
    this.left = layout === 'left-symmetric' || layout === 'left-asymmetric';
    this.symmetric = layout === 'left-symmetric' || layout === 'right-symmetric';
  }

  /** The member that holds parity for this member sector. */
  parityDisk(memberSector: number): number {
    const turn = Math.floor(memberSector / this.chunkSectors) % this.disks;
    return this.left ? this.dataDisks - turn : turn;
  }

  /** Where a sector of the array lies (LO-01, LO-03). */
  place(arraySector: number): MemberPlace {
    const chunk = Math.floor(arraySector / this.chunkSectors);
    const stripe = Math.floor(chunk / this.dataDisks);
    const sector = stripe * this.chunkSectors + (arraySector % this.chunkSectors);
    return { disk: this.dataDisk(chunk % this.dataDisks, this.parityDisk(sector)), sector };
  }

  /** The inverse: which array sector a member sector holds; undefined for parity (LO-07). */
  arraySector(disk: number, memberSector: number): number | undefined {
    const parity = this.parityDisk(memberSector);
    if (disk === parity) return undefined;
    const index = this.symmetric ? (disk - parity - 1 + this.disks) % this.disks : disk - (disk > parity ? 1 : 0);
    const stripe = Math.floor(memberSector / this.chunkSectors);
    return (stripe * this.dataDisks + index) * this.chunkSectors + (memberSector % this.chunkSectors);
  }

  /** Sectors each member needs for an array of this many bytes, whole chunks. */
  memberSectors(arrayBytes: number): number {
    return Math.ceil(arrayBytes / SECTOR / (this.chunkSectors * this.dataDisks)) * this.chunkSectors;
  }

  private dataDisk(index: number, parity: number): number {
    return this.symmetric ? (parity + 1 + index) % this.disks : index + (index >= parity ? 1 : 0);
  }
}
