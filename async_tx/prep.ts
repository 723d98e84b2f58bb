import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import type { DmaChan, Prepared } from '../dmaengine/device';
import type { AsyncTx } from './async-tx';
import type { AsyncSubmit } from './submit';

/**
 * Asks the driver until it grants a descriptor: the dependency is waited for, then the channel is flushed
 * and asked again, for ever (XR-12). The driver guarantees progress by reclaiming in prep (IA-11, IA-13).
 */
export function prepUntilGranted(
  api: AsyncTx,
  chan: DmaChan,
  submit: AsyncSubmit,
  prep: () => Prepared,
): DmaAsyncTxDescriptor {
  let tx = prep();
  if (tx !== null) return tx;
  const { steps } = api.generation;
  steps.beforeRetry(api, submit);
  let provedNothing = true;
  for (;;) {
    const { quiet } = api.kernel;
    steps.flushForRetry(chan);
    tx = prep();
    if (tx !== null) return tx;
    // A refusal reclaims for the next attempt, so the first one that began in a quiet machine proves nothing yet.
    if (!provedNothing || !api.kernel.quiet) api.kernel.processor.relax('XR-12', 'async_tx prep');
    provedNothing = !quiet;
  }
}
