import { bugOn } from '../../emulator/kernel/bug';
import type { DmaAsyncTxDescriptor } from '../descriptor';

/**
 * `async_tx_run_dependencies` until 2.6.25 (SW-07 … SW-09): submits every dependant on the list, in order, and
 * pokes its channel. It goes through the parent's submit routine, whatever driver the dependant belongs to, and
 * leaves the dependant's parent link standing.
 */
export function asyncTxRunDependencies(tx: DmaAsyncTxDescriptor): void {
  const { dependants } = tx;
  if (dependants === undefined) return;
  tx.dependants = undefined;
  for (const dependant of dependants) {
    const { chan } = dependant;
    bugOn(chan === tx.chan, 'SW-07', 'a dependant is on the same channel', 'async_tx_run_dependencies');
    tx.txSubmit(dependant);
    chan.device.deviceIssuePending?.(chan);
  }
}
