/** How an operation comes to stand behind another one, in today's form (semantics 3.3). */
import { bug, bugOn } from '../emulator/kernel/bug';
import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import { asyncTxAck, asyncTxTestAck } from '../dmaengine/descriptor';
import type { DmaChan } from '../dmaengine/device';
import type { AsyncTx } from './async-tx';

/** The decision of `async_tx_submit` with a dependency (AX-30, AX-31). */
export function attachToLink(
  api: AsyncTx,
  chan: DmaChan,
  tx: DmaAsyncTxDescriptor,
  dependTx: DmaAsyncTxDescriptor,
): void {
  const where = 'async_tx_submit';
  bugOn(asyncTxTestAck(dependTx), 'AX-30', 'a child is attached to an acked descriptor', where);
  bugOn(dependTx.next !== undefined, 'AX-30', 'a second child is attached to a descriptor', where);
  bugOn(tx.parent !== undefined, 'AX-30', 'the new descriptor has a parent already', where);
  dependTx.lock.lockBh(where);
  const sameChannel = dependTx.chan === chan;
  const waiting = dependTx.parent !== undefined;
  if (waiting && sameChannel) chain(dependTx, tx);
  dependTx.lock.unlockBh();
  if (!sameChannel) {
    channelSwitch(api, dependTx, tx);
  } else if (!waiting) {
    tx.parent = undefined;
    tx.txSubmit(tx);
  }
}

/** `async_tx_channel_switch` (AX-34 … AX-37). */
function channelSwitch(api: AsyncTx, dependTx: DmaAsyncTxDescriptor, tx: DmaAsyncTxDescriptor): void {
  const where = 'async_tx_channel_switch';
  const { chan } = dependTx;
  const { device } = chan;
  api.statistics.channelSwitches++;
  dependTx.lock.lockBh(where);
  const attached = dependTx.parent !== undefined && chan === tx.chan;
  if (attached) chain(dependTx, tx);
  dependTx.lock.unlockBh();
  if (attached) {
    device.deviceIssuePending?.(chan);
    return;
  }
  const interrupt = api.prepInterrupt(chan);
  if (interrupt === null) {
    if (!api.waitedFor(dependTx)) bug('AX-36', 'DMA error waiting for depend_tx', where);
    tx.txSubmit(tx);
    return;
  }
  chain(interrupt, tx);
  dependTx.lock.lockBh(where);
  const behind = dependTx.parent !== undefined;
  if (behind) {
    chain(dependTx, interrupt);
    asyncTxAck(interrupt);
  }
  dependTx.lock.unlockBh();
  if (!behind) {
    interrupt.parent = undefined;
    interrupt.txSubmit(interrupt);
    asyncTxAck(interrupt);
  }
  device.deviceIssuePending?.(chan);
}

/** `txd_chain`. */
function chain(tx: DmaAsyncTxDescriptor, next: DmaAsyncTxDescriptor): void {
  tx.next = next;
  next.parent = tx;
}
