/** The prep routines: each takes slots, writes the hardware's descriptor and hands the group's tail out. */
import { bugOn } from '../../emulator/kernel/bug';
import type { Prepared } from '../device';
import type { SumCheckResult } from '../flags';
import { DmaCtrl } from '../flags';
import type { IopAdmaChan } from './channel';
import type { IopAdmaSlot } from './slots';

/**
 * `iop_adma_alloc_slots`: a group with its first and last next pointers cleared (IA-10). When no run is free
 * cleanup runs at once, so that the next attempt may find one (IA-11). The caller holds the channel's lock.
 */
export function allocSlots(chan: IopAdmaChan, count: number, slotsPerOp: number): IopAdmaSlot | undefined {
  const tail = chan.resources('iop_adma_alloc_slots').take(count, slotsPerOp);
  if (tail === undefined) {
    chan.steps.reclaim(chan);
    return undefined;
  }
  const head = tail.groupHead!;
  chan.setNextDesc(head, 0);
  if (head !== tail) chan.setNextDesc(tail, 0);
  return tail;
}

/** `iop_adma_prep_dma_memcpy`. */
export function prepMemcpy(chan: IopAdmaChan, dest: number, src: number, len: number, flags: number): Prepared {
  const where = 'iop_adma_prep_dma_memcpy';
  const { hw, kernel } = chan;
  if (len === 0) return null;
  bugOn(len > hw.maxBytes, 'IA-23', 'longer than one descriptor can move', where);
  const slot = begin(chan, hw.plainSlots, hw.plainSlots, flags, where);
  if (slot !== undefined) hw.writeMemcpy(kernel, slot.phys, dest, src, len, wantsInterrupt(flags));
  return end(chan, slot, where);
}

/** `iop_adma_prep_dma_xor`. */
export function prepXor(
  chan: IopAdmaChan,
  dest: number,
  srcs: readonly number[],
  srcCnt: number,
  len: number,
  flags: number,
): Prepared {
  const where = 'iop_adma_prep_dma_xor';
  const { hw, kernel } = chan;
  if (len === 0) return null;
  bugOn(len > hw.maxBytes, 'IA-23', 'longer than one descriptor can combine', where);
  bugOn(srcCnt < 1 || srcCnt > hw.maxXor, 'IA-21', 'no descriptor has that many sources', where);
  const slots = hw.xorSlots[srcCnt];
  const slot = begin(chan, slots, slots, flags, where);
  if (slot !== undefined) hw.writeXor(kernel, slot.phys, dest, srcs, srcCnt, len, wantsInterrupt(flags));
  return end(chan, slot, where);
}

/**
 * `iop_adma_prep_dma_xor_val`: a check longer than one descriptor can do becomes a group (IA-22), and every
 * member interrupts when the operation does (IA-25).
 */
export function prepXorVal(
  chan: IopAdmaChan,
  srcs: readonly number[],
  srcCnt: number,
  len: number,
  result: SumCheckResult,
  flags: number,
): Prepared {
  const where = 'iop_adma_prep_dma_xor_val';
  const { hw, kernel } = chan;
  if (len === 0) return null;
  bugOn(srcCnt < 1 || srcCnt > hw.maxXor, 'IA-21', 'no descriptor has that many sources', where);
  const slotsPerOp = hw.xorSlots[srcCnt];
  const slot = begin(chan, slotsPerOp * Math.ceil(len / hw.maxCheckBytes), slotsPerOp, flags, where);
  if (slot !== undefined) {
    slot.groupHead!.checkResult = result;
    let done = 0;
    for (let member = slot.groupHead; member !== undefined; member = member.groupNext) {
      const bytes = Math.min(hw.maxCheckBytes, len - done);
      hw.writeXorVal(kernel, member.phys, srcs, srcCnt, done, bytes, wantsInterrupt(flags));
      if (member.groupNext !== undefined) chan.setNextDesc(member, member.groupNext.phys);
      done += bytes;
    }
  }
  return end(chan, slot, where);
}

/**
 * `iop_adma_prep_dma_memset`. The engine fills with a 32-bit pattern; Linux passed its raw `int` value on,
 * right only for 0. Here the byte is replicated, as memset says.
 */
export function prepMemset(chan: IopAdmaChan, dest: number, value: number, len: number, flags: number): Prepared {
  const where = 'iop_adma_prep_dma_memset';
  const { hw, kernel } = chan;
  if (len === 0) return null;
  bugOn(len > hw.maxBytes, 'IA-23', 'longer than one descriptor can fill', where);
  const slot = begin(chan, hw.plainSlots, hw.plainSlots, flags, where);
  const pattern = ((value & 0xff) * 0x0101_0101) >>> 0;
  if (slot !== undefined) hw.writeMemset(kernel, slot.phys, dest, pattern, len, wantsInterrupt(flags));
  return end(chan, slot, where);
}

/** `iop_adma_prep_dma_interrupt`: nothing is moved, and the end always interrupts (IA-24). */
export function prepInterrupt(chan: IopAdmaChan, flags: number): Prepared {
  const where = 'iop_adma_prep_dma_interrupt';
  const { hw, kernel } = chan;
  const slot = begin(chan, hw.plainSlots, hw.plainSlots, flags, where);
  if (slot !== undefined) hw.writeInterrupt(kernel, slot.phys);
  return end(chan, slot, where);
}

/** Takes the lock and the slots; the flags word is written whole (CF-05). */
export function begin(
  chan: IopAdmaChan,
  count: number,
  slotsPerOp: number,
  flags: number,
  where: string,
): IopAdmaSlot | undefined {
  chan.touchesDescriptors(where);
  chan.kernel.spend(chan.kernel.costs.prep);
  chan.lock.lockBh(where);
  const slot = allocSlots(chan, count, slotsPerOp);
  if (slot !== undefined) chan.steps.initDescriptor(slot, flags);
  return slot;
}

/** Lets go of the lock; null when there was no run of slots. */
export function end(chan: IopAdmaChan, slot: IopAdmaSlot | undefined, where: string): Prepared {
  if (slot !== undefined) recordPrep(chan, slot, where);
  chan.lock.unlockBh();
  return slot ?? null;
}

/** IA-25. */
export function wantsInterrupt(flags: number): boolean {
  return (flags & DmaCtrl.PREP_INTERRUPT) !== 0;
}

/** Records a group that is written. @param slot its last descriptor */
export function recordPrep({ trace, name, pool }: IopAdmaChan, { phys, groupHead }: IopAdmaSlot, call: string): void {
  trace?.emit('driver.prep', {
    ...{ chan: name, call, descriptor: phys, head: groupHead!.phys },
    ...{ slots: groupHead!.slotCnt, used: pool!.used },
  });
}
