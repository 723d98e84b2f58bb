/** Devices as a case sees them. */
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaDevice, Prepared } from '../../dmaengine/device';
import type { WatchedKernel } from './watched-kernel';

/** `DMA_XOR_VAL` as `XOR_VAL`. */
export function capabilityName(capability: DmaCapability): string {
  return Object.entries(DmaCapability).find(([, value]) => value === capability)?.[0] ?? String(capability);
}

/** Whether completions of the device interrupt; one that cannot is polled. */
export function hasInterrupts({ capMask }: DmaDevice): boolean {
  return capMask.has(DmaCapability.INTERRUPT);
}

const PREPS = [
  'devicePrepDmaMemcpy',
  'devicePrepDmaXor',
  'devicePrepDmaXorVal',
  'devicePrepDmaPq',
  'devicePrepDmaPqVal',
  'devicePrepDmaMemset',
  'devicePrepDmaInterrupt',
] as const;

/** Lets the kernel watch every descriptor that the device hands out. */
export function watchDevice(device: DmaDevice, kernel: WatchedKernel): DmaDevice {
  for (const name of PREPS) {
    const prep = Reflect.get(device, name) as ((this: DmaDevice, ...given: unknown[]) => Prepared) | undefined;
    if (prep === undefined) continue;
    const watched = (...given: unknown[]): Prepared => {
      const tx = prep.call(device, ...given);
      if (tx !== null) kernel.watch(tx);
      return tx;
    };
    Object.assign(device, { [name]: watched });
  }
  return device;
}
