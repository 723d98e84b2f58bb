import { SECTOR, STRIPE_SIZE } from '../geometry';

const SLAB_BLOCKS = 256;
const BLOCK_SECTORS = STRIPE_SIZE / SECTOR;

/**
 * What a disk holds: sparse, host-side, blocks of 4 KiB. A block never written reads as zeros and takes no
 * memory.
 */
export class Media {
  private readonly blocks = new Map<number, Uint8Array>();
  private slab = new Uint8Array(0);
  private slabUsed = 0;

  /** Copies one block out; `sector` is a multiple of 8. */
  readBlock(sector: number, into: Uint8Array, offset: number): void {
    const block = this.blocks.get(sector / BLOCK_SECTORS);
    if (block === undefined) into.fill(0, offset, offset + STRIPE_SIZE);
    else into.set(block, offset);
  }

  /** Copies one block in; `sector` is a multiple of 8. */
  writeBlock(sector: number, from: Uint8Array, offset: number): void {
    const index = sector / BLOCK_SECTORS;
    const block = this.blocks.get(index) ?? this.allocate(index);
    block.set(from.subarray(offset, offset + STRIPE_SIZE));
  }

  /** The block itself, undefined when it was never written. */
  peek(sector: number): Uint8Array | undefined {
    return this.blocks.get(sector / BLOCK_SECTORS);
  }

  /** Sectors of all blocks ever written, in the order of first writing. */
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
