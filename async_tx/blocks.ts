import type { SpanList } from './spans';
import type { PageSpan } from './sync/page-access';

/** Most entries of a block list: one slot for each power of 2 in GF(2^8), P and Q included (PQ-02). */
export const MAX_DISKS = 255;

/**
 * The blocks of one RAID-6 stripe: data by slot, then P, then Q (PQ-02). A hole among the data is a block of
 * zeroes that keeps its slot; a missing P or Q is not wanted.
 */
export type BlockList = SpanList;

/** What a block list is made of. */
export interface Stripe {
  readonly data: BlockList;
  readonly p: PageSpan | undefined;
  readonly q: PageSpan | undefined;
}

export function stripeOf(blocks: BlockList): Stripe {
  const slots = blocks.length - 2;
  return { data: blocks.slice(0, slots), p: blocks[slots], q: blocks[slots + 1] };
}
