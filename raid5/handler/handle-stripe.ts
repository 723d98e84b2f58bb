/** One pass over a stripe: what happened, what is wanted, what to do next (semantics 4.5). */
import type { TracePoints } from '../../emulator/trace/trace';
import type { Raid5Array } from '../array';
import { breakBatch, isBatchMember } from '../stripe/batch';
import { OP, R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';
import { handleDirtying } from './dirtying';
import { handleFill } from './fill';
import { answerWrites, correctReadErrors, failStripe, parityIsSafe, reconstructFinished } from './finish';
import type { StripeState } from './state';
import { analyse } from './state';

/** `handle_stripe` in the order of HS-01 … HS-16. */
export function handleStripe(array: Raid5Array, stripe: StripeHead): void {
  stripe.clear(STRIPE.HANDLE);
  if (isBatchMember(stripe)) return;
  if (stripe.has(STRIPE.ACTIVE)) {
    stripe.set(STRIPE.HANDLE);
    return;
  }
  array.kernel.spend(array.kernel.costs.handleStripe);
  stripe.set(STRIPE.ACTIVE);
  if (stripe.testAndClear(STRIPE.BATCH_ERR)) endBatch(array, stripe, true);
  if (stripe.batchHead === undefined && stripe.testAndClear(STRIPE.SYNC_REQUESTED)) {
    stripe.set(STRIPE.SYNCING);
    stripe.clear(STRIPE.INSYNC);
  }
  stripe.clear(STRIPE.DELAYED);
  const state = analyse(stripe, array);
  array.trace?.emit('stripe.handle', found(stripe, state));
  if (state.handleBadBlocks) failedWrites(array, stripe);
  else if (mustWait(state)) stripe.set(STRIPE.HANDLE);
  else decide(array, stripe, state);
  if (state.ops !== 0) array.operations.run(stripe, state.ops);
  array.io.run(stripe);
  if (state.decPreread) array.cache.dropPreread();
  stripe.clear(STRIPE.ACTIVE);
}

function found({ index, sector }: StripeHead, state: StripeState): TracePoints['stripe.handle'] {
  const { toRead, toWrite, written, locked, uptodate, failed } = state;
  return { stripe: index, sector, toRead, toWrite, written, locked, uptodate, failed };
}

function decide(array: Raid5Array, stripe: StripeHead, state: StripeState): void {
  const { steps } = array;
  if (state.toFill > 0 && !stripe.has(STRIPE.BIOFILL_RUN)) {
    state.ops |= OP.BIOFILL;
    stripe.set(STRIPE.BIOFILL_RUN);
  }
  if (state.failed > stripe.parities) tooManyFailures(array, stripe, state);
  if (stripe.reconstructState === 'drain_result' || stripe.reconstructState === 'prexor_drain_result') {
    reconstructFinished(stripe, state, steps);
  }
  if (state.written > 0 && parityIsSafe(stripe, state)) {
    const ended = answerWrites(stripe, () => array.bitmap?.endWrite(stripe.sector, !stripe.has(STRIPE.DEGRADED)));
    if (stripe.testAndClear(STRIPE.FULL_WRITE)) array.fullWriteEnded();
    if (ended) endBatch(array, stripe, false);
  }
  if (wantsFill(stripe, state)) handleFill(stripe, state, array);
  if (state.toWrite > 0 && steps.mayStartWrite(stripe)) startWrite(array, stripe, state);
  if (stripe.checkState !== 'idle' || readyToCheck(stripe, state)) {
    stripe.set(STRIPE.HANDLE);
    const table = stripe.qdIdx < 0 ? steps.check5 : steps.check6;
    table[stripe.checkState](stripe, state, array.syncPass);
  }
  if (state.replacing && settled(stripe, state)) stripe.set(STRIPE.INSYNC);
  if ((state.syncing || state.replacing) && settled(stripe, state) && stripe.has(STRIPE.INSYNC)) {
    stripe.clear(STRIPE.SYNCING);
    array.syncDone(true);
  }
  correctReadErrors(stripe, state);
}

/**
 * HS-04, MQ-00: what was written without a failed member is worth nothing while the superblocks still call that
 * member good. Reads do not mind.
 */
function mustWait({ blocked, syncing, replacing, toWrite, written }: StripeState): boolean {
  return blocked && (syncing || replacing || toWrite > 0 || written > 0);
}

/** HS-11. */
export function mayStartWrite({ reconstructState, checkState }: StripeHead): boolean {
  return reconstructState === 'idle' && checkState === 'idle';
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
  const mode = handleDirtying(stripe, state, array);
  if (mode === undefined) return;
  array.trace?.emit('stripe.write', { stripe: stripe.index, sector: stripe.sector, mode });
  array.statistics.writes[mode] += 1 + stripe.batch.length;
  if (mode === 'full' && !stripe.has(STRIPE.FULL_WRITE)) {
    stripe.set(STRIPE.FULL_WRITE);
    array.cache.pendingFullWrites++;
  }
}

function endBatch(array: Raid5Array, stripe: StripeHead, handle: boolean): void {
  if (stripe.batchHead !== undefined && breakBatch(array.cache, stripe, handle)) array.wakeOverlap();
}

/** IO-04: a member keeps no list of bad blocks here, so one that cannot write is failed. The rest waits for the next pass (HS-04). */
function failedWrites(array: Raid5Array, stripe: StripeHead): void {
  stripe.dev.forEach((dev, disk) => {
    if (!dev.has(R5.WriteError)) return;
    dev.clear(R5.WriteError);
    array.error(disk);
  });
  stripe.set(STRIPE.HANDLE);
}

/** Whatever was being checked or written has no meaning without the blocks that are gone (HS-06). */
export function abortOperations(stripe: StripeHead): void {
  stripe.checkState = 'idle';
  stripe.reconstructState = 'idle';
}

/** HS-06; and RS-04: a rebuild that cannot have this stripe is given up. */
function tooManyFailures(array: Raid5Array, stripe: StripeHead, state: StripeState): void {
  array.steps.abortOperations(stripe);
  endBatch(array, stripe, true);
  if (state.toRead + state.toWrite + state.written > 0) {
    failStripe(
      stripe,
      state,
      (disk) => array.error(disk),
      () => array.bitmap?.endWrite(stripe.sector, false),
    );
    array.operations.wakeOverlap(stripe);
    if (stripe.testAndClear(STRIPE.FULL_WRITE)) array.fullWriteEnded();
  }
  if (!state.syncing && !state.replacing) return;
  stripe.clear(STRIPE.SYNCING);
  state.syncing = false;
  state.replacing = false;
  array.syncDone(array.syncPass.action !== 'recover');
}
