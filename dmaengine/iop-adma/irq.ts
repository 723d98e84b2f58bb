/** Interrupts of a channel: the hard half only raises the soft half (IA-71 … IA-73, IA-78). */
import type { IopAdmaChan } from './channel';
import { errorMask } from './errors';

/** `iop_adma_eot_handler`: schedules the tasklet, then clears its own bit and no other (IA-71). */
export function eotHandler(chan: IopAdmaChan): void {
  chan.kernel.tasklets.schedule(chan.tasklet);
  chan.clearStatus(chan.hw.endOfTransfer);
}

/** `iop_adma_eoc_handler` (IA-71). */
export function eocHandler(chan: IopAdmaChan): void {
  chan.kernel.tasklets.schedule(chan.tasklet);
  chan.clearStatus(chan.hw.endOfChain);
}

/** `iop_adma_device_clear_err_status`. */
export function clearErrStatus(chan: IopAdmaChan): void {
  chan.clearStatus(errorMask(chan));
}

/** `iop_adma_tasklet`: cleanup under the channel's lock (IA-73). */
export function tasklet(chan: IopAdmaChan): void {
  chan.lock.lock('iop_adma_tasklet');
  chan.steps.cleanup(chan);
  chan.lock.unlock();
}

/** Requests the channel's interrupts: end of transfer, end of chain, error, in this order (IA-74). */
export function requestIrqs(chan: IopAdmaChan): void {
  const { irq, name } = chan.engine.unit;
  const { interrupts } = chan.kernel;
  interrupts.request(irq.eot, `${name} eot`, () => chan.steps.eot(chan));
  interrupts.request(irq.eoc, `${name} eoc`, () => chan.steps.eoc(chan));
  interrupts.request(irq.error, `${name} error`, () => chan.steps.error(chan));
}

/** Gives the interrupts back and takes the tasklet off. */
export function freeIrqs(chan: IopAdmaChan): void {
  const { irq } = chan.engine.unit;
  for (const source of [irq.error, irq.eoc, irq.eot]) chan.kernel.interrupts.free(source);
  chan.kernel.tasklets.kill(chan.tasklet);
}
