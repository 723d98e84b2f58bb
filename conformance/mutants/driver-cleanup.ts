/** Drivers that clean up wrongly. */
import { asyncTxTestAck } from '../../dmaengine/descriptor';
import { DmaCtrl } from '../../dmaengine/flags';
import type { Mutant } from './mutant';
import { steps } from './replace';

/** A descriptor keeps the link to what waited for it, which is submitted once more at the next look. */
export const linkKept = steps((good) => ({
  runDependencies: (tx) => {
    const { next } = tx;
    good.runDependencies(tx);
    tx.next = next;
  },
}));

export const CLEANUP_MUTANTS: readonly Mutant[] = [
  {
    id: 'busy-before-current',
    rule: 'IA-50',
    says: 'The busy bit is read first and the current descriptor second, so that one which starts in between looks finished.',
    killedBy: 'assertion',
    install: steps(() => ({
      sample: (chan) => {
        chan.sampledBusy = chan.readBusy();
        chan.sampledCurrent = chan.readCurrent();
        chan.sampledFailure = false;
      },
    })),
  },
  {
    id: 'current-counts-as-done',
    rule: 'IA-53',
    says: 'The descriptor at which the engine stands is taken for complete.',
    commit: 'dmaengine: mv_xor: bug fix for racing condition in descriptors cleanup (9136291f1dbc, 2015)',
    install: steps(() => ({ stopsAtCurrent: () => false })),
  },
  {
    id: 'successor-not-looked-at',
    rule: 'IA-52',
    says: 'An idle engine means that all is done, also when something was linked behind the current descriptor.',
    commit: 'ioatdma: fix race between updating ioat->head and IOAT_COMPLETION_PENDING (4dec23d7718e, 2013)',
    install: steps(() => ({ stopsAtCurrent: (chan) => chan.sampledBusy })),
  },
  {
    id: 'recycled-when-followed',
    rule: 'IA-52',
    says: 'A completed descriptor is free once another is linked behind it, before the engine has read the link.',
    install: steps((good) => ({
      stopsAtCurrent: (chan, slot) => {
        const stops = good.stopsAtCurrent(chan, slot);
        const done = slot.cookie === 0 && asyncTxTestAck(slot);
        if (stops && done && !chan.sampledBusy) chan.resources('stopsAtCurrent').give(slot);
        return stops;
      },
    })),
  },
  {
    id: 'beyond-current',
    rule: 'IA-51',
    says: 'Everything on the chain is complete, whatever the engine is doing.',
    install: steps((good) => ({
      sample: (chan) => {
        good.sample(chan);
        chan.sampledCurrent = 0;
      },
    })),
  },
  {
    id: 'tasklet-without-lock',
    rule: 'IA-73',
    says: 'The tasklet cleans up without the lock of the channel, while others submit.',
    commit: 'async_tx: fix multiple dependency submission (19242d7233d, 2008)',
    killedBy: 'assertion',
    install: steps((good) => ({ tasklet: (chan) => good.cleanup(chan) })),
  },
  {
    id: 'group-completes-early',
    rule: 'IA-54',
    says: 'The members of a group are completed one by one.',
    install: steps(() => ({ startsGroup: () => false })),
  },
  {
    id: 'result-of-the-last-member',
    rule: 'IA-55',
    says: 'The result of a group is that of its last descriptor.',
    install: steps((good) => ({
      collectGroupResult: (chan, head) => {
        good.collectGroupResult(chan, head);
        let last = head;
        while (last.groupNext !== undefined) last = last.groupNext;
        if (head.checkResult !== undefined) head.checkResult.value = chan.hw.readZeroResult(chan.kernel, last.phys);
      },
    })),
  },
  {
    id: 'result-stored-again',
    rule: 'IA-56',
    says: 'The result of a check that is not acked is stored again at every visit.',
    install: steps((good) => ({
      collectResult: (chan, slot) => {
        const { checkResult } = slot;
        good.collectResult(chan, slot);
        if (checkResult !== undefined) checkResult.value = chan.hw.readZeroResult(chan.kernel, slot.phys);
      },
    })),
  },
  {
    id: 'result-forgotten',
    rule: 'XV-01',
    says: 'The result of a check is not stored at all.',
    install: steps(() => ({ collectResult: () => undefined })),
  },
  {
    id: 'callback-of-the-first-member',
    rule: 'AX-41',
    says: 'The callback is looked for on another descriptor of a group than the client’s.',
    commit: 'I/OAT: fix async_tx.callback checking (12ccea24e30, 2008)',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        if (slot.groupHead !== undefined && slot.groupHead !== slot) slot.callback = undefined;
        return good.complete(chan, slot, newest, result);
      },
    })),
  },
  {
    id: 'called-back-twice',
    rule: 'IA-57',
    says: 'Completion calls back when it sees the descriptor, and again when it has unmapped it.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        if (slot.cookie > 0) slot.callback?.();
        return good.complete(chan, slot, newest, result);
      },
    })),
  },
  {
    id: 'cookie-not-cleared',
    rule: 'CK-07',
    says: 'A completed descriptor keeps its cookie, and completes again at the next visit.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        const { cookie } = slot;
        const completed = good.complete(chan, slot, newest, result);
        slot.cookie = cookie;
        return completed;
      },
    })),
  },
  {
    id: 'oldest-cookie-published',
    rule: 'IA-61',
    says: 'Of all that one walk completes the first cookie is published, not the last.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        const completed = good.complete(chan, slot, newest, result);
        return newest > 0 ? newest : completed;
      },
    })),
  },
  {
    id: 'everything-published',
    rule: 'CK-09',
    says: 'Cleanup declares everything complete that was ever submitted.',
    install: steps(() => ({ publish: (chan) => (chan.completedCookie = chan.cookie) })),
  },
  {
    id: 'publish-never-wraps',
    rule: 'CK-10',
    says: 'The last completed cookie only ever grows.',
    install: steps((good) => ({
      publish: (chan, newest) => {
        if (newest > chan.completedCookie) good.publish(chan, newest);
      },
    })),
  },
  {
    id: 'status-published-before-callbacks',
    rule: 'WT-10',
    says: 'Status moves on with the interrupt, as far as the engine has been told, not as far as it has come.',
    install: steps((good) => ({
      cleanup: (chan) => {
        good.publish(chan, chan.cookie);
        good.cleanup(chan);
      },
    })),
  },
  {
    id: 'dependants-only-once',
    rule: 'SW-10',
    says: 'A descriptor that completed before is passed over, with what was attached to it since.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) =>
        slot.cookie === 0 ? newest : good.complete(chan, slot, newest, result),
    })),
  },
  {
    id: 'dependant-submitted-twice',
    rule: 'SW-04',
    says: 'The parent keeps its link, so every visit submits its child again.',
    commit: 'dmaengine: fix dependency chaining (dd59b8537f6, 2009)',
    install: linkKept,
  },
  {
    id: 'next-link-cut-too-far',
    rule: 'SW-05',
    says: 'The link to another channel is cut with the others, and what hangs there is never submitted.',
    commit: 'async_tx: fix the bug in async_tx_run_dependencies (de24125dd0a, 2008)',
    install: steps((good) => ({
      runDependencies: (tx) => {
        const links = [];
        for (let child = tx.next; child !== undefined; child = child.next) links.push(child);
        good.runDependencies(tx);
        for (const child of links) child.next = undefined;
      },
    })),
  },
  {
    id: 'only-the-first-dependant',
    rule: 'SW-04',
    says: 'Of several that wait for one descriptor the first is submitted and the others are forgotten.',
    install: steps((good) => ({
      runDependencies: (tx) => {
        const { next } = tx;
        if (next !== undefined && next.next?.chan === next.chan) next.next = undefined;
        good.runDependencies(tx);
      },
    })),
  },
  {
    id: 'dependants-before-callback',
    rule: 'IA-58',
    says: 'What waits for a descriptor is submitted before that one has called back.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        chan.steps.runDependencies(slot);
        return good.complete(chan, slot, newest, result);
      },
    })),
  },
  {
    id: 'recycled-before-ack',
    rule: 'IA-59',
    says: 'Completed descriptors are recycled whether their client has acked them or not.',
    commit: 'dmaengine: Freescale: change descriptor release process for supporting async_tx (43452fadd614, 2014)',
    install: steps((good) => ({
      cleanSlot: (chan, slot) => {
        const { flags } = slot;
        slot.flags |= DmaCtrl.CTRL_ACK;
        const over = good.cleanSlot(chan, slot);
        slot.flags = flags;
        return over;
      },
    })),
  },
  {
    id: 'unacked-holds-up-all',
    rule: 'IA-60',
    says: 'The walk stops at the first descriptor that nobody has acked.',
    install: steps((good) => ({ cleanSlot: (chan, slot) => !asyncTxTestAck(slot) || good.cleanSlot(chan, slot) })),
  },
  {
    id: 'last-one-recycled',
    rule: 'IA-42',
    says: 'The last descriptor is recycled as well, and nothing is left to append to.',
    install: steps((good) => ({
      cleanSlot: (chan, slot) => {
        if (slot !== chan.chain.last || !asyncTxTestAck(slot)) return good.cleanSlot(chan, slot);
        chan.chain.remove(slot);
        chan.resources('cleanSlot').give(slot);
        return true;
      },
    })),
  },
  {
    id: 'freed-in-part',
    rule: 'IA-12',
    says: 'Of a descriptor that is recycled only the first slot becomes free.',
    install: steps((good) => ({
      cleanSlot: (chan, slot) => {
        const { slotsPerOp } = chan.resources('cleanSlot');
        const count = slotsPerOp[slot.index];
        const over = good.cleanSlot(chan, slot);
        if (slotsPerOp[slot.index] === 0) slotsPerOp.fill(1, slot.index + 1, slot.index + count);
        return over;
      },
    })),
  },
];
