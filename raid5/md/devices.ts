/** Devices before they belong to a running array. */
import type { Disk } from '../disks/disk';
import type { Media } from '../disks/media';
import { SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import type { MemberDisk } from '../superblock/assemble';

/** A disk that may belong to an array. One medium holds the whole device: superblock, bitmap, data. */
export interface Device {
  readonly disk: Disk;
  readonly sectors: number;
}

/** Reads sectors of a medium from the host side, as assembly does before there is an array. */
export function readMedia(media: Media, sector: number, count: number): Uint8Array {
  const first = sector - (sector % STRIPE_SECTORS);
  const blocks = Math.ceil((sector + count - first) / STRIPE_SECTORS);
  const bytes = new Uint8Array(blocks * STRIPE_SIZE);
  for (let i = 0; i < blocks; i++) media.readBlock(first + i * STRIPE_SECTORS, bytes, i * STRIPE_SIZE);
  return bytes.slice((sector - first) * SECTOR, (sector - first + count) * SECTOR);
}

/** The device as assembly sees it. */
export class MediaDisk implements MemberDisk {
  constructor(readonly device: Device) {}

  get name(): string {
    return this.device.disk.name;
  }

  get sectors(): number {
    return this.device.sectors;
  }

  read(sector: number, count: number): Uint8Array | undefined {
    return sector + count > this.sectors ? undefined : readMedia(this.device.disk.media, sector, count);
  }
}
