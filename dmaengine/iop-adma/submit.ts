/** From a prepared descriptor to a running one (semantics 2.3). */
import { bugOn } from '../../emulator/kernel/bug';
import type { DmaCookie } from '../cookie';
import { dmaCookieAssign, EBUSY_COOKIE } from '../cookie';
import type { DmaAsyncTxDescriptor } from '../descriptor';
import type { IopAdmaChan } from './channel';
import type { IopAdmaSlot } from './slots';

/** `IOP_ADMA_THRESHOLD`: pending slots that ring the doorbell by themselves. */
export const IOP_ADMA_THRESHOLD = 4;

/** `async_tx.flags = flags`: the whole word, so that a recycled slot does not keep its old ack (CF-05). */
export function initDescriptor(slot: IopAdmaSlot, flags: number): void {
  slot.init(flags);
}

/** `iop_adma_tx_submit` (IA-43). */
export function txSubmit(tx: DmaAsyncTxDescriptor): DmaCookie {
  const where = 'iop_adma_tx_submit';
  // Only slots of this driver carry this routine.
  const slot = tx as IopAdmaSlot;
  const chan = slot.chan as IopAdmaChan;
  const { kernel, chain, steps } = chan;
  chan.touchesDescriptors(where);
  const head = slot.groupHead;
  bugOn(head === undefined || slot.cookie !== EBUSY_COOKIE, 'CK-02', 'submitted without having been prepared', where);
  kernel.spend(kernel.costs.submit);
  chan.lock.lockBh(where);
  const since = kernel.now;
  const oldTail = chain.last;
  bugOn(oldTail === undefined, 'IA-42', 'there is no descriptor to append to', where);
  const cookie = steps.assignCookie(slot);
  chain.appendGroup(head!);
  steps.linkTail(chan, oldTail!, head!.phys);
  chan.pending += head!.slotCnt;
  recordSubmit(chan, slot, since);
  steps.checkThreshold(chan);
  chan.lock.unlockBh();
  return cookie;
}

/** `iop_desc_set_next_desc` and the read of the very same word, which flushes the write buffer (IA-43). */
export function linkTail(chan: IopAdmaChan, tail: IopAdmaSlot, phys: number): void {
  chan.setNextDesc(tail, phys);
  bugOn(chan.nextDesc(tail) !== phys, 'IA-43', 'the link does not read back', 'iop_adma_tx_submit');
}

/** The null operation's cookie; one behind is complete, so that it completes like any other (IA-41). */
export function startCookie(slot: IopAdmaSlot): void {
  slot.chan.completedCookie = dmaCookieAssign(slot) - 1;
}

/** `iop_adma_check_threshold` (IA-43, IA-44). */
export function checkThreshold(chan: IopAdmaChan): void {
  if (chan.pending < IOP_ADMA_THRESHOLD) return;
  chan.pending = 0;
  chan.steps.append(chan);
}

/** `iop_adma_issue_pending`: without the lock (IA-45). */
export function issuePending(chan: IopAdmaChan): void {
  chan.kernel.spend(chan.kernel.costs.call);
  if (chan.pending === 0) return;
  chan.pending = 0;
  chan.steps.append(chan);
}

/**
 * `iop_chan_append`: the engine shall re-read the next pointer of its current descriptor (IA-46). One that an error stopped
 * is started. The error handler writes the control register in hard interrupt context; between the read and the write
 * here it would be undone, and the engine would go on before the failed operation is made good.
 */
export function appendChain(chan: IopAdmaChan): void {
  const { control } = chan.hw.registers;
  chan.trace?.emit('driver.append', { chan: chan.name });
  if (chan.stoppedBehind !== undefined) chan.steps.restart(chan, chan.stoppedBehind);
  else chan.kernel.withIrqsOff(() => chan.write(control, chan.read(control) | chan.hw.resume));
}

/** Records a group that is on the chain. @param since when the channel was locked for it */
export function recordSubmit({ trace, name, chain }: IopAdmaChan, { phys, cookie }: IopAdmaSlot, since: number): void {
  trace?.emit('driver.submit', { chan: name, descriptor: phys, cookie, depth: chain.length, since });
}
