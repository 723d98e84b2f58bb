import { SECTOR, STRIPE_SIZE } from '../geometry';

const SLAB_BLOCKS = 256;
const BLOCK_SECTORS = STRIPE_SIZE / SECTOR;

/** What a disk holds, host-side, in blocks of 4 KiB; sectors are multiples of 8. */
export interface Media {
  /** Copies one block out. */
  readBlock(sector: number, into: Uint8Array, offset: number): void;
  /** Copies one block in. */
  writeBlock(sector: number, from: Uint8Array, offset: number): void;
  /** The block as verification looks at it, undefined when it was never written. */
  peek(sector: number): Uint8Array | undefined;
  /** Sectors of all blocks that were ever written. */
  writtenSectors(): Iterable<number>;
}

/** Media in memory: sparse. A block never written reads as zeros and takes no memory. */
export class SparseMedia implements Media {
  private readonly blocks = new Map<number, Uint8Array>();
  private slab = new Uint8Array(0);
  private slabUsed = 0;

  readBlock(sector: number, into: Uint8Array, offset: number): void {
    const block = this.blocks.get(sector / BLOCK_SECTORS);
    if (block === undefined) into.fill(0, offset, offset + STRIPE_SIZE);
    else into.set(block, offset);
  }

  writeBlock(sector: number, from: Uint8Array, offset: number): void {
    const index = sector / BLOCK_SECTORS;
    const block = this.blocks.get(index) ?? this.allocate(index);
    block.set(from.subarray(offset, offset + STRIPE_SIZE));
  }

  /** The block itself. */
  peek(sector: number): Uint8Array | undefined {
    return this.blocks.get(sector / BLOCK_SECTORS);
  }

  /** In the order of first writing. */
  *writtenSectors(): Generator<number, void, void> {
    for (const index of this.blocks.keys()) yield index * BLOCK_SECTORS;
  }

  private allocate(index: number): Uint8Array {
    if (this.slabUsed === this.slab.length) {
      this.slab = new Uint8Array(SLAB_BLOCKS * STRIPE_SIZE);
      this.slabUsed = 0;
    }
    const block = this.slab.subarray(this.slabUsed, this.slabUsed + STRIPE_SIZE);
    this.slabUsed += STRIPE_SIZE;
    this.blocks.set(index, block);
    return block;
  }
}

/** What a medium holds from a sector on, without what lies before: the data of a member without its metadata. */
export class DataMedia implements Media {
  /** @param first sector where it begins, a multiple of 8 */
  constructor(
    private readonly whole: Media,
    private readonly first: number,
  ) {}

  readBlock(sector: number, into: Uint8Array, offset: number): void {
    this.whole.readBlock(this.first + sector, into, offset);
  }

  writeBlock(sector: number, from: Uint8Array, offset: number): void {
    this.whole.writeBlock(this.first + sector, from, offset);
  }

  peek(sector: number): Uint8Array | undefined {
    return this.whole.peek(this.first + sector);
  }

  *writtenSectors(): Iterable<number> {
    for (const sector of this.whole.writtenSectors()) if (sector >= this.first) yield sector - this.first;
  }
}
