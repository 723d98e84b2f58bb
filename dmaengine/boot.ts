import type { Kernel } from '../emulator/kernel/kernel';
import { DmaEngine } from './engine';
import { iopAdmaProbe } from './iop-adma/probe';

/**
 * Brings up dmaengine on a booted kernel: probes every engine of the platform, self-tests included, and
 * registers those that passed. Runs in a thread.
 */
export function* bootDmaEngine(kernel: Kernel): Generator<void, DmaEngine, void> {
  const dma = new DmaEngine(kernel);
  for (const [index, engine] of kernel.machine.platform.engines.entries()) {
    const device = yield* iopAdmaProbe(kernel, engine, `iop-adma.${index}`);
    if (device !== undefined) dma.registerDevice(device);
  }
  dma.get();
  return dma;
}
