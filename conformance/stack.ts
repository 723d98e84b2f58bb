/** The software under test, in parts: what a case is run on, and what a mutant changes one step of. */
import type { AsyncTx } from '../async_tx/async-tx';
import { AsyncTx as PlainAsyncTx } from '../async_tx/async-tx';
import type { Generation } from '../async_tx/generation';
import { MODERN } from '../async_tx/generation';
import type { DmaDriver } from '../dmaengine/driver';
import type { DmaEngine } from '../dmaengine/engine';
import type { IopAdmaHardware } from '../dmaengine/iop-adma/hardware';
import type { IopAdmaDevice } from '../dmaengine/iop-adma/device';
import { hardwareOf } from '../dmaengine/iop-adma/device';
import { iopAdmaDriver } from '../dmaengine/iop-adma/driver';
import { iopAdmaProbe } from '../dmaengine/iop-adma/probe';
import type { IopAdmaSteps } from '../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../dmaengine/iop-adma/steps';
import type { EngineRecord } from '../emulator/platforms/platform';
import type { StripeSteps } from '../raid5/steps';
import { STRIPE_STEPS } from '../raid5/steps';

/** What a case boots. */
export interface Stack {
  readonly driver: DmaDriver;
  /** async_tx on a booted dmaengine. */
  readonly api: (dma: DmaEngine) => AsyncTx;
  /** md’s small steps; as they should be unless given. */
  readonly stripes?: StripeSteps;
}

/** The same while a mutant is at work on it. */
export interface StackParts {
  /** Steps of iop-adma. */
  steps: IopAdmaSteps;
  /** What iop-adma knows of an engine. */
  hardware: (engine: EngineRecord) => IopAdmaHardware;
  /** What happens to a device of iop-adma between probe and registration. */
  touch: (device: IopAdmaDevice) => void;
  generation: Generation;
  stripes: StripeSteps;
  api: (dma: DmaEngine, generation: Generation) => AsyncTx;
}

/** The parts as they should be. */
export function goodParts(): StackParts {
  return {
    steps: IOP_ADMA_STEPS,
    hardware: hardwareOf,
    touch: () => undefined,
    generation: MODERN,
    stripes: STRIPE_STEPS,
    api: (dma, generation) => new PlainAsyncTx(dma, generation),
  };
}

/** iop-adma put together from parts. The self-tests are cases of their own: a broken driver shall get to the others. */
export function stackOf(parts: StackParts): Stack {
  const { steps, hardware, touch, generation, api, stripes } = parts;
  return {
    driver: {
      ...iopAdmaDriver(),
      *probe(kernel, engine, parent) {
        const device = yield* iopAdmaProbe(kernel, engine, parent, {
          steps,
          hardware: hardware(engine),
          selfTest: false,
        });
        if (device !== undefined) touch(device);
        return device;
      },
    },
    api: (dma) => api(dma, generation),
    stripes,
  };
}

/** Any driver, with async_tx as it should be. */
export function stackWith(driver: DmaDriver): Stack {
  return { driver, api: (dma) => new PlainAsyncTx(dma) };
}
