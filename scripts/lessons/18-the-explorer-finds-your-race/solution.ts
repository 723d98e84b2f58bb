import type { IopAdmaChan, IopAdmaSteps } from 'iop-adma';

/** The interrupt lines of a channel, end of transfer and end of chain, at the interrupt controller. */
export interface Lines {
  /** `disable_irq_nosync`: what they raise waits. */
  readonly disable: (chan: IopAdmaChan) => void;
  /** `enable_irq`: a line that is up interrupts at once. */
  readonly enable: (chan: IopAdmaChan) => void;
}

/** Interrupt handling in which a burst of completions interrupts once. */
export function stepsOf(lines: Lines): Pick<IopAdmaSteps, 'eot' | 'eoc' | 'tasklet'> {
  /** The hard half of both lines. */
  function hardHalf(chan: IopAdmaChan): void {
    lines.disable(chan);
    chan.kernel.tasklets.schedule(chan.tasklet);
  }

  /** The soft half. */
  function tasklet(chan: IopAdmaChan): void {
    // Before looking: what completes from here on raises its bit anew, and the line comes up again.
    chan.clearStatus(chan.hw.endOfTransfer | chan.hw.endOfChain);
    chan.lock.lock('tasklet');
    chan.steps.cleanup(chan);
    chan.lock.unlock();
    lines.enable(chan);
  }

  return { eot: hardHalf, eoc: hardHalf, tasklet };
}

/** Your predictions about the driver as it was given; null is no answer. */
export const predictions = {
  /** How many of the small cases of the suite fail on it when time decides, as it does on your desk? */
  failWhenTimeDecides: 0 as number | null,
  /** How many copies must be under way at least until one can be lost? */
  copiesNeeded: 2 as number | null,
};
