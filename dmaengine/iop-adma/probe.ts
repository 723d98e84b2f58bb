import type { Kernel } from '../../emulator/kernel/kernel';
import type { EngineRecord } from '../../emulator/platforms/platform';
import type { IopAdmaDevice, IopAdmaVariant } from './device';
import { createDevice, OPERATIONS } from './device';
import { clearErrStatus, freeIrqs, requestIrqs } from './irq';
import { selfTests } from './self-test';

/**
 * `iop_adma_probe`: brings one engine up as a device that the caller then registers. Runs in a thread, since
 * the self-tests sleep. Clears errors, requests the interrupts, then tests (IA-74); a device that fails a
 * test is undefined and leaves no pages, mappings or interrupts behind (ST-07).
 * @param parent name of the platform device, `iop-adma.0`
 * @param variant other steps or hardware, for mutants
 */
export function* iopAdmaProbe(
  kernel: Kernel,
  engine: EngineRecord,
  parent: string,
  variant: IopAdmaVariant = {},
): Generator<void, IopAdmaDevice | undefined, void> {
  const device = createDevice(kernel, engine, parent, variant);
  clearErrStatus(device.channel);
  kernel.processor.hangWitnesses.add(device.unissued);
  requestIrqs(device.channel);
  if (variant.selfTest !== false && !(yield* selfTests(device))) {
    iopAdmaRemove(device);
    return undefined;
  }
  const can = OPERATIONS.filter(({ capability }) => device.capMask.has(capability)).map(({ says }) => says);
  kernel.printk(`${parent}: Intel(R) IOP: ( ${can.join(' ')} )`);
  return device;
}

/** `iop_adma_remove`, after the device was unregistered: interrupts and descriptor memory go back. */
export function iopAdmaRemove(device: IopAdmaDevice): void {
  freeIrqs(device.channel);
  device.channel.kernel.processor.hangWitnesses.delete(device.unissued);
  for (const page of device.pool) device.channel.kernel.pages.free(page);
}
