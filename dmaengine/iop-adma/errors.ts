/**
 * What the driver does when an engine stops with an error. Linux stops the machine (IA-72, `KERNEL_ERRORS`);
 * here the channel is taken off the bus in the hard interrupt, the failed operation is completed with a
 * `DmaTxResult` in cleanup, and only then, when its submitter has had the chance to redo it, the engine starts
 * again behind it.
 */
import { bug } from '../../emulator/kernel/bug';
import type { DmaCookie } from '../cookie';
import type { DmaTxResult } from '../tx-result';
import type { IopAdmaChan } from './channel';
import type { IopAdmaSlot } from './slots';

/** How many failed cookies nobody was told of are kept. */
const REMEMBERED_FAILURES = 64;

/** The count field of every engine's byte count word. */
const COUNT_MASK = 0xff_ffff;

/** Error bits of the status register of this channel's engine. */
export function errorMask(chan: IopAdmaChan): number {
  return chan.hw.errors.reduce((mask, [bit]) => mask | bit, 0);
}

function namesOf(chan: IopAdmaChan, status: number): string[] {
  return chan.hw.errors.filter(([mask]) => (status & mask) !== 0).map(([, name]) => name);
}

/** `iop_adma_err_handler` as Linux has it: names the errors, clears them and stops the machine (IA-72). */
export function errorHandlerOfLinux(chan: IopAdmaChan): void {
  const status = chan.read(chan.hw.registers.status);
  const text = `error ( ${namesOf(chan, status).join(' ')} )`;
  chan.kernel.printk(`${chan.device.parent}: ${text}`);
  chan.clearStatus(errorMask(chan));
  bug('IA-72', `${chan.name}: ${text}`, 'iop_adma_err_handler');
}

/** The same without the BUG: the channel is stopped, and cleanup does the rest; no descriptor is touched (IA-78). */
export function errorHandler(chan: IopAdmaChan): void {
  takeError(chan, chan.read(chan.hw.registers.status));
  chan.kernel.tasklets.schedule(chan.tasklet);
}

/**
 * Notes the errors, keeps the engine from going on by itself and clears the error bits. With the enable bit off a
 * resume does nothing, so whoever submits meanwhile cannot start what follows before the failed operation is redone.
 */
export function takeError(chan: IopAdmaChan, status: number): void {
  const { control } = chan.hw.registers;
  const errors = status & errorMask(chan);
  if (errors === 0) return;
  chan.errors |= errors;
  chan.kernel.printk(`${chan.device.parent}: error ( ${namesOf(chan, errors).join(' ')} )`);
  chan.write(control, chan.read(control) & ~chan.hw.enable);
  chan.clearStatus(errors);
}

/**
 * How the descriptor at the engine's current address ended. Its count register says how far it came; a descriptor
 * that could not be fetched has next and current address equal and came nowhere (SI-42). One that had written
 * everything failed at what follows, its status write or the next pointer: nothing of it is missing.
 */
export function failureOf(chan: IopAdmaChan, slot: IopAdmaSlot): DmaTxResult {
  const { hw, kernel } = chan;
  const whole = kernel.load32(slot.phys + hw.byteCount) & COUNT_MASK;
  const fetched = chan.read(hw.registers.next) !== slot.phys;
  const left = fetched ? chan.read(hw.registers.next + hw.byteCount) & COUNT_MASK : whole;
  const errors = namesOf(chan, chan.errors);
  chan.failures++;
  return left === 0 ? { result: 'noerror', residue: 0, errors } : { result: 'aborted', residue: left, errors };
}

/**
 * Starts the stopped engine at what follows `slot`, the last descriptor of the failed operation; where nothing
 * follows, the next append does.
 */
export function restartBehind(chan: IopAdmaChan, slot: IopAdmaSlot): void {
  const { control, next } = chan.hw.registers;
  const phys = chan.nextDesc(slot);
  chan.errors = 0;
  chan.stoppedBehind = slot;
  if (phys === 0) return;
  chan.stoppedBehind = undefined;
  chan.write(next, phys);
  chan.write(control, chan.read(control) | chan.hw.enable);
}

/** Whoever asks for the status of this cookie learns that it failed. */
export function rememberFailure({ failedCookies }: IopAdmaChan, cookie: DmaCookie): void {
  failedCookies.push(cookie);
  if (failedCookies.length > REMEMBERED_FAILURES) failedCookies.shift();
}
