import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { Dram } from '../../emulator/memory/dram';
import { SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import type { PieceRequest } from './disk';
import type { Media } from './media';

const block = new Uint8Array(STRIPE_SIZE);

/** Brings sectors of a medium to their place in a request, whatever edges of blocks and pages they cross. */
export function readPiece(media: Media, { sector, sectors, bio, offset }: PieceRequest, dram: Dram): void {
  const bytes = sectors * SECTOR;
  let done = 0;
  while (done < bytes) {
    const position = sector * SECTOR + done;
    const skipped = position % STRIPE_SIZE;
    const to = bio.at(offset + done);
    const length = Math.min(STRIPE_SIZE - skipped, PAGE_SIZE - to.offset, bytes - done);
    const at = to.page.address + to.offset - dram.base;
    const first = ((position - skipped) / STRIPE_SIZE) * STRIPE_SECTORS;
    if (length === STRIPE_SIZE) {
      media.readBlock(first, dram.bytes, at);
    } else {
      media.readBlock(first, block, 0);
      dram.bytes.set(block.subarray(skipped, skipped + length), at);
    }
    done += length;
  }
}
