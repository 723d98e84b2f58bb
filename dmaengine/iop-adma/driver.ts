import type { DmaDriver } from '../driver';
import type { IopAdmaDevice, IopAdmaVariant } from './device';
import { iopAdmaProbe, iopAdmaRemove } from './probe';

/** The iop-adma driver for both families, or a variant of it. */
export function iopAdmaDriver(variant: IopAdmaVariant = {}): DmaDriver {
  return {
    name: 'iop-adma',
    probe: (kernel, engine, parent) => iopAdmaProbe(kernel, engine, parent, variant),
    // Only devices that this driver's probe made come back here.
    remove: (device) => iopAdmaRemove(device as IopAdmaDevice),
  };
}
