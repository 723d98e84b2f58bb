/** How an operation comes to stand behind another one, in today's form (semantics 3.3). */
import { bug, bugOn } from '../emulator/kernel/bug';
import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import { asyncTxTestAck } from '../dmaengine/descriptor';
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
  const chained = api.generation.steps.chainsBehind(dependTx, chan);
  if (chained) chain(dependTx, tx);
  dependTx.lock.unlockBh();
  if (chained) {
    api.kernel.machine.trace?.emit('async_tx.depend', { descriptor: tx.phys, parent: dependTx.phys });
  }
  if (dependTx.chan !== chan) {
    channelSwitch(api, dependTx, tx);
  } else if (!chained) {
    tx.parent = undefined;
    tx.txSubmit(tx);
  }
}

/** `async_tx_channel_switch` (AX-34 … AX-37). */
function channelSwitch(api: AsyncTx, dependTx: DmaAsyncTxDescriptor, tx: DmaAsyncTxDescriptor): void {
  const where = 'async_tx_channel_switch';
  const { chan } = dependTx;
  const { steps } = api.generation;
  api.statistics.channelSwitches++;
  dependTx.lock.lockBh(where);
  const attached = steps.chainsBehind(dependTx, tx.chan);
  if (attached) chain(dependTx, tx);
  dependTx.lock.unlockBh();
  if (attached) {
    steps.flushSwitch(chan);
    return;
  }
  const interrupt = api.prepInterrupt(chan);
  api.kernel.machine.trace?.emit('async_tx.switch', {
    ...{ from: chan.name, to: tx.chan.name, descriptor: tx.phys, parent: dependTx.phys },
    behind: interrupt?.phys ?? 0,
  });
  if (interrupt === null) {
    if (!steps.waitInPlace(api, dependTx)) bug('AX-36', 'DMA error waiting for depend_tx', where);
    tx.txSubmit(tx);
    return;
  }
  if (asyncTxTestAck(interrupt)) {
    api.kernel.findings.add('rule', 'AX-37', where, 'the interrupt descriptor is acked before its child hangs on it');
  }
  chain(interrupt, tx);
  dependTx.lock.lockBh(where);
  const behind = steps.interruptWaits(dependTx);
  if (behind) {
    chain(dependTx, interrupt);
    steps.ackInterrupt(interrupt);
  }
  dependTx.lock.unlockBh();
  if (!behind) {
    interrupt.parent = undefined;
    interrupt.txSubmit(interrupt);
    steps.ackInterrupt(interrupt);
  }
  steps.flushSwitch(chan);
}

/** `txd_chain`. */
function chain(tx: DmaAsyncTxDescriptor, next: DmaAsyncTxDescriptor): void {
  tx.next = next;
  next.parent = tx;
}
