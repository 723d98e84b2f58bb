import type { IopAdmaSlot } from './slots';

/** The descriptors of a channel in the order they execute, oldest first, linked through the slots themselves. */
export class Chain {
  first: IopAdmaSlot | undefined;
  last: IopAdmaSlot | undefined;
  length = 0;

  /** Puts a whole group at the end. */
  appendGroup(head: IopAdmaSlot): void {
    for (let member: IopAdmaSlot | undefined = head; member !== undefined; member = member.groupNext) {
      member.chainPrev = this.last;
      member.chainNext = undefined;
      if (this.last === undefined) this.first = member;
      else this.last.chainNext = member;
      this.last = member;
      this.length++;
    }
  }

  /** Takes one descriptor off. */
  remove(slot: IopAdmaSlot): void {
    const { chainPrev, chainNext } = slot;
    if (chainPrev === undefined) this.first = chainNext;
    else chainPrev.chainNext = chainNext;
    if (chainNext === undefined) this.last = chainPrev;
    else chainNext.chainPrev = chainPrev;
    slot.chainPrev = undefined;
    slot.chainNext = undefined;
    this.length--;
  }

  /** Takes everything off; returns how many there were. */
  clear(): number {
    const { length } = this;
    while (this.first !== undefined) this.remove(this.first);
    return length;
  }
}
