/** Broken drivers: iop-adma with one step replaced. */
import { appendChain } from '../../dmaengine/iop-adma/submit';
import { CLEANUP_MUTANTS } from './driver-cleanup';
import { DATA_MUTANTS } from './driver-data';
import { DEVICE_MUTANTS } from './driver-device';
import { ERROR_MUTANTS } from './driver-errors';
import { INTERRUPT_MUTANTS } from './driver-interrupts';
import { SUBMIT_MUTANTS } from './driver-submit';
import { UNMAP_MUTANTS } from './driver-unmap';
import type { Mutant } from './mutant';

export const DRIVER_MUTANTS: readonly Mutant[] = [
  {
    id: 'callback-in-hard-irq',
    rule: 'SW-13',
    says: 'The end-of-transfer handler cleans up itself, callbacks included.',
    install: (parts) => {
      const { steps } = parts;
      parts.steps = {
        ...steps,
        eot: (chan) => {
          steps.cleanup(chan);
          chan.clearStatus(chan.hw.endOfTransfer);
        },
      };
    },
  },
  {
    id: 'dependencies-forgotten',
    rule: 'SW-10',
    says: 'Cleanup does not submit what waits for a completed descriptor.',
    install: (parts) => {
      parts.steps = { ...parts.steps, runDependencies: () => undefined };
    },
  },
  {
    id: 'append-forgotten',
    rule: 'IA-43',
    says: 'The threshold is reached, and the engine is not told.',
    install: (parts) => {
      parts.steps = { ...parts.steps, append: (chan) => (chan.pending > 1000 ? appendChain(chan) : undefined) };
    },
  },
  ...SUBMIT_MUTANTS,
  ...CLEANUP_MUTANTS,
  ...UNMAP_MUTANTS,
  ...ERROR_MUTANTS,
  ...INTERRUPT_MUTANTS,
  ...DATA_MUTANTS,
  ...DEVICE_MUTANTS,
];
