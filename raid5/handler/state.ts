import { bugOn } from '../../emulator/kernel/bug';
import { STRIPE_SECTORS } from '../geometry';
import type { MemberState } from '../member';
import { R5, STRIPE } from '../stripe/flags';
import type { R5Dev, StripeHead } from '../stripe/stripe-head';
import type { StripeSteps } from '../steps';
import type { Trace } from '../../emulator/trace/trace';
import type { SyncPass } from './sync-pass';
import { isRequested } from './sync-pass';

/** `rmw_level` (WR-12): 0 never read-modify-write, 1 when it reads less, 2 also when it reads as much. */
export type RmwLevel = 0 | 1 | 2;

/** What of the array decides what happens to a stripe. */
export interface ArrayView {
  readonly members: readonly MemberState[];
  /** `recovery_cp`: from this sector on parity may be wrong; Infinity on a clean array. */
  readonly recoveryCp: number;
  readonly rmwLevel: RmwLevel;
  readonly syncPass: SyncPass;
  readonly steps: StripeSteps;
  /** Absent when nobody records. */
  readonly trace?: Trace | undefined;
}

/** `struct stripe_head_state`: what one pass of the handler found out and what it asks for. */
export interface StripeState {
  syncing: boolean;
  /** In a pass that has nothing to do here: no member is being rebuilt, and parity is known to be right (AN-07). */
  replacing: boolean;
  locked: number;
  uptodate: number;
  toRead: number;
  toWrite: number;
  nonOverwrite: number;
  written: number;
  compute: number;
  toFill: number;
  failed: number;
  /** The first failed members in scan order, last member first; -1 for none (AN-06). */
  failedNum: [number, number];
  pFailed: boolean;
  /** Also on levels without Q (HS-09). */
  qFailed: boolean;
  /** A failed member of which the superblocks do not say so yet (MQ-00). */
  blocked: boolean;
  /** A write failed, and what it means for the member is still open. */
  handleBadBlocks: boolean;
  /** A compute was asked for in this pass. */
  reqCompute: boolean;
  /** `OP` bits. */
  ops: number;
  decPreread: boolean;
}

/** `analyse_stripe` (AN-01 … AN-07): counts the blocks by what they hold and want. */
export function analyse(stripe: StripeHead, view: ArrayView): StripeState {
  const state: StripeState = {
    syncing: false,
    replacing: false,
    locked: 0,
    uptodate: 0,
    toRead: 0,
    toWrite: 0,
    nonOverwrite: 0,
    written: 0,
    compute: 0,
    toFill: 0,
    failed: 0,
    failedNum: [-1, -1],
    pFailed: false,
    qFailed: stripe.qdIdx < 0,
    blocked: false,
    handleBadBlocks: false,
    reqCompute: false,
    ops: 0,
    decPreread: false,
  };
  let recovering = false;
  for (let disk = stripe.disks - 1; disk >= 0; disk--) {
    const dev = stripe.dev[disk];
    const member = view.members[disk];
    if (dev.has(R5.UPTODATE) && dev.toread.length > 0 && !stripe.has(STRIPE.BIOFILL_RUN)) dev.set(R5.Wantfill);
    count(dev, state);
    findInsync(stripe, dev, member, state);
    state.blocked ||= member.blocked;
    if (dev.has(R5.Insync)) continue;
    if (state.failed < 2) state.failedNum[state.failed] = disk;
    state.failed++;
    state.pFailed ||= disk === stripe.pdIdx;
    state.qFailed ||= disk === stripe.qdIdx;
    recovering ||= !member.faulty;
  }
  bugOn(state.compute > 2, 'AN-02', `${state.compute} blocks are being computed`, 'analyse_stripe');
  if (stripe.has(STRIPE.SYNCING)) {
    state.syncing = recovering || stripe.sector >= view.recoveryCp || isRequested(view.syncPass);
    state.replacing = !state.syncing;
  }
  return state;
}

/** AN-02. */
function count(dev: R5Dev, state: StripeState): void {
  if (dev.has(R5.LOCKED)) state.locked++;
  if (dev.has(R5.UPTODATE)) state.uptodate++;
  if (dev.has(R5.Wantcompute)) state.compute++;
  if (dev.has(R5.Wantfill)) state.toFill++;
  else if (dev.toread.length > 0) state.toRead++;
  if (dev.towrite.length > 0) {
    state.toWrite++;
    if (!dev.has(R5.OVERWRITE)) state.nonOverwrite++;
  }
  if (dev.written.length > 0) state.written++;
}

/** AN-04, AN-05: whether the block on the member is what it should be. */
function findInsync(stripe: StripeHead, dev: R5Dev, member: MemberState, state: StripeState): void {
  const rebuilt = stripe.sector + STRIPE_SECTORS <= member.recoveryOffset;
  if (!member.faulty && (member.inSync || rebuilt)) dev.set(R5.Insync);
  else dev.clear(R5.Insync);
  if (dev.has(R5.WriteError)) {
    dev.clear(R5.Insync);
    if (member.faulty) dev.clear(R5.WriteError);
    else state.handleBadBlocks = true;
  }
  if (!dev.has(R5.Insync)) dev.clear(R5.ReadError | R5.ReWrite);
  if (dev.has(R5.ReadError)) dev.clear(R5.Insync);
}
