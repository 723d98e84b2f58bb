import type { R5Dev } from 'iop-adma';
import { R5 } from 'iop-adma';

/** Whether a way of writing needs the old contents of a block. */
export type Needs = (dev: R5Dev, parity: boolean) => boolean;

export const needs: { readonly rmw: Needs; readonly rcw: Needs } = {
  /** Read-modify-write: the old is taken out of the parity, the new put in. */
  rmw: (dev) => dev.towrite.length > 0,
  /** Reconstruct-write: the parity is summed up from all data as they will be. */
  rcw: (dev) => !dev.has(R5.OVERWRITE),
};

/** Your predictions, for blocks written as a whole and an empty cache, at rmw_level 1; null is no answer. */
export const predictions = {
  /** RAID-5 of 8 members, two blocks of a stripe are written: how many blocks are read? */
  readsForTwoOfSeven: null as number | null,
  /** RAID-5 of 4 members, one block is written, which costs two reads either way: 'rmw' or 'rcw'? */
  wayOfATie: null as string | null,
  /** RAID-6 of 7 members, one block is written: how many blocks are read? */
  readsOnRaid6: null as number | null,
  /** … and how many when the same block is written once more, right afterwards? */
  readsOnceMore: null as number | null,
};
