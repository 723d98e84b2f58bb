/** Broken async_tx: waiting, letting go, and what happens when no descriptor is to be had. */
import { AsyncTx } from '../../async_tx/async-tx';
import type { AsyncTxResult } from '../../async_tx/async-tx';
import type { AsyncSubmit } from '../../async_tx/submit';
import { dmaWaitForAsyncTx1 } from '../../dmaengine/legacy/waiting';
import { dmaSyncWait, dmaWaitForAsyncTx } from '../../dmaengine/waiting';
import { SECOND } from '../../emulator/sim/time';
import { api, generation, steps } from './async-parts';
import type { Mutant } from './mutant';

/** Waits and lets the descriptor lie. */
class QuiescesWithoutAck extends AsyncTx {
  override quiesceTx(tx: AsyncTxResult): null {
    if (tx !== null) this.waitedFor(tx);
    return null;
  }
}

/** Acks and does not wait. */
class QuiescesWithoutWait extends AsyncTx {
  override waitedFor(): boolean {
    return true;
  }
}

/** Quiesces what is acked. */
class QuiescesAnything extends AsyncTx {
  override quiesceTx(tx: AsyncTxResult): null {
    if (tx !== null) tx.flags = 0;
    return super.quiesceTx(tx);
  }
}

/** The record keeps a dependency that is acked. */
class KeepsStaleDependency extends AsyncTx {
  override quiesce(submit: AsyncSubmit): void {
    const { dependTx } = submit;
    super.quiesce(submit);
    submit.dependTx = dependTx;
  }
}

/** What the processor does does not wait for anything. */
class ForgetsToQuiesce extends AsyncTx {
  override quiesce(submit: AsyncSubmit): void {
    submit.dependTx = null;
  }
}

/** Operations of the processor end in silence, or twice. */
class SilentEpilog extends AsyncTx {
  override syncEpilog(submit: AsyncSubmit): void {
    super.syncEpilog({ ...submit, callback: undefined });
  }
}
class DoubleEpilog extends AsyncTx {
  override syncEpilog(submit: AsyncSubmit): void {
    super.syncEpilog(submit);
    submit.callback?.();
  }
}

/** Whoever is called back does not wait. */
class TriggersAtOnce extends AsyncTx {
  override quiesce(submit: AsyncSubmit): void {
    if (submit.callback === undefined) super.quiesce(submit);
    else submit.dependTx = null;
  }
}

export const ASYNC_WAITING_MUTANTS: readonly Mutant[] = [
  {
    id: 'wait-of-2007',
    rule: 'WT-10',
    says: 'The wait asks for the cookie of a descriptor that is not submitted: -EBUSY, which reads as complete.',
    commit: 'async_tx: fix multiple dependency submission (19242d7233d, 2008)',
    install: generation({ wait: dmaWaitForAsyncTx1 }),
  },
  {
    id: 'wait-at-ebusy',
    rule: 'WT-09',
    says: 'The wait does not spin until the descriptor is submitted.',
    install: generation({
      wait: (kernel, tx) => (tx === null ? 'complete' : dmaSyncWait(kernel, tx.chan, tx.cookie)),
    }),
  },
  {
    id: 'wait-for-nothing',
    rule: 'WT-01',
    says: 'Waiting for nothing is an error.',
    install: generation({ wait: (kernel, tx) => (tx === null ? 'error' : dmaWaitForAsyncTx(kernel, tx)) }),
  },
  {
    id: 'wait-never-flushes',
    rule: 'SW-01',
    says: 'The wait asks, and does not set the channel going.',
    install: generation({
      wait: (kernel, tx) => {
        const deadline = kernel.now + 5 * SECOND;
        while (tx !== null && tx.cookie !== 0 && kernel.now < deadline) {
          if (tx.chan.device.deviceTxStatus?.(tx.chan, tx.cookie) === 'complete') break;
          kernel.processor.relax('SW-01', 'dma_wait_for_async_tx', deadline);
        }
        return kernel.now < deadline ? 'complete' : 'error';
      },
    }),
  },
  {
    id: 'wait-panics-only-at-error',
    rule: 'AX-50',
    says: 'Whoever waits takes any status but error for success.',
    commit: 'async_tx: fix checking of dma_wait_for_async_tx() return value (2012)',
    install: generation({ panicsAt: (status) => status === 'error' }),
  },
  {
    id: 'wait-without-limit-says-complete',
    rule: 'SW-01',
    says: 'A wait that ran out of time says complete.',
    install: generation({
      wait: (kernel, tx) => {
        const status = dmaWaitForAsyncTx(kernel, tx);
        return status === 'error' ? 'complete' : status;
      },
    }),
  },
  {
    id: 'quiesce-without-ack',
    rule: 'AX-50',
    says: 'Quiescing does not ack the descriptor.',
    install: api(QuiescesWithoutAck),
  },
  {
    id: 'quiesce-without-wait',
    rule: 'WT-10',
    says: 'Quiescing does not wait.',
    install: api(QuiescesWithoutWait),
  },
  {
    id: 'quiesce-anything',
    rule: 'AX-50',
    says: 'Quiescing a descriptor that is acked passes.',
    install: api(QuiescesAnything),
  },
  {
    id: 'stale-dependency',
    rule: 'AX-05',
    says: 'A dependency that was waited for and acked stays in the record.',
    install: api(KeepsStaleDependency),
  },
  {
    id: 'processor-does-not-wait',
    rule: 'AX-05',
    says: 'What the processor does in an engine’s place does not wait for its dependency.',
    install: api(ForgetsToQuiesce),
  },
  {
    id: 'processor-in-silence',
    rule: 'AX-04',
    says: 'An operation that the processor does calls nobody back.',
    install: api(SilentEpilog),
  },
  {
    id: 'processor-calls-twice',
    rule: 'AX-54',
    says: 'An operation that the processor does calls back twice.',
    install: api(DoubleEpilog),
  },
  {
    id: 'trigger-at-once',
    rule: 'AX-52',
    says: 'A trigger without an interrupt descriptor calls back without waiting for the chain.',
    install: api(TriggersAtOnce),
  },
  {
    id: 'retry-never-issues',
    rule: 'XR-12',
    says: 'Who gets no descriptor asks again and again, and does not set the channel going.',
    commit: 'async_tx: fix missing braces in async_xor_zero_sum (e34a8ae7905, 2008)',
    install: steps({ flushForRetry: () => undefined }),
  },
  {
    id: 'retry-keeps-dependency',
    rule: 'XR-12',
    says: 'Who gets no descriptor keeps his dependency, whose descriptor is the one he waits for.',
    commit: 'async_tx: fix handling of the "out of descriptor" condition in async_xor (669ab0b210f, 2008)',
    install: steps({ beforeRetry: () => undefined }),
  },
  {
    id: 'product-does-not-wait',
    rule: 'RR-12',
    says: 'A product that gets no descriptor is done by the processor without waiting for what it depends on.',
    install: steps({
      beforeProduct: (_api, submit) => {
        submit.dependTx = null;
      },
    }),
  },
  {
    id: 'refused-stays-mapped',
    rule: 'UM-08',
    says: 'Mappings of an operation whose descriptor was refused are kept.',
    commit: 'async_tx/raid6: add missing dma_unmap calls to the async fail case (1f6672d44c1, 2009)',
    install: steps({ release: (unmap, tx) => (tx === null ? undefined : unmap.put()) }),
  },
];
