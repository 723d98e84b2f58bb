/** How a mutant of async_tx replaces one part of it. */
import type { AsyncTx } from '../../async_tx/async-tx';
import type { Generation } from '../../async_tx/generation';
import type { AsyncTxSteps } from '../../async_tx/steps';
import type { DmaEngine } from '../../dmaengine/engine';
import type { Mutant } from './mutant';

/** Other steps. */
export function steps(changed: Partial<AsyncTxSteps>): Mutant['install'] {
  return (parts) => {
    const { generation } = parts;
    parts.generation = { ...generation, steps: { ...generation.steps, ...changed } };
  };
}

/** Something else that differs between kernels. */
export function generation(changed: Partial<Omit<Generation, 'steps'>>): Mutant['install'] {
  return (parts) => {
    parts.generation = { ...parts.generation, ...changed };
  };
}

/** async_tx with a method overridden. */
export function api(Broken: new (dma: DmaEngine, generation: Generation) => AsyncTx): Mutant['install'] {
  return (parts) => {
    parts.api = (dma, kept) => new Broken(dma, kept);
  };
}
