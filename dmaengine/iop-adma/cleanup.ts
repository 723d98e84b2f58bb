/** From an executed descriptor to a free slot (semantics 2.4). */
import { bugOn } from '../../emulator/kernel/bug';
import type { DmaCookie } from '../cookie';
import { asyncTxTestAck } from '../descriptor';
import type { DmaTxResult } from '../tx-result';
import { dmaengineDescCallbackInvoke, TX_NO_ERROR } from '../tx-result';
import type { IopAdmaChan } from './channel';
import { failureOf, rememberFailure, takeError } from './errors';
import type { IopAdmaSlot } from './slots';

const CLEANUP = 'iop_adma_slot_cleanup';

/** `__iop_adma_slot_cleanup`. The caller holds the channel's lock (IA-73). */
export function slotCleanup(chan: IopAdmaChan): void {
  chan.lock.assertHeld('IA-73', CLEANUP);
  walkChain(chan);
}

/**
 * Walks the chain, oldest first, completes what the engine is done with and recycles what is acknowledged. Doing it
 * again changes nothing (IA-75).
 */
export function walkChain(chan: IopAdmaChan): void {
  const { kernel, steps } = chan;
  chan.touchesDescriptors(CLEANUP);
  steps.sample(chan);
  chan.trace?.emit('driver.cleanup', { chan: chan.name, current: chan.sampledCurrent, busy: chan.sampledBusy });
  chan.sampledInOrder(CLEANUP);
  const { slotsPerOp } = chan.pool ?? NO_SLOTS;
  let newest: DmaCookie = 0;
  let groupHead: IopAdmaSlot | undefined;
  let groupLeft = 0;
  let failure: DmaTxResult | undefined;
  let over = false;
  let following: IopAdmaSlot | undefined;
  for (let slot = chan.chain.first; slot !== undefined && !over; slot = following) {
    kernel.spend(kernel.costs.cleanupStep);
    following = slot.chainNext;
    if (slot.phys === chan.sampledCurrent) {
      over = true;
      if (chan.sampledFailure) failure = failureOf(chan, slot);
      else if (steps.stopsAtCurrent(chan, slot)) break;
    }
    const perOp = slotsPerOp[slot.index];
    if (groupHead === undefined && steps.startsGroup(slot, perOp)) {
      groupHead = slot;
      groupLeft = slot.slotCnt;
    }
    if (groupHead !== undefined) {
      groupLeft -= perOp;
      // Of a group with a failed member the rest is not executed any more.
      if (failure !== undefined) over = groupLeft === 0;
      if (groupLeft > 0) continue;
    }
    const head: IopAdmaSlot = groupHead ?? slot;
    if (failure === undefined) {
      if (groupHead === undefined) steps.collectResult(chan, head);
      else steps.collectGroupResult(chan, head);
    }
    for (let member: IopAdmaSlot | undefined = head; member !== undefined;) {
      const next: IopAdmaSlot | undefined = member === slot ? undefined : member.groupNext;
      newest = steps.complete(chan, member, newest, failure ?? TX_NO_ERROR);
      if (failure !== undefined && next === undefined) steps.restart(chan, member);
      const last = steps.cleanSlot(chan, member);
      bugOn(last && next !== undefined, 'IA-55', 'the chain ends inside a group', CLEANUP);
      over ||= last;
      member = next;
    }
    groupHead = undefined;
  }
  steps.publish(chan, newest);
}

/** A channel whose resources are gone has an empty chain. */
const NO_SLOTS = { slotsPerOp: new Uint8Array(0) };

/**
 * The current descriptor's address first and the busy bit second (IA-50). An error whose interrupt is still to
 * come is taken here; after an error the engine stands, and what it stands at is read again.
 */
export function sampleHardware(chan: IopAdmaChan): void {
  chan.sampledCurrent = chan.readCurrent();
  const status = chan.readStatus();
  chan.sampledBusy = (status & chan.hw.active) !== 0;
  takeError(chan, status);
  chan.sampledFailure = chan.errors !== 0;
  if (chan.sampledFailure) chan.sampledCurrent = chan.readCurrent();
}

/** The same as Linux has it: errors are the interrupt handler's business. */
export function sampleHardwareOfLinux(chan: IopAdmaChan): void {
  chan.sampledCurrent = chan.readCurrent();
  chan.sampledBusy = chan.readBusy();
  chan.sampledFailure = false;
}

/** More slots left than its own descriptor has: others of the same operation follow (IA-54). */
export function startsGroup(slot: IopAdmaSlot, slotsPerOp: number): boolean {
  return slot.slotCnt > slotsPerOp;
}

/** Busy with it, or appended to and still to be re-read: then it is not complete yet (IA-52, IA-53). */
export function stopsAtCurrent(chan: IopAdmaChan, slot: IopAdmaSlot): boolean {
  return chan.sampledBusy || chan.nextDesc(slot) !== 0;
}

/** The result of a single check, as long as its cookie lives: a later visit must not store it again (IA-56). */
export function collectResult(chan: IopAdmaChan, slot: IopAdmaSlot): void {
  if (slot.checkResult === undefined || slot.cookie === 0) return;
  slot.checkResult.value = chan.hw.readZeroResult(chan.kernel, slot.phys);
}

/** The results of all members of a group, stored once (IA-55). */
export function collectGroupResult(chan: IopAdmaChan, head: IopAdmaSlot): void {
  if (head.checkResult === undefined) return;
  let sum = 0;
  for (let member: IopAdmaSlot | undefined = head; member !== undefined; member = member.groupNext) {
    sum |= chan.hw.readZeroResult(chan.kernel, member.phys);
  }
  head.checkResult.value = sum;
}

/**
 * `iop_adma_run_tx_complete_actions`: once callback, then unmap; every time dependants, because one may have
 * been attached after completion (IA-57, IA-58, SW-10). Returns the newest cookie seen.
 */
export function runTxCompleteActions(
  chan: IopAdmaChan,
  slot: IopAdmaSlot,
  newest: DmaCookie,
  result: DmaTxResult,
): DmaCookie {
  const { cookie } = slot;
  bugOn(cookie < 0, 'IA-57', 'a descriptor completes that was never submitted', 'iop_adma_run_tx_complete_actions');
  if (cookie > 0) {
    slot.cookie = 0;
    chan.trace?.emit('driver.complete', { chan: chan.name, descriptor: slot.phys, cookie, outcome: result.result });
    if (result.result !== 'noerror' && slot.callbackResult === undefined) rememberFailure(chan, cookie);
    dmaengineDescCallbackInvoke(chan.kernel, slot, result);
    slot.unmap?.put();
    slot.unmap = undefined;
    slot.groupHead = undefined;
  }
  chan.steps.runDependencies(slot);
  if (cookie > 0) chan.trace?.emit('driver.complete-end', { chan: chan.name, descriptor: slot.phys });
  return cookie > 0 ? cookie : newest;
}

/** `iop_adma_clean_slot`: until it is acknowledged it stays; the last one stays in any case (IA-42, IA-59, IA-60). */
export function cleanSlot(chan: IopAdmaChan, slot: IopAdmaSlot): boolean {
  if (!asyncTxTestAck(slot)) return false;
  if (slot === chan.chain.last) return true;
  if (slot.next !== undefined) {
    chan.kernel.findings.add('rule', 'SW-10', CLEANUP, 'a descriptor is recycled, and what depends on it never ran');
  }
  chan.chain.remove(slot);
  const pool = chan.resources(CLEANUP);
  pool.give(slot);
  chan.trace?.emit('driver.recycle', {
    ...{ chan: chan.name, descriptor: slot.phys, used: pool.used, depth: chan.chain.length },
  });
  return false;
}

/** The last completed cookie moves once, at the end of the walk (IA-61). */
export function publishCookie(chan: IopAdmaChan, newest: DmaCookie): void {
  if (newest > 0) chan.completedCookie = newest;
}
