import type { Kernel } from '../emulator/kernel/kernel';
import type { AsyncTxConfig } from './config';
import type { DmaDriver } from './driver';
import { DmaEngine } from './engine';
import type { IopAdmaVariant } from './iop-adma/device';
import { iopAdmaDriver } from './iop-adma/driver';

/**
 * Brings up dmaengine on a booted kernel: probes every engine of the platform, self-tests included, and
 * registers those that passed. Runs in a thread.
 * @param variant of the driver: `IOP_ADMA_STEPS_OF_LINUX` for one that meets an engine error with a BUG
 */
export function* bootDmaEngine(
  kernel: Kernel,
  variant: IopAdmaVariant = {},
  config: AsyncTxConfig = {},
): Generator<void, DmaEngine, void> {
  return yield* bootDriver(kernel, iopAdmaDriver(variant), config);
}

/** The same with any driver, whose devices are called `iop-adma.0` … as the platform calls them. */
export function* bootDriver(
  kernel: Kernel,
  driver: DmaDriver,
  config: AsyncTxConfig = {},
): Generator<void, DmaEngine, void> {
  const dma = new DmaEngine(kernel, [0], config);
  for (const [index, engine] of kernel.machine.platform.engines.entries()) {
    const device = yield* driver.probe(kernel, engine, `iop-adma.${index}`);
    if (device !== undefined) dma.registerDevice(device);
  }
  dma.get();
  return dma;
}
