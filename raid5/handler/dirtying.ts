/** Read-modify-write or reconstruct-write, and what must be read for it (semantics 4.7). */
import { bugOn } from '../../emulator/kernel/bug';
import { OP, R5, STRIPE } from '../stripe/flags';
import type { R5Dev, StripeHead } from '../stripe/stripe-head';
import type { StripeState } from './state';

/** How a stripe is written. */
export type WriteMode = 'full' | 'rmw' | 'rcw';

/**
 * `handle_stripe_dirtying` (WR-02 … WR-07) with rmw level 1. Returns how the write was started, undefined
 * when it must wait.
 */
export function handleDirtying(stripe: StripeHead, state: StripeState): WriteMode | undefined {
  const { rmw, rcw } = countReads(stripe);
  let missing = rcw;
  stripe.set(STRIPE.HANDLE);
  if (rmw < rcw && rmw > 0) {
    for (const dev of rmwReads(stripe)) if (dev.has(R5.Insync)) readOrDelay(stripe, state, dev);
  }
  if (rcw <= rmw && rcw > 0) {
    const reads = rcwReads(stripe);
    missing = reads.length;
    for (const dev of reads) {
      if (dev.has(R5.Insync)) readOrDelay(stripe, state, dev);
      else stripe.set(STRIPE.DELAYED);
    }
  }
  if (missing > stripe.disks && rmw > stripe.disks && !stripe.has(STRIPE.PREREAD_ACTIVE)) stripe.set(STRIPE.DELAYED);
  const computeSettled = state.reqCompute || !stripe.has(STRIPE.COMPUTE_RUN);
  if (!computeSettled || state.locked > 0 || (missing > 0 && rmw > 0)) return undefined;
  return missing === 0 ? startReconstructWrite(stripe, state) : startReadModifyWrite(stripe, state);
}

/** WR-02: how many blocks each way would have to read; an unreadable one counts as two arrays. */
export function countReads(stripe: StripeHead): { readonly rmw: number; readonly rcw: number } {
  const cost = (dev: R5Dev): number => (dev.has(R5.Insync) ? 1 : 2 * stripe.disks);
  const sum = (devs: readonly R5Dev[]): number => devs.reduce((total, dev) => total + cost(dev), 0);
  return { rmw: sum(rmwReads(stripe)), rcw: sum(rcwReads(stripe)) };
}

/** Blocks whose old contents a read-modify-write still lacks. */
function rmwReads(stripe: StripeHead): R5Dev[] {
  return stripe.dev.filter((dev, disk) => (dev.towrite.length > 0 || disk === stripe.pdIdx) && missing(dev));
}

/** Data blocks that a reconstruct-write still lacks. */
function rcwReads(stripe: StripeHead): R5Dev[] {
  return stripe.dev.filter((dev, disk) => !dev.has(R5.OVERWRITE) && disk !== stripe.pdIdx && missing(dev));
}

function missing(dev: R5Dev): boolean {
  return !dev.has(R5.LOCKED | R5.UPTODATE | R5.Wantcompute);
}

/** WR-04: reads before a write wait for PREREAD_ACTIVE. */
function readOrDelay(stripe: StripeHead, state: StripeState, dev: R5Dev): void {
  if (!stripe.has(STRIPE.PREREAD_ACTIVE)) {
    stripe.set(STRIPE.DELAYED);
    return;
  }
  dev.set(R5.LOCKED | R5.Wantread);
  state.locked++;
}

/** `schedule_reconstruction`, rcw (WR-08, WR-10, WR-11). */
function startReconstructWrite(stripe: StripeHead, state: StripeState): WriteMode | undefined {
  for (const dev of stripe.dev) if (dev.towrite.length > 0) lockForDrain(dev, state);
  if (state.locked === 0) return undefined;
  const full = state.locked + 1 === stripe.disks;
  stripe.reconstructState = 'drain_run';
  state.ops |= OP.BIODRAIN | OP.RECONSTRUCT;
  lockParity(stripe, state);
  return full ? 'full' : 'rcw';
}

/** `schedule_reconstruction`, rmw (WR-09 … WR-11). */
function startReadModifyWrite(stripe: StripeHead, state: StripeState): WriteMode | undefined {
  const parity = stripe.dev[stripe.pdIdx];
  bugOn(!parity.has(R5.UPTODATE | R5.Wantcompute), 'WR-09', 'rmw without the old parity', 'schedule_reconstruction');
  for (const dev of stripe.dev) {
    if (dev !== parity && dev.towrite.length > 0 && dev.has(R5.UPTODATE | R5.Wantcompute)) lockForDrain(dev, state);
  }
  if (state.locked === 0) return undefined;
  stripe.reconstructState = 'prexor_drain_run';
  state.ops |= OP.PREXOR | OP.BIODRAIN | OP.RECONSTRUCT;
  lockParity(stripe, state);
  return 'rmw';
}

function lockForDrain(dev: R5Dev, state: StripeState): void {
  dev.set(R5.LOCKED | R5.Wantdrain);
  dev.clear(R5.UPTODATE);
  state.locked++;
}

function lockParity(stripe: StripeHead, state: StripeState): void {
  const parity = stripe.dev[stripe.pdIdx];
  parity.set(R5.LOCKED);
  parity.clear(R5.UPTODATE);
  state.locked++;
}
