/**
 * The slot pool of one channel (semantics 2.1): descriptor memory as an array of 32-byte slots, handed out
 * in runs of consecutive ones.
 */
import type { SpinLock } from '../../emulator/kernel/spinlock';
import { DmaAsyncTxDescriptor } from '../descriptor';
import type { DmaCookie } from '../cookie';
import { EBUSY_COOKIE } from '../cookie';
import type { DmaChan } from '../device';
import type { SumCheckResult } from '../flags';
import { DmaCtrl } from '../flags';

/** `IOP_ADMA_SLOT_SIZE`: bytes (IA-01). */
export const SLOT_BYTES = 32;

/**
 * `struct iop_adma_desc_slot`: the bookkeeping of one slot, and the client's descriptor while the slot is
 * the first one of a hardware descriptor.
 */
export class IopAdmaSlot extends DmaAsyncTxDescriptor {
  /** Slots from here to the end of the group, this descriptor's own included (IA-08). */
  slotCnt = 0;
  /** On the descriptor the client has: the first one of its group (IA-09). */
  groupHead: IopAdmaSlot | undefined;
  /** The next descriptor of the same group. */
  groupNext: IopAdmaSlot | undefined;
  /** On the first descriptor of a check: where its result goes. */
  checkResult: SumCheckResult | undefined;
  /** Neighbours on the channel's chain. */
  chainPrev: IopAdmaSlot | undefined;
  chainNext: IopAdmaSlot | undefined;

  constructor(
    chan: DmaChan,
    lock: SpinLock,
    txSubmit: (tx: DmaAsyncTxDescriptor) => DmaCookie,
    readonly index: number,
    phys: number,
  ) {
    super(chan, lock, txSubmit);
    this.phys = phys;
    this.cookie = 0;
  }
}

/** Whether a run of slots may start at this index (IA-07). */
export type SlotAlignment = (index: number, slotsPerOp: number) => boolean;

/**
 * The search of `iop_adma_alloc_slots` (IA-05 … IA-07): first after the last slot that was handed out, then
 * once more from the beginning, where the first busy slot ends it. Returns the first index of the run, or -1.
 * @param busy slots_per_op of every slot, 0 when it is free (IA-04)
 * @param count consecutive slots wanted
 */
export function findRun(
  busy: Uint8Array,
  lastUsed: number,
  count: number,
  slotsPerOp: number,
  aligned: SlotAlignment,
): number {
  for (let pass = 0; pass < 2; pass++) {
    let found = 0;
    for (let index = pass === 0 ? lastUsed + 1 : 0; index < busy.length; index++) {
      if (busy[index] !== 0) {
        if (pass === 1) return -1;
        found = 0;
      } else if ((found > 0 || aligned(index - found, slotsPerOp)) && ++found === count) {
        return index - count + 1;
      }
    }
  }
  return -1;
}

export class SlotPool {
  /** slots_per_op of every slot: what is left of its operation from here on, 0 when it is free (IA-04, IA-08). */
  readonly slotsPerOp: Uint8Array;
  /** The final slot of the latest allocation; the first search starts behind slot 0 (IA-14). */
  lastUsed = 0;
  /** Slots that are not free. */
  used = 0;

  constructor(
    readonly slots: readonly IopAdmaSlot[],
    private readonly aligned: SlotAlignment,
  ) {
    this.slotsPerOp = new Uint8Array(slots.length);
  }

  /** Slots that are free. */
  get free(): number {
    return this.slotsPerOp.length - this.used;
  }

  /**
   * Takes `count` consecutive slots as a group of count / slotsPerOp descriptors (IA-03, IA-08, IA-09) and
   * returns the group's last descriptor, the client's; undefined when no run is free.
   */
  take(count: number, slotsPerOp: number): IopAdmaSlot | undefined {
    const start = findRun(this.slotsPerOp, this.lastUsed, count, slotsPerOp, this.aligned);
    if (start < 0) return undefined;
    const head = this.slots[start];
    let tail = head;
    for (let left = count, index = start; left > 0; left -= slotsPerOp, index += slotsPerOp) {
      const member = this.slots[index];
      if (member !== head) tail.groupNext = member;
      tail = member;
      member.cookie = 0;
      member.slotCnt = left;
      member.groupHead = undefined;
      member.groupNext = undefined;
      member.checkResult = undefined;
      if (left !== slotsPerOp) member.flags |= DmaCtrl.CTRL_ACK;
      for (let i = 0; i < slotsPerOp; i++) this.slotsPerOp[index + i] = slotsPerOp - i;
    }
    tail.groupHead = head;
    tail.cookie = EBUSY_COOKIE;
    this.lastUsed = start + count - 1;
    this.used += count;
    return tail;
  }

  /** `iop_adma_free_slots`: all slots of one descriptor (IA-12). */
  give(slot: IopAdmaSlot): void {
    const { index } = slot;
    this.used -= this.slotsPerOp[index];
    this.slotsPerOp.fill(0, index, index + this.slotsPerOp[index]);
  }
}
