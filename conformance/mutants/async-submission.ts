/** Broken async_tx: submission, dependencies, channel switches. */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTx } from '../../async_tx/async-tx';
import { attachToLink } from '../../async_tx/attach';
import type { AsyncSubmit } from '../../async_tx/submit';
import { AsyncTxFlags } from '../../async_tx/submit';
import type { DmaCapability } from '../../dmaengine/capability';
import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import { asyncTxAck } from '../../dmaengine/descriptor';
import type { DmaChan } from '../../dmaengine/device';
import { DmaCtrl } from '../../dmaengine/flags';
import { api, generation, steps } from './async-parts';
import { linkKept } from './driver-cleanup';
import type { Mutant } from './mutant';

type Submission = Parameters<AsyncTx['submit']>;

/** Acks the dependency before anything hangs on it. */
class AcksTooEarly extends AsyncTx {
  override submit(...[chan, tx, submit, redo]: Submission): void {
    if (submit.dependTx !== null) asyncTxAck(submit.dependTx);
    super.submit(chan, tx, submit, redo);
  }
}

/** Does not look at ACK. */
class IgnoresAck extends AsyncTx {
  override submit(...[chan, tx, submit, redo]: Submission): void {
    super.submit(chan, tx, { ...submit, flags: submit.flags & ~AsyncTxFlags.ACK }, redo);
  }
}

/** Acks whatever it submits. */
class AcksEverything extends AsyncTx {
  override submit(...[chan, tx, submit, redo]: Submission): void {
    super.submit(chan, tx, { ...submit, flags: submit.flags | AsyncTxFlags.ACK }, redo);
  }
}

/** Leaves a descriptor a parent, here itself, where it has no dependency. */
class KeepsParent extends AsyncTx {
  override submit(...[chan, tx, submit, redo]: Submission): void {
    super.submit(chan, tx, submit, redo);
    if (submit.dependTx === null) tx.parent ??= tx;
  }
}

/** Interrupt descriptors come acked. */
class AcksInterruptAtOnce extends AsyncTx {
  override prepInterrupt(chan: DmaChan): AsyncTxResult {
    const interrupt = super.prepInterrupt(chan);
    if (interrupt !== null) asyncTxAck(interrupt);
    return interrupt;
  }
}

/** Takes bits out of the prep flags, or puts some in. */
class AsksWithoutFence extends AsyncTx {
  override prepFlags(submit: AsyncSubmit): number {
    return super.prepFlags(submit) & ~DmaCtrl.PREP_FENCE;
  }
}
class AsksWithoutInterrupt extends AsyncTx {
  override prepFlags(submit: AsyncSubmit): number {
    return super.prepFlags(submit) & ~DmaCtrl.PREP_INTERRUPT;
  }
}
class AlwaysInterrupts extends AsyncTx {
  override prepFlags(submit: AsyncSubmit): number {
    return super.prepFlags(submit) | DmaCtrl.PREP_INTERRUPT;
  }
}

/** Never hangs anything behind a chain. */
class NoInterruptDescriptors extends AsyncTx {
  override prepInterrupt(): null {
    return null;
  }
}

/** Looks in the table alone. */
class ForgetsDependencyChannel extends AsyncTx {
  override findChannel(submit: AsyncSubmit, capability: DmaCapability): DmaChan | undefined {
    return super.findChannel({ ...submit, dependTx: null }, capability);
  }
}
class SwitchesAnyway extends AsyncTx {
  override findChannel(...[submit, capability]: Parameters<AsyncTx['findChannel']>): DmaChan | undefined {
    const chosen = super.findChannel(submit, capability);
    return chosen ?? this.dma.findChannel(capability);
  }
}

/** Flushes nothing. */
class NeverIssues extends AsyncTx {
  override issuePending(): void {
    return;
  }
}

export const ASYNC_SUBMISSION_MUTANTS: readonly Mutant[] = [
  {
    id: 'child-overtakes',
    rule: 'AX-31',
    says: 'A child of a waiting descriptor on the same channel is submitted at once.',
    commit: 'async_tx: fix multiple dependency submission (19242d7233d, 2008)',
    install: steps({ chainsBehind: () => false }),
  },
  {
    id: 'child-always-chained',
    rule: 'AX-42',
    says: 'A child on the same channel is chained, also behind a descriptor that is complete.',
    install: steps({ chainsBehind: (dependTx, chan) => dependTx.chan === chan }),
  },
  {
    id: 'interrupt-overtakes',
    rule: 'AX-35',
    says: 'The interrupt descriptor of a channel switch is submitted at once, also behind a waiting descriptor.',
    commit: 'Fix the bug in processing ASYNC_TX dependencies on the same ADMA channel (denx 8d5ebdee13c, 2007)',
    install: steps({ interruptWaits: () => false }),
  },
  {
    id: 'interrupt-always-chained',
    rule: 'AX-42',
    says: 'The interrupt descriptor is chained, also behind a descriptor that is submitted or complete.',
    install: steps({ interruptWaits: () => true }),
  },
  {
    id: 'switch-without-link',
    rule: 'AX-40',
    says: 'A child on another channel is submitted at once.',
    install: generation({
      attach: (async, chan, tx, dependTx) => {
        if (dependTx.chan === chan) attachToLink(async, chan, tx, dependTx);
        else tx.txSubmit(tx);
      },
    }),
  },
  {
    id: 'later-link-cut',
    rule: 'SW-05',
    says: 'Who submits what waits for a descriptor cuts the links behind that, also those to other channels.',
    commit: 'async_tx: fix the bug in async_tx_run_dependencies (de24125dd0a, 2008)',
    install: (parts) => {
      const { steps: driver } = parts;
      parts.steps = {
        ...driver,
        runDependencies: (tx) => {
          for (let link = tx.next; link !== undefined; link = link.next) {
            if (link.next?.chan !== link.chan) link.next = undefined;
          }
          driver.runDependencies(tx);
        },
      };
    },
  },
  {
    id: 'submitted-again',
    rule: 'AX-41',
    says: 'What waited for a descriptor hangs on it still when it has been submitted, and is submitted at the next look.',
    commit: 'dmaengine: fix dependency chaining (dd59b8537f6, 2009)',
    install: linkKept,
  },
  {
    id: 'no-interrupt-descriptor',
    rule: 'AX-51',
    says: 'A trigger never hangs a descriptor behind the chain, it waits.',
    install: api(NoInterruptDescriptors),
  },
  {
    id: 'alignment-ignored',
    rule: 'MC-01',
    says: 'An engine gets operations that its alignment does not allow.',
    install: steps({ aligned: () => true }),
  },
  {
    id: 'no-flush-at-switch',
    rule: 'AX-35',
    says: 'A channel switch does not set the dependency’s channel going.',
    install: steps({ flushSwitch: () => undefined }),
  },
  {
    id: 'interrupt-acked-early',
    rule: 'AX-37',
    says: 'The interrupt descriptor is acked before it is submitted or chained.',
    killedBy: 'assertion',
    install: api(AcksInterruptAtOnce),
  },
  {
    id: 'interrupt-never-acked',
    rule: 'AX-37',
    says: 'The interrupt descriptor is never acked.',
    install: steps({ ackInterrupt: () => undefined }),
  },
  {
    id: 'switch-does-not-wait',
    rule: 'AX-36',
    says: 'Without an interrupt descriptor a switch submits at once.',
    install: steps({ waitInPlace: () => true }),
  },
  {
    id: 'switch-never-panics',
    rule: 'AX-36',
    says: 'Without an interrupt descriptor a switch goes on whatever became of the dependency.',
    install: steps({
      waitInPlace: (async, dependTx) => {
        async.waitedFor(dependTx);
        return true;
      },
    }),
  },
  {
    id: 'dependency-never-acked',
    rule: 'AX-33',
    says: 'Submission does not ack the dependency.',
    install: generation({ acksDependency: false }),
  },
  {
    id: 'dependency-acked-early',
    rule: 'AX-33',
    says: 'The dependency is acked before the child is attached.',
    install: api(AcksTooEarly),
  },
  {
    id: 'acked-takes-a-child',
    rule: 'AX-30',
    says: 'A child is attached to an acked descriptor as if nothing were wrong.',
    install: generation({
      attach: (async, chan, tx, dependTx: DmaAsyncTxDescriptor) => {
        dependTx.flags &= ~DmaCtrl.CTRL_ACK;
        attachToLink(async, chan, tx, dependTx);
      },
    }),
  },
  {
    id: 'second-child-accepted',
    rule: 'AX-30',
    says: 'A second child takes the place of the first.',
    install: generation({
      attach: (async, chan, tx, dependTx: DmaAsyncTxDescriptor) => {
        dependTx.next = undefined;
        attachToLink(async, chan, tx, dependTx);
      },
    }),
  },
  {
    id: 'ack-ignored',
    rule: 'AX-06',
    says: 'ACK does not ack.',
    install: api(IgnoresAck),
  },
  {
    id: 'everything-acked',
    rule: 'AX-06',
    says: 'Every descriptor is acked when it is submitted.',
    install: api(AcksEverything),
  },
  {
    id: 'parent-without-dependency',
    rule: 'AX-32',
    says: 'A descriptor without a dependency keeps a parent.',
    install: api(KeepsParent),
  },
  {
    id: 'fence-dropped',
    rule: 'AX-09',
    says: 'FENCE does not reach the driver.',
    install: api(AsksWithoutFence),
  },
  {
    id: 'callback-without-interrupt',
    rule: 'AX-10',
    says: 'A descriptor with a callback does not ask for an interrupt.',
    install: api(AsksWithoutInterrupt),
  },
  {
    id: 'interrupt-each',
    rule: 'AX-10',
    says: 'Every descriptor interrupts.',
    install: api(AlwaysInterrupts),
  },
  {
    id: 'table-channel',
    rule: 'AX-20',
    says: 'A child always runs on the table’s channel.',
    install: api(ForgetsDependencyChannel),
  },
  {
    id: 'switch-configured-out-ignored',
    rule: 'AX-21',
    says: 'Channels are switched though the kernel is built without that.',
    install: api(SwitchesAnyway),
  },
  {
    id: 'issue-pending-empty',
    rule: 'AX-12',
    says: 'The flush of one operation’s channel does nothing.',
    install: api(NeverIssues),
  },
];
