/** Which pages an operation works on. */
import type { AsyncTx, AsyncTxResult } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import type { AsyncSubmit } from '../../async_tx/submit';
import type { PageSpan } from '../../async_tx/sync/page-access';
import { asyncXor } from '../../async_tx/xor';
import type { Page } from '../../emulator/kernel/pages';
import { STRIPE_SIZE } from '../geometry';
import type { R5Dev, StripeHead } from '../stripe/stripe-head';

/** Pages of the chosen blocks, last member first. */
export function pagesOf(stripe: StripeHead, wanted: (disk: number, dev: R5Dev) => boolean): Page[] {
  const list: Page[] = [];
  for (let disk = stripe.disks - 1; disk >= 0; disk--) {
    const dev = stripe.dev[disk];
    if (wanted(disk, dev)) list.push(dev.page);
  }
  return list;
}

/** `set_syndrome_sources` (OP-15): the chosen data blocks in their slots, the others holes, then P and Q. */
export function syndromeSources(stripe: StripeHead, wanted: (dev: R5Dev) => boolean): (PageSpan | undefined)[] {
  const blocks = new Array<PageSpan | undefined>(stripe.slots[stripe.qdIdx] + 1).fill(undefined);
  stripe.dev.forEach((dev, disk) => {
    if (stripe.isParity(disk) || wanted(dev)) blocks[stripe.slots[disk]] = { page: dev.page, offset: 0 };
  });
  return blocks;
}

/** All data blocks, P and Q. */
export function wholeSyndrome(stripe: StripeHead): (PageSpan | undefined)[] {
  return syndromeSources(stripe, () => true);
}

/** The XOR of the sources; of a single one it is a copy. */
export function xorOrCopy(api: AsyncTx, dest: Page, sources: readonly Page[], submit: AsyncSubmit): AsyncTxResult {
  if (sources.length === 1) return asyncMemcpy(api, dest, sources[0], 0, 0, STRIPE_SIZE, submit);
  return asyncXor(api, dest, sources, 0, STRIPE_SIZE, submit);
}
