/** Broken arrays: md with one small step replaced. */
import type { SyncAction, SyncPass } from '../../raid5/handler/sync-pass';
import type { StripeSteps } from '../../raid5/steps';
import { STRIPE_STEPS } from '../../raid5/steps';
import { OP, R5, STRIPE } from '../../raid5/stripe/flags';
import type { R5Dev } from '../../raid5/stripe/stripe-head';
import type { StackParts } from '../stack';
import type { Mutant } from './mutant';

const { check5, check6, ways } = STRIPE_STEPS;

/** Puts other steps in place of some of the array’s. */
function steps(others: Partial<StripeSteps>): (parts: StackParts) => void {
  return (parts) => {
    parts.stripes = { ...parts.stripes, ...others };
  };
}

const isPartial = (dev: R5Dev): boolean => dev.towrite.length > 0 && !dev.has(R5.OVERWRITE);

/** A pass that counts where the given one does, and is told to do something else. */
function toldTo(action: SyncAction, pass: SyncPass): SyncPass {
  return {
    action,
    interrupted: pass.interrupted,
    get mismatchSectors() {
      return pass.mismatchSectors;
    },
    set mismatchSectors(sectors) {
      pass.mismatchSectors = sectors;
    },
  };
}

export const RAID5_MUTANTS: readonly Mutant[] = [
  {
    id: 'fill-skips-new-reads',
    rule: 'OP-03',
    says: 'The end of a fill passes over blocks for which another read has been queued meanwhile.',
    commit: 'raid5: fix 2 bugs in ops_complete_biofill (e4d84909dd4, 2007)',
    install: steps({ answersFill: (dev) => dev.toread.length === 0 }),
  },
  {
    id: 'check-waits-for-the-failed',
    rule: 'CK5-05',
    says: 'A check whose stripe has lost a member since stays where it is.',
    commit: 'md: close a livelock window in handle_parity_checks5 (bd2ab67030e, 2008)',
    install: steps({
      check5: {
        ...check5,
        check_result: (stripe, state, pass) => {
          if (state.failed === 0) check5.check_result(stripe, state, pass);
        },
      },
    }),
  },
  {
    id: 'repair-writes-the-failed',
    rule: 'C5-02',
    says: 'What a repair computed is written in the place of the member that failed meanwhile.',
    commit: 'md: replace STRIPE_OP_CHECK with ‘check_states’ (ecc65c9b3f9, 2008)',
    install: steps({
      check5: {
        ...check5,
        compute_result: (stripe, state, pass) =>
          check5[state.failed > 0 ? 'idle' : 'compute_result'](stripe, state, pass),
      },
    }),
  },
  {
    id: 'repair-checks-again',
    rule: 'C5-04',
    says: 'A repair that has computed parity checks again, and finds the cached block right.',
    commit: 'md: fix raid5 ‘repair’ operations (c8894419acf, 2008)',
    install: steps({
      check5: {
        ...check5,
        compute_result: (stripe) => {
          stripe.checkState = 'idle';
        },
      },
    }),
  },
  {
    id: 'check-repairs',
    rule: 'RS-02',
    says: 'A check writes what it finds wrong.',
    commit: 'md: fix raid6 resync check/repair code (ca65b73bd9c, 2006)',
    install: steps({
      check6: {
        ...check6,
        check_result: (stripe, state, pass) => check6.check_result(stripe, state, toldTo('repair', pass)),
      },
    }),
  },
  {
    id: 'repair-only-counts',
    rule: 'C6-03',
    says: 'A repair of P and Q counts what is wrong and leaves it.',
    install: steps({
      check6: {
        ...check6,
        check_result: (stripe, state, pass) => check6.check_result(stripe, state, toldTo('check', pass)),
      },
    }),
  },
  {
    id: 'goes-on-beyond-help',
    rule: 'HS-06',
    says: 'A stripe with too many failures stays in the middle of its check.',
    commit: 'md/raid5: abort any pending parity operations when array fails (9a3f530f39f4, 2012)',
    install: steps({ abortOperations: () => undefined }),
  },
  {
    id: 'prexor-proves-parity',
    rule: 'HS-08',
    says: 'A read-modify-write makes its stripe count as synced.',
    commit: 'md: fix prexor vs sync_request race (e0a115e5aa5, 2008)',
    install: steps({ provesParity: (stripe, state, disk) => STRIPE_STEPS.provesParity(stripe, state, disk, false) }),
  },
  {
    id: 'one-missing-proves-both',
    rule: 'HS-08',
    says: 'A write to one missing member makes the stripe count as synced though another is missing too.',
    commit: 'md/raid6: avoid data corruption during recovery of double-degraded RAID6 (9c4bdf697c39, 2014)',
    install: steps({
      provesParity: (stripe, state, disk, prexor) =>
        STRIPE_STEPS.provesParity(stripe, { ...state, failed: Math.min(state.failed, 1) }, disk, prexor),
    }),
  },
  {
    id: 'readable-block-computed',
    rule: 'FI-05',
    says: 'The last missing block is computed also where it could be read.',
    commit: 'md: do not compute parity unless it is on a failed drive (c337869d950, 2008)',
    install: steps({ mayCompute: () => true }),
  },
  {
    id: 'unsure-parity-modified',
    rule: 'WR-01',
    says: 'Parity that may be wrong is read, modified and written.',
    commit: 'md: When RAID5 is dirty, force reconstruct-write instead of read-modify-write (a7854487cd71, 2012)',
    install: steps({ mustReconstruct: () => false }),
  },
  {
    id: 'partial-write-not-read-for',
    rule: 'FI-03',
    says: 'Nothing is read for a write to part of a missing block.',
    commit: 'md/raid5: avoid livelock caused by non-aligned writes (a40687ff73a5, 2014)',
    install: steps({
      neededForDegradedWrite: (block) => !block.failed.some(isPartial) && STRIPE_STEPS.neededForDegradedWrite(block),
    }),
  },
  {
    id: 'unreadable-parity-tried-again',
    rule: 'IO-02',
    says: 'P of a RAID-6 that cannot be read is to be read again, and computed instead.',
    commit: 'md/raid6: Set R5_ReadError when there is read failure on parity disk (143f6e733b73, 2019)',
    install: steps({ beyondRetry: (stripe, disk) => stripe.dev[disk].has(R5.ReadNoMerge) }),
  },
  {
    id: 'write-during-repair',
    rule: 'HS-11',
    says: 'A write starts while its stripe is being repaired.',
    commit: 'the same in a fork: new writes were submitted while an operation ran (cba44967891, 2007)',
    install: steps({ mayStartWrite: ({ reconstructState }) => reconstructState === 'idle' }),
  },
  {
    id: 'end-not-looked-at',
    rule: 'OP-08',
    says: 'The end of an operation does not ask for its stripe to be handled.',
    commit: 'raid5: need to set STRIPE_HANDLE for batch head (a7ede3d16808, 2019)',
    install: steps({
      requeue: ({ cache }, stripe) => {
        stripe.clear(STRIPE.HANDLE);
        cache.release(stripe);
      },
    }),
  },
  {
    id: 'compute-not-acked',
    rule: 'OP-02',
    says: 'The descriptor of a compute is never acked.',
    install: steps({ ackCompute: () => undefined }),
  },
  {
    id: 'recovery-told-members',
    rule: 'OP-14',
    says: 'A recovery of two blocks is told which members are lost instead of their places in the syndrome.',
    install: steps({ recoverySlot: (_, disk) => disk }),
  },
  {
    id: 'prexor-forgotten',
    rule: 'OP-07',
    says: 'A read-modify-write leaves the old data in parity.',
    install: steps({ ways: { ...ways, rmw: { ...ways.rmw, ops: OP.BIODRAIN | OP.RECONSTRUCT } } }),
  },
  {
    id: 'others-not-read',
    rule: 'WR-02',
    says: 'A reconstruct-write makes parity from blocks that nobody has read.',
    install: steps({ ways: { ...ways, rcw: { ...ways.rcw, needs: (_, dev) => isPartial(dev) } } }),
  },
  {
    id: 'write-error-ignored',
    rule: 'IO-04',
    says: 'A member that cannot write stays in the array.',
    install: steps({ writeFailed: () => undefined }),
  },
  {
    id: 'blank-member-read',
    rule: 'IO-07',
    says: 'Reads go past the cache to a member that is still to be rebuilt.',
    install: steps({ mayReadAround: (_, member) => !member.faulty }),
  },
];
