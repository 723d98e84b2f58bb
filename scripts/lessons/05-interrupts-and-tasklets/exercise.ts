import type { IopAdmaSteps } from 'iop-adma';

/** The interrupt handlers of a channel, and its soft interrupt. They finish the work at once, which is the problem. */
export const steps: Partial<IopAdmaSteps> = {
  /** Called when the line "end of transfer" is up. */
  eot(chan) {
    chan.steps.cleanup(chan);
    chan.clearStatus(chan.hw.endOfTransfer | chan.hw.endOfChain);
  },

  /** Called when the line "end of chain" is up. */
  eoc(chan) {
    chan.steps.cleanup(chan);
    chan.clearStatus(chan.hw.endOfTransfer | chan.hw.endOfChain);
  },

  /** Runs after `chan.kernel.tasklets.schedule(chan.tasklet)`, as soon as no interrupt handler is running. */
  tasklet(chan) {
    chan.steps.cleanup(chan);
  },
};

/** Two copies in one chain; both handlers have run before bottom halves are on again. Your predictions; null is no answer. */
export const predictions = {
  /** How often does the tasklet run? */
  taskletRuns: null as number | null,
  /** How many callbacks does its first run make? */
  callbacksOfTheFirst: null as number | null,
};
