import { bugOn } from '../../emulator/kernel/bug';
import { R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';

/** `struct stripe_head_state`: what one pass of the handler found out and what it asks for. */
export interface StripeState {
  syncing: boolean;
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
  /** A compute was asked for in this pass. */
  reqCompute: boolean;
  /** `OP` bits. */
  ops: number;
  decPreread: boolean;
}

/**
 * `analyse_stripe` (AN-01 … AN-06): counts the blocks by what they hold and want.
 * @param inSync whether a member is present and up to date
 */
export function analyse(stripe: StripeHead, inSync: (disk: number) => boolean): StripeState {
  const state: StripeState = {
    syncing: stripe.has(STRIPE.SYNCING),
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
    reqCompute: false,
    ops: 0,
    decPreread: false,
  };
  for (let disk = stripe.disks - 1; disk >= 0; disk--) {
    const dev = stripe.dev[disk];
    if (dev.has(R5.UPTODATE) && dev.toread.length > 0 && !stripe.has(STRIPE.BIOFILL_RUN)) dev.set(R5.Wantfill);
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
    dev.clear(R5.Insync);
    if (inSync(disk)) {
      dev.set(R5.Insync);
    } else {
      if (state.failed < 2) state.failedNum[state.failed] = disk;
      state.failed++;
    }
  }
  bugOn(state.compute > 2, 'AN-02', `${state.compute} blocks are being computed`, 'analyse_stripe');
  return state;
}
