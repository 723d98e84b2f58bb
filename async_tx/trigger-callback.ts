import type { AsyncTx, AsyncTxResult } from './async-tx';
import type { AsyncSubmit } from './submit';

/**
 * `async_trigger_callback`: ends a chain of unknown length with a callback. An interrupt descriptor on the
 * dependency's channel carries it; without one the dependency is waited for and the callback runs here
 * (AX-51, AX-52).
 */
export function asyncTriggerCallback(api: AsyncTx, submit: AsyncSubmit): AsyncTxResult {
  api.checkContext();
  const chan = submit.dependTx?.chan;
  const tx = chan === undefined ? null : api.prepInterrupt(chan);
  if (chan !== undefined && tx !== null) {
    api.submit(chan, tx, submit);
    return tx;
  }
  api.quiesce(submit);
  api.syncEpilog(submit);
  return null;
}
