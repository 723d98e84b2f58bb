/** Read-modify-write or reconstruct-write, and what must be read for it (semantics 4.7). */
import { bugOn } from '../../emulator/kernel/bug';
import { OP, R5, STRIPE } from '../stripe/flags';
import type { ReconstructState } from '../stripe/flags';
import type { R5Dev, StripeHead } from '../stripe/stripe-head';
import type { ArrayView, StripeState } from './state';

/** How a stripe is written. */
export type WriteMode = 'full' | 'rmw' | 'rcw';
/** The two ways to make new parity. */
export type Way = 'rmw' | 'rcw';
type Choice = (stripe: StripeHead, dev: R5Dev, disk: number) => boolean;

/** One of them. */
export interface WayOfWriting {
  /** WR-02: whose contents it needs beforehand. */
  readonly needs: Choice;
  /** WR-08, WR-09: whose writes it drains. */
  readonly drains: Choice;
  readonly runs: ReconstructState;
  readonly ops: number;
}

/** WR-02, WR-08, WR-09. */
export const WAYS: Readonly<Record<Way, WayOfWriting>> = {
  rmw: {
    needs: (stripe, dev, disk) => dev.towrite.length > 0 || stripe.isParity(disk),
    drains: (_, dev) => dev.towrite.length > 0 && dev.has(R5.UPTODATE | R5.Wantcompute),
    runs: 'prexor_drain_run',
    ops: OP.PREXOR | OP.BIODRAIN | OP.RECONSTRUCT,
  },
  rcw: {
    needs: (stripe, dev, disk) => !dev.has(R5.OVERWRITE) && !stripe.isParity(disk),
    drains: (_, dev) => dev.towrite.length > 0,
    runs: 'drain_run',
    ops: OP.BIODRAIN | OP.RECONSTRUCT,
  },
};

/** `handle_stripe_dirtying` (WR-01 … WR-07). Returns how the write was started, undefined when it must wait. */
export function handleDirtying(stripe: StripeHead, state: StripeState, view: ArrayView): WriteMode | undefined {
  const { mustReconstruct, ways } = view.steps;
  const forced = mustReconstruct(stripe, state, view);
  const price = forced ? { rmw: 2, rcw: 1 } : countReads(stripe, ways);
  stripe.set(STRIPE.HANDLE);
  const prefersRmw = price.rmw < price.rcw || (price.rmw === price.rcw && view.rmwLevel === 2);
  const chosen: Way = prefersRmw ? 'rmw' : 'rcw';
  view.trace?.emit('stripe.decide', {
    ...{ stripe: stripe.index, sector: stripe.sector, way: chosen, ...price, rule: forced ? 'WR-01' : 'WR-02' },
  });
  if (price[chosen] > 0) {
    const unread = lacking(stripe, ways[chosen]);
    for (const dev of unread) readOrDelay(stripe, state, dev, chosen);
    // Counted again with what cannot be read, so that it stays above zero until that is computed (WR-06).
    if (chosen === 'rcw') price.rcw = unread.length;
  }
  const unreadable = price.rcw > stripe.disks && price.rmw > stripe.disks;
  if (unreadable && !stripe.has(STRIPE.PREREAD_ACTIVE)) stripe.set(STRIPE.DELAYED);
  const computeSettled = state.reqCompute || !stripe.has(STRIPE.COMPUTE_RUN);
  if (!computeSettled || state.locked > 0 || (price.rcw > 0 && price.rmw > 0)) return undefined;
  if (stripe.has(STRIPE.BIT_DELAY)) return undefined;
  return start(stripe, state, price.rcw === 0 ? 'rcw' : 'rmw', ways);
}

/** WR-01: parity that may be wrong must not be built upon. */
export function mustReconstruct(stripe: StripeHead, state: StripeState, { rmwLevel, recoveryCp }: ArrayView): boolean {
  return rmwLevel === 0 || (stripe.sector >= recoveryCp && state.failed === 0);
}

/** WR-02: how many blocks each way would have to read; an unreadable one counts as two arrays. */
export function countReads(stripe: StripeHead, ways: Readonly<Record<Way, WayOfWriting>> = WAYS): Record<Way, number> {
  const cost = (way: Way): number =>
    lacking(stripe, ways[way]).reduce((sum, dev) => sum + (dev.has(R5.Insync) ? 1 : 2 * stripe.disks), 0);
  return { rmw: cost('rmw'), rcw: cost('rcw') };
}

function lacking(stripe: StripeHead, { needs }: WayOfWriting): R5Dev[] {
  return stripe.dev.filter(
    (dev, disk) => !dev.has(R5.LOCKED | R5.UPTODATE | R5.Wantcompute) && needs(stripe, dev, disk),
  );
}

/** WR-04: reads before a write wait for PREREAD_ACTIVE. What cannot be read delays a reconstruct-write alone. */
function readOrDelay(stripe: StripeHead, state: StripeState, dev: R5Dev, way: Way): void {
  const readable = dev.has(R5.Insync);
  if (readable && stripe.has(STRIPE.PREREAD_ACTIVE)) {
    dev.set(R5.LOCKED | R5.Wantread);
    state.locked++;
  } else if (readable || way === 'rcw') {
    stripe.set(STRIPE.DELAYED);
  }
}

/** `schedule_reconstruction` (WR-08 … WR-11). */
function start(
  stripe: StripeHead,
  state: StripeState,
  way: Way,
  ways: Readonly<Record<Way, WayOfWriting>>,
): WriteMode | undefined {
  const { drains, runs, ops } = ways[way];
  const parities = stripe.dev.filter((_, disk) => stripe.isParity(disk));
  bugOn(
    way === 'rmw' && !parities.every((dev) => dev.has(R5.UPTODATE | R5.Wantcompute)),
    'WR-09',
    'rmw without the old parity',
    'schedule_reconstruction',
  );
  stripe.dev.forEach((dev, disk) => {
    if (stripe.isParity(disk) || !drains(stripe, dev, disk)) return;
    dev.set(R5.Wantdrain);
    lock(dev, state);
  });
  if (state.locked === 0) return undefined;
  const full = way === 'rcw' && state.locked + stripe.parities === stripe.disks;
  stripe.reconstructState = runs;
  state.ops |= ops;
  for (const dev of parities) lock(dev, state);
  return full ? 'full' : way;
}

function lock(dev: R5Dev, state: StripeState): void {
  dev.set(R5.LOCKED);
  dev.clear(R5.UPTODATE);
  state.locked++;
}
