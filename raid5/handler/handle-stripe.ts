/** One pass over a stripe: what happened, what is wanted, what to do next (semantics 4.5). */
import type { Raid5Array } from '../array';
import { R5, STRIPE, OP } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import { handleParityCheck } from './checks';
import { handleDirtying } from './dirtying';
import { handleFill } from './fill';
import { answerWrites, failStripe, parityIsSafe, reconstructFinished } from './finish';
import type { StripeState } from './state';
import { analyse } from './state';

/** `handle_stripe` in the order of HS-01 … HS-16. */
export function handleStripe(array: Raid5Array, stripe: StripeHead): void {
  stripe.clear(STRIPE.HANDLE);
  if (stripe.has(STRIPE.ACTIVE)) {
    stripe.set(STRIPE.HANDLE);
    return;
  }
  array.kernel.spend(array.kernel.costs.handleStripe);
  stripe.set(STRIPE.ACTIVE);
  if (stripe.testAndClear(STRIPE.SYNC_REQUESTED)) {
    stripe.set(STRIPE.SYNCING);
    stripe.clear(STRIPE.INSYNC);
  }
  stripe.clear(STRIPE.DELAYED);
  const state = analyse(stripe, (disk) => array.inSync(disk));
  decide(array, stripe, state);
  if (state.ops !== 0) array.operations.run(stripe, state.ops);
  array.io.run(stripe);
  if (state.decPreread) array.cache.dropPreread();
  stripe.clear(STRIPE.ACTIVE);
}

function decide(array: Raid5Array, stripe: StripeHead, state: StripeState): void {
  if (state.toFill > 0 && !stripe.has(STRIPE.BIOFILL_RUN)) {
    state.ops |= OP.BIOFILL;
    stripe.set(STRIPE.BIOFILL_RUN);
  }
  if (state.failed > 1) tooManyFailures(array, stripe, state);
  if (stripe.reconstructState === 'drain_result' || stripe.reconstructState === 'prexor_drain_result') {
    reconstructFinished(stripe, state);
  }
  if (state.written > 0 && parityIsSafe(stripe, state)) {
    answerWrites(stripe);
    if (stripe.testAndClear(STRIPE.FULL_WRITE)) array.fullWriteEnded();
  }
  if (wantsFill(stripe, state)) handleFill(stripe, state);
  if (stripe.reconstructState === 'idle' && stripe.checkState === 'idle' && state.toWrite > 0)
    startWrite(array, stripe, state);
  if (stripe.checkState !== 'idle' || readyToCheck(stripe, state)) handleParityCheck(stripe, state, array.syncPass);
  if (state.syncing && settled(stripe, state) && stripe.has(STRIPE.INSYNC)) {
    stripe.clear(STRIPE.SYNCING);
    array.syncDone();
  }
}

/** HS-10. */
function wantsFill(stripe: StripeHead, state: StripeState): boolean {
  return (
    state.toRead > 0 ||
    state.nonOverwrite > 0 ||
    (state.toWrite > 0 && state.failed > 0) ||
    (state.syncing && state.uptodate + state.compute < stripe.disks)
  );
}

/** HS-12. */
function readyToCheck(stripe: StripeHead, state: StripeState): boolean {
  return state.syncing && settled(stripe, state) && !stripe.has(STRIPE.INSYNC);
}

function settled(stripe: StripeHead, state: StripeState): boolean {
  return state.locked === 0 && !stripe.has(STRIPE.COMPUTE_RUN);
}

function startWrite(array: Raid5Array, stripe: StripeHead, state: StripeState): void {
  const mode = handleDirtying(stripe, state);
  if (mode === undefined) return;
  array.statistics.writes[mode]++;
  if (mode === 'full' && !stripe.has(STRIPE.FULL_WRITE)) {
    stripe.set(STRIPE.FULL_WRITE);
    array.cache.pendingFullWrites++;
  }
}

function tooManyFailures(array: Raid5Array, stripe: StripeHead, state: StripeState): void {
  stripe.checkState = 'idle';
  stripe.reconstructState = 'idle';
  if (state.toRead + state.toWrite + state.written > 0) {
    failStripe(stripe);
    array.wakeOverlap();
    if (stripe.testAndClear(STRIPE.FULL_WRITE)) array.fullWriteEnded();
  }
  if (state.syncing) {
    stripe.clear(STRIPE.SYNCING);
    array.syncDone();
  }
  for (const dev of stripe.dev) dev.clear(R5.Wantread | R5.Wantwrite);
  const again = analyse(stripe, (disk) => array.inSync(disk));
  Object.assign(state, { ...again, ops: state.ops });
}
