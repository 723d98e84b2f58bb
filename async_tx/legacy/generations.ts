/** The kernels before today's, oldest last. */
import { bugOn } from '../../emulator/kernel/bug';
import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import { asyncTxTestAck } from '../../dmaengine/descriptor';
import type { DmaChan } from '../../dmaengine/device';
import { IOP_ADMA_STEPS_2_6_23, IOP_ADMA_STEPS_2_6_26 } from '../../dmaengine/iop-adma/legacy-steps';
import { dmaWaitForAsyncTx0, dmaWaitForAsyncTx1, dmaWaitForAsyncTx2 } from '../../dmaengine/legacy/waiting';
import type { AsyncTx } from '../async-tx';
import type { Generation } from '../generation';
import { MODERN } from '../generation';
import { AsyncTxFlags, initAsyncSubmit } from '../submit';
import { asyncTriggerCallback } from '../trigger-callback';

/**
 * 2.6.26: one child a descriptor, as today, and the wait of WT-07. Its walk over dependants is the one that was
 * repaired in 2.6.27.
 */
export const GENERATION_2_6_26: Generation = {
  ...MODERN,
  driver: IOP_ADMA_STEPS_2_6_26,
  wait: dmaWaitForAsyncTx2,
  panicsAt: (status) => status === 'error',
  acksDependency: false,
  prep: (_api, _chan, _submit, prep) => prep(),
};

/** 2.6.23 and 2.6.24, with the wait of the pull request of September 2007 (WT-03). */
export const GENERATION_2_6_23: Generation = {
  ...GENERATION_2_6_26,
  driver: IOP_ADMA_STEPS_2_6_23,
  attach: attachToList,
  wait: dmaWaitForAsyncTx1,
  heedsCheckLimit: false,
};

/** The candidates of 2.6.23 before that request (WT-02). */
export const GENERATION_2_6_23_RC: Generation = { ...GENERATION_2_6_23, wait: dmaWaitForAsyncTx0 };

/**
 * The decision of `async_tx_submit` until 2.6.25. On the dependency's own channel order comes from submission,
 * even where the dependency has not been submitted yet (AX-39, X-02, X-03). On another one the operation joins
 * the dependency's list, and an interrupt descriptor there is to have the list looked at (AX-38).
 */
function attachToList(api: AsyncTx, chan: DmaChan, tx: DmaAsyncTxDescriptor, dependTx: DmaAsyncTxDescriptor): void {
  const where = 'async_tx_submit';
  if (dependTx.chan === chan) {
    tx.parent = undefined;
    tx.txSubmit(tx);
    return;
  }
  bugOn(asyncTxTestAck(dependTx), 'AX-38', 'a child on another channel is attached to an acked descriptor', where);
  api.statistics.channelSwitches++;
  tx.parent = dependTx;
  dependTx.lock.lockBh(where);
  dependTx.dependants ??= [];
  dependTx.dependants.push(tx);
  if (dependTx.cookie === 0) dependTx.chan.device.deviceDependencyAdded?.(dependTx.chan);
  dependTx.lock.unlockBh();
  asyncTriggerCallback(api, initAsyncSubmit(AsyncTxFlags.ACK, dependTx));
}
