import type { IopAdmaSteps } from 'iop-adma';

/** The interrupt handlers of a channel, and its soft interrupt. */
export const steps: Partial<IopAdmaSteps> = {
  /** Called when the line "end of transfer" is up. */
  eot(chan) {
    chan.kernel.tasklets.schedule(chan.tasklet);
    chan.clearStatus(chan.hw.endOfTransfer);
  },

  /** Called when the line "end of chain" is up. */
  eoc(chan) {
    chan.kernel.tasklets.schedule(chan.tasklet);
    chan.clearStatus(chan.hw.endOfChain);
  },

  /** Runs after `chan.kernel.tasklets.schedule(chan.tasklet)`, as soon as no interrupt handler is running. */
  tasklet(chan) {
    chan.lock.lock('iop_adma_tasklet');
    chan.steps.cleanup(chan);
    chan.lock.unlock();
  },
};

/** Two copies in one chain; both handlers have run before bottom halves are on again. Your predictions; null is no answer. */
export const predictions = {
  /** How often does the tasklet run? */
  taskletRuns: 1 as number | null,
  /** How many callbacks does its first run make? */
  callbacksOfTheFirst: 2 as number | null,
};
