/** What a channel has while somebody uses it: slots, and a chain with at least one descriptor on it. */
import { bug, bugOn } from '../../emulator/kernel/bug';
import { DmaCapability } from '../capability';
import { asyncTxAck } from '../descriptor';
import { Errno } from '../device';
import type { IopAdmaChan } from './channel';
import { clearErrStatus } from './irq';
import { allocSlots, recordPrep } from './prep';
import { IopAdmaSlot, SLOT_BYTES, SlotPool } from './slots';
import { recordSubmit, txSubmit } from './submit';

/**
 * `iop_adma_alloc_chan_resources`: makes the slots and starts the engine on a null operation (IA-40).
 * Returns the number of slots, or -ENOMEM; called again it only returns the number.
 */
export function allocChanResources(chan: IopAdmaChan): number {
  if (chan.pool !== undefined) return chan.pool.slots.length;
  const count = Math.floor(chan.poolBytes / SLOT_BYTES);
  if (count === 0) return Errno.ENOMEM;
  const txLock = `${chan.name}.tx`;
  const slots = Array.from(
    { length: count },
    (_, index) =>
      new IopAdmaSlot(chan, chan.kernel.spinLock(txLock), txSubmit, index, chan.poolBase + index * SLOT_BYTES),
  );
  chan.pool = new SlotPool(slots, chan.hw.aligned);
  startNull(chan);
  return count;
}

/** `iop_adma_free_chan_resources` (IA-76). */
export function freeChanResources(chan: IopAdmaChan): void {
  chan.lock.lockBh('iop_adma_free_chan_resources');
  chan.steps.finalCleanup(chan);
  const inUse = chan.chain.clear();
  chan.pool = undefined;
  chan.pending = 0;
  chan.errors = 0;
  chan.stoppedBehind = undefined;
  chan.lock.unlockBh();
  // One stays on the chain on purpose.
  if (inUse > 1) chan.kernel.printk(`IOP: Freeing ${inUse - 1} in use descriptors!`);
}

/** `iop_chan_start_null_memcpy` / `_xor`: something to append to from now on (IA-40 … IA-42). */
function startNull(chan: IopAdmaChan): void {
  const where = 'iop_chan_start_null';
  const { hw, kernel, lock } = chan;
  const { capMask } = chan.device;
  const xorOnly = !capMask.has(DmaCapability.MEMCPY);
  if (xorOnly && !capMask.has(DmaCapability.XOR)) bug('IA-40', 'neither copy nor xor', where);
  lock.lockBh(where);
  const slots = xorOnly ? hw.xorSlots[2] : hw.plainSlots;
  const slot = allocSlots(chan, slots, slots);
  if (slot === undefined) {
    kernel.printk(`${chan.device.parent}: failed to allocate null descriptor`);
    lock.unlockBh();
    return;
  }
  chan.steps.initDescriptor(slot, 0);
  chan.chain.appendGroup(slot);
  asyncTxAck(slot);
  if (xorOnly) hw.writeNullXor(kernel, slot.phys, false);
  else hw.writeMemcpy(kernel, slot.phys, 0, 0, 0, false);
  chan.steps.startCookie(slot);
  recordPrep(chan, slot, where);
  recordSubmit(chan, slot, kernel.now);
  bugOn(chan.readBusy(), 'IA-41', 'the channel is busy before it is started', where);
  clearErrStatus(chan);
  const { control, next } = hw.registers;
  chan.write(control, chan.read(control) & ~hw.enable);
  chan.write(next, slot.phys);
  bugOn(chan.nextDesc(slot) !== 0, 'IA-41', 'the null descriptor has a successor', where);
  chan.write(control, chan.read(control) | hw.enable);
  lock.unlockBh();
}
