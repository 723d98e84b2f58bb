import type { IopAdmaSteps } from 'iop-adma';

/** Two steps of the driver. */
export const steps: Partial<IopAdmaSteps> = {
  /** Hangs the descriptor at `phys` behind the old tail, and waits until memory has the word. */
  linkTail(chan, tail, phys) {
    chan.setNextDesc(tail, phys);
    chan.nextDesc(tail);
  },

  /** Sets the chain-resume bit: the engine shall look at its current descriptor's next pointer again. */
  append(chan) {
    const { control } = chan.hw.registers;
    chan.write(control, chan.read(control) | chan.hw.resume);
  },
};

/** A descriptor is linked and nobody rings. Is it executed? Your predictions; null is no answer. */
export const predictions = {
  /** … when the descriptor before the old tail is being executed */
  beforeTheTail: true as boolean | null,
  /** … when the old tail is being executed */
  inTheTail: false as boolean | null,
  /** … when the channel is idle */
  idle: false as boolean | null,
};
