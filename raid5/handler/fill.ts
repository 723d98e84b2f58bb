/** Which blocks to read or to compute (semantics 4.6). */
import { OP, R5, STRIPE } from '../stripe/flags';
import type { R5Dev, StripeHead } from '../stripe/stripe-head';
import type { ArrayView, StripeState } from './state';

/** A block and what is around it. */
export interface Block {
  readonly stripe: StripeHead;
  readonly state: StripeState;
  readonly view: ArrayView;
  readonly disk: number;
  readonly dev: R5Dev;
  /** The blocks of the first two failed members. */
  readonly failed: readonly R5Dev[];
}

/** `handle_stripe_fill` (FI-01): not while the contents are being computed, checked or changed. */
export function handleFill(stripe: StripeHead, state: StripeState, view: ArrayView): void {
  if (!stripe.has(STRIPE.COMPUTE_RUN) && stripe.checkState === 'idle' && stripe.reconstructState === 'idle') {
    const failed = state.failedNum.filter((disk) => disk >= 0).map((disk) => stripe.dev[disk]);
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      if (fetchBlock({ stripe, state, view, disk, dev: stripe.dev[disk], failed })) break;
    }
  }
  stripe.set(STRIPE.HANDLE);
}

/** Asks for blocks to be made from the others (FI-06). */
export function requestCompute(stripe: StripeHead, state: StripeState, targets: readonly number[]): void {
  stripe.set(STRIPE.COMPUTE_RUN);
  for (const disk of targets) stripe.dev[disk].set(R5.Wantcompute);
  stripe.targets = targets;
  state.ops |= OP.COMPUTE;
  state.uptodate += targets.length;
}

/** FI-02: any of these makes a block needed that is neither here nor on its way. */
const NEEDED: readonly ((block: Block) => boolean)[] = [
  ({ dev }) => dev.toread.length > 0,
  ({ dev }) => isPartial(dev),
  ({ state }) => state.syncing,
  ({ failed }) => failed.some((other) => other.toread.length > 0),
  (block) => block.view.steps.neededForDegradedWrite(block),
];

/**
 * FI-03: neither way of writing may be possible as long as a failed member's block is unknown. Reading for it is as
 * patient as other reads before a write.
 */
export function neededForDegradedWrite({ stripe, state, view, dev, failed }: Block): boolean {
  if (state.failed === 0 || state.toWrite === 0) return false;
  if (dev.has(R5.Insync) && !stripe.has(STRIPE.PREREAD_ACTIVE)) return false;
  const unknown = failed.filter((other) => !other.has(R5.UPTODATE));
  if (unknown.some(isPartial)) return true;
  const [p, q] = [stripe.dev[stripe.pdIdx], stripe.dev[stripe.qdIdx]];
  const forcedRcw =
    view.rmwLevel === 0 ||
    stripe.sector >= view.recoveryCp ||
    (state.failed >= 2 && unknown.some((other) => other.towrite.length > 0 || other === p || other === q));
  return forcedRcw && unknown.some((other) => other !== p && other !== q && !other.has(R5.OVERWRITE));
}

/**
 * Whether the last block that is missing is computed. One that can be read is not, or a check would compare what is
 * computed with what is computed (FI-05); P of a RAID-6 is, because P was trusted before.
 */
export function mayCompute({ stripe, state, disk }: Block): boolean {
  return state.failedNum.includes(disk) || (stripe.qdIdx >= 0 && disk === stripe.pdIdx);
}

/** FI-04: how a needed block comes here; the first row that fits. */
const WAYS: readonly { readonly when: (block: Block) => boolean; readonly take: (block: Block) => void }[] = [
  {
    when: (block) => block.state.uptodate === block.stripe.disks - 1 && block.view.steps.mayCompute(block),
    take: ({ stripe, state, disk }) => compute(stripe, state, [disk]),
  },
  {
    when: ({ stripe, state }) => state.uptodate === stripe.disks - 2 && state.failed >= 2,
    take: ({ stripe, state, disk }) => {
      const other = stripe.dev.findLastIndex((dev, i) => i !== disk && !dev.has(R5.UPTODATE));
      compute(stripe, state, [disk, other]);
    },
  },
  {
    when: ({ dev }) => dev.has(R5.Insync),
    take: ({ dev, state }) => {
      dev.set(R5.LOCKED | R5.Wantread);
      state.locked++;
    },
  },
];

/** `fetch_block`: true when a compute ends the scan (FI-06). */
function fetchBlock(block: Block): boolean {
  if (block.dev.has(R5.LOCKED | R5.UPTODATE) || !NEEDED.some((clause) => clause(block))) return false;
  WAYS.find(({ when }) => when(block))?.take(block);
  return block.state.reqCompute;
}

function compute(stripe: StripeHead, state: StripeState, targets: readonly number[]): void {
  requestCompute(stripe, state, targets);
  state.reqCompute = true;
}

function isPartial(dev: R5Dev): boolean {
  return dev.towrite.length > 0 && !dev.has(R5.OVERWRITE);
}
