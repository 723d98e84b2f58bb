/** Interrupts of a channel: the hard half only raises the soft half (IA-71 … IA-73, IA-78). */
import { bug } from '../../emulator/kernel/bug';
import type { IopAdmaChan } from './channel';

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

/** `iop_adma_err_handler`: names the errors, clears them and stops the machine: there is no recovery (IA-72). */
export function errorHandler(chan: IopAdmaChan): void {
  const status = chan.read(chan.hw.registers.status);
  const names = chan.hw.errors.filter(([mask]) => (status & mask) !== 0).map(([, name]) => name);
  const text = `error ( ${names.join(' ')} )`;
  chan.kernel.printk(`${chan.device.parent}: ${text}`);
  chan.clearStatus(errorMask(chan));
  bug('IA-72', `${chan.name}: ${text}`, 'iop_adma_err_handler');
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

function errorMask(chan: IopAdmaChan): number {
  return chan.hw.errors.reduce((mask, [bit]) => mask | bit, 0);
}
