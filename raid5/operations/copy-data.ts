import type { AsyncTx, AsyncTxResult } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { Bio } from '../bio';
import { SECTOR, STRIPE_SECTORS } from '../geometry';

/**
 * `async_copy_data`: copies between a request and the block of a stripe at array sector `sector`, one copy
 * for each page of the request that takes part, all on one chain.
 * @param fromBio true to drain a write into the stripe, false to fill a read from it
 */
export function asyncCopyData(
  api: AsyncTx,
  fromBio: boolean,
  bio: Bio,
  page: Page,
  sector: number,
  dependTx: AsyncTxResult,
): AsyncTxResult {
  const first = Math.max(bio.sector, sector);
  const last = Math.min(bio.end, sector + STRIPE_SECTORS);
  const submit = initAsyncSubmit(fromBio ? AsyncTxFlags.FENCE : 0, dependTx);
  let tx = dependTx;
  let position = (first - bio.sector) * SECTOR;
  let offset = (first - sector) * SECTOR;
  let left = (last - first) * SECTOR;
  while (left > 0) {
    const piece = bio.at(position);
    const length = Math.min(left, PAGE_SIZE - piece.offset);
    tx = fromBio
      ? asyncMemcpy(api, page, piece.page, offset, piece.offset, length, submit)
      : asyncMemcpy(api, piece.page, page, piece.offset, offset, length, submit);
    submit.dependTx = tx;
    position += length;
    offset += length;
    left -= length;
  }
  return tx;
}
