/** A disk image as the medium of an emulated disk: what the disk writes is in the file at once. */
import type { Media } from '../../raid5/disks/media';
import { SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../../raid5/geometry';
import { SUPER_SECTOR } from '../../raid5/superblock/layout';
import type { BlockFile } from './block-file';

export class ImageMedia implements Media {
  constructor(private readonly file: BlockFile) {}

  readBlock(sector: number, into: Uint8Array, offset: number): void {
    into.set(this.block(sector), offset);
  }

  /** A superblock goes out whole, after everything that it speaks of is safe on the host's disk. */
  writeBlock(sector: number, from: Uint8Array, offset: number): void {
    const bytes = from.slice(offset, offset + STRIPE_SIZE);
    if (sector === SUPER_SECTOR) this.file.writeSuperblock(bytes);
    else this.file.write(sector, bytes.subarray(0, SECTOR * Math.min(STRIPE_SECTORS, this.file.sectors - sector)));
  }

  /** A file does not say what was ever written: what is all zeros counts as never written. */
  peek(sector: number): Uint8Array | undefined {
    const block = this.block(sector);
    return block.some((byte) => byte !== 0) ? block : undefined;
  }

  *writtenSectors(): Iterable<number> {
    for (let sector = 0; sector < this.file.sectors; sector += STRIPE_SECTORS) {
      if (this.peek(sector) !== undefined) yield sector;
    }
  }

  /** A file may end inside a block; behind its end are zeros. */
  private block(sector: number): Uint8Array {
    const there = Math.min(STRIPE_SECTORS, this.file.sectors - sector);
    const bytes = this.file.read(sector, there)!;
    if (there === STRIPE_SECTORS) return bytes;
    const block = new Uint8Array(STRIPE_SIZE);
    block.set(bytes);
    return block;
  }
}
