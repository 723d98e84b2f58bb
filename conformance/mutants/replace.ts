/** How a mutant replaces part of iop-adma. */
import type { IopAdmaDevice } from '../../dmaengine/iop-adma/device';
import type { IopAdmaHardware } from '../../dmaengine/iop-adma/hardware';
import type { IopAdmaSteps } from '../../dmaengine/iop-adma/steps';
import type { Mutant } from './mutant';

/** Steps of the driver. @param change gets the good ones */
export function steps(change: (good: IopAdmaSteps) => Partial<IopAdmaSteps>): Mutant['install'] {
  return (parts) => {
    parts.steps = { ...parts.steps, ...change(parts.steps) };
  };
}

/** Parts of what the driver knows of each kind of engine. @param change gets the good record */
export function hardware(change: (good: IopAdmaHardware) => Partial<IopAdmaHardware>): Mutant['install'] {
  return (parts) => {
    const { hardware: good } = parts;
    parts.hardware = (engine) => {
      const record = good(engine);
      return { ...record, ...change(record) };
    };
  };
}

/** Routines and numbers that a device shows. @param change gets the good device */
export function device(change: (good: IopAdmaDevice) => Partial<IopAdmaDevice> | undefined): Mutant['install'] {
  return (parts) => {
    parts.touch = (good) => void Object.assign(good, change(good));
  };
}
