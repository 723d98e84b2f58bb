/** Drivers that submit, append and flush wrongly. */
import { DmaCtrl } from '../../dmaengine/flags';
import { EBUSY_COOKIE } from '../../dmaengine/cookie';
import type { IopAdmaChan } from '../../dmaengine/iop-adma/channel';
import type { Mutant } from './mutant';
import { hardware, steps } from './replace';

export const SUBMIT_MUTANTS: readonly Mutant[] = [
  {
    id: 'link-not-flushed',
    rule: 'IA-43',
    says: 'The link to the new descriptor is left in the write buffer, where the doorbell overtakes it.',
    commit: 'iop-adma: add a dummy read to flush next descriptor update (137cb55c6dc, 2008)',
    install: steps(() => ({ linkTail: (chan, tail, phys) => chan.setNextDesc(tail, phys) })),
  },
  {
    id: 'doorbell-before-link',
    rule: 'IA-43',
    says: 'The engine is told of new work before the link to it is written.',
    install: steps((good) => ({
      linkTail: (chan, tail, phys) => {
        good.append(chan);
        good.linkTail(chan, tail, phys);
      },
      checkThreshold: (chan) => (chan.pending = 0),
    })),
  },
  {
    id: 'link-to-the-last-of-a-group',
    rule: 'IA-43',
    says: 'The old tail is linked to the last descriptor of the new group, past all others.',
    install: steps((good) => ({
      linkTail: (chan, tail, phys) => {
        const { last } = chan.chain;
        good.linkTail(chan, tail, last?.phys ?? phys);
      },
    })),
  },
  {
    id: 'threshold-off',
    rule: 'AX-12',
    says: 'However much is pending, nothing starts without a flush.',
    install: steps(() => ({ checkThreshold: () => undefined })),
  },
  {
    id: 'pending-forgotten',
    rule: 'IA-45',
    says: 'What is submitted below the threshold is not counted as pending, so the flush finds nothing to do.',
    install: steps((good) => ({
      checkThreshold: (chan) => {
        good.checkThreshold(chan);
        chan.pending = 0;
      },
    })),
  },
  {
    id: 'flush-only-when-idle',
    rule: 'IA-46',
    says: 'A flush leaves a running engine alone, which will see the new link by itself.',
    install: steps((good) => ({
      issuePending: (chan) => (chan.readBusy() ? void (chan.pending = 0) : good.issuePending(chan)),
    })),
  },
  {
    id: 'cookie-of-the-first-member',
    rule: 'CK-03',
    says: 'Of a group the first descriptor gets the cookie, and the one that completes it keeps -EBUSY.',
    commit: 'fsldma: fix infinite loop on multi-descriptor DMA chain completion (bcfb7465c03, 2009)',
    install: steps((good) => ({
      assignCookie: (slot) => {
        const cookie = good.assignCookie(slot);
        const { groupHead } = slot;
        if (groupHead === undefined || groupHead === slot) return cookie;
        slot.cookie = EBUSY_COOKIE;
        groupHead.cookie = cookie;
        return cookie;
      },
    })),
  },
  {
    id: 'cookie-not-on-the-channel',
    rule: 'CK-03',
    says: 'The cookie is given to the descriptor, and the channel does not move on.',
    install: steps((good) => ({
      assignCookie: (slot) => {
        const { cookie } = slot.chan;
        const assigned = good.assignCookie(slot);
        slot.chan.cookie = cookie;
        return assigned;
      },
    })),
  },
  {
    id: 'cookie-wraps-to-negative',
    rule: 'CK-05',
    says: 'After the largest cookie comes the most negative one.',
    install: steps(() => ({ assignCookie: (slot) => (slot.cookie = slot.chan.cookie = (slot.chan.cookie + 1) | 0) })),
  },
  {
    id: 'cookie-wraps-to-zero',
    rule: 'CK-05',
    says: 'After the largest cookie comes 0, which is nobody.',
    install: steps(() => ({
      assignCookie: (slot) => (slot.cookie = slot.chan.cookie = (slot.chan.cookie + 1) & 0x7fff_ffff),
    })),
  },
  {
    id: 'stale-ack',
    rule: 'CF-05',
    says: 'A recycled descriptor keeps the ack of its former life.',
    commit: 'ioat: fix ‘ack’ handling, driver must ensure that ‘ack’ is zero (6497dcffe07, 2008)',
    install: steps((good) => ({
      initDescriptor: (slot, flags) => good.initDescriptor(slot, flags | (slot.flags & DmaCtrl.CTRL_ACK)),
    })),
  },
  {
    id: 'stale-callback',
    rule: 'CF-05',
    says: 'A recycled descriptor keeps the callback of its former life.',
    install: steps((good) => ({
      initDescriptor: (slot, flags) => {
        const { callback } = slot;
        good.initDescriptor(slot, flags);
        slot.callback = callback;
      },
    })),
  },
  {
    id: 'reclaim-missing',
    rule: 'IA-11',
    says: 'A prep that finds no slot leaves the cleaning up to the tasklet, which cannot run while its caller spins.',
    commit: 'iop_adma: directly reclaim descriptors on allocation failure (c7141d005a1, 2008)',
    install: steps(() => ({ reclaim: (chan) => chan.kernel.tasklets.schedule(chan.tasklet) })),
  },
  {
    id: 'slots-too-few',
    rule: 'IA-21',
    says: 'Wide descriptors get a slot less than they are long, and the next one begins in their end.',
    commit: 'fixed before it was merged, says the changelog (c211092313b, 2007)',
    install: hardware(({ xorSlots }) => ({
      xorSlots: xorSlots.map((slots) => Math.max(slots - 1, Math.min(slots, 1))),
    })),
  },
  {
    id: 'not-busy-when-prepared',
    rule: 'CK-02',
    says: 'A prepared descriptor has cookie 0, as if it were complete.',
    install: steps((good) => ({
      initDescriptor: (slot, flags) => {
        good.initDescriptor(slot, flags);
        slot.cookie = 0;
      },
    })),
  },
  {
    id: 'prepared-and-free',
    rule: 'IA-09',
    says: 'A descriptor is taken when it is submitted, so that two clients can prepare the same.',
    install: steps((good) => ({
      initDescriptor: (slot, flags) => {
        good.initDescriptor(slot, flags);
        const pool = (slot.chan as IopAdmaChan).resources('initDescriptor');
        pool.give(slot);
        pool.lastUsed = slot.index - 1;
      },
    })),
  },
  {
    id: 'child-with-its-parent',
    rule: 'AX-40',
    says: 'What waits for a descriptor is submitted with it, not when it is complete.',
    commit: 'async_tx: fix multiple dependency submission (19242d7233d, 2008)',
    install: steps((good) => ({
      assignCookie: (slot) => {
        const cookie = good.assignCookie(slot);
        const { chan } = slot;
        if (slot.next !== undefined && slot.next.chan !== chan) good.runDependencies(slot);
        return cookie;
      },
    })),
  },
];
