/** Media of the test world, and what is written on them: every sector carries the number of the write that filled it. */
import { SparseMedia } from '../../../raid5/disks/media';

/** Where mdadm lets the data of a small device start. */
export const DATA = 2048;

/** A medium that tells a test about every write. */
export class WatchedMedia extends SparseMedia {
  onWrite: ((sector: number) => void) | undefined;

  override writeBlock(sector: number, from: Uint8Array, offset: number): void {
    super.writeBlock(sector, from, offset);
    this.onWrite?.(sector);
  }
}

/** The data of a member without what lies before them. */
export class DataOf extends SparseMedia {
  constructor(private readonly device: SparseMedia) {
    super();
  }

  override peek(sector: number): Uint8Array | undefined {
    return this.device.peek(DATA + sector);
  }

  override *writtenSectors(): Generator<number, void, void> {
    for (const sector of this.device.writtenSectors()) if (sector >= DATA) yield sector - DATA;
  }
}

export function contentOf(sector: number, version: number, at: number): number {
  if (version === 0) return 0;
  if (at === 0) return version;
  const x = Math.imul(version, 0x9e37_79b1) + Math.imul(sector + 1, 0x85eb_ca6b) + Math.imul(at, 0xc2b2_ae35);
  return (x ^ (x >>> 13)) >>> 0;
}

export function fill(words: Uint32Array, sector: number, version: number): void {
  for (let at = 0; at < words.length; at++) words[at] = contentOf(sector, version, at);
}
