import type { IopAdmaSteps } from 'iop-adma';

/** Two steps of the driver. Together they lose descriptors. */
export const steps: Partial<IopAdmaSteps> = {
  /** Hangs the descriptor at `phys` behind the old tail. */
  linkTail(chan, tail, phys) {
    chan.setNextDesc(tail, phys);
  },

  /** Sets the chain-resume bit: the engine shall look at its current descriptor's next pointer again. */
  append(chan) {
    const { control } = chan.hw.registers;
    // A busy engine will come by anyway.
    if (chan.readBusy()) return;
    chan.write(control, chan.read(control) | chan.hw.resume);
  },
};

/** A descriptor is linked and nobody rings. Is it executed? Your predictions; null is no answer. */
export const predictions = {
  /** … when the descriptor before the old tail is being executed */
  beforeTheTail: null as boolean | null,
  /** … when the old tail is being executed */
  inTheTail: null as boolean | null,
  /** … when the channel is idle */
  idle: null as boolean | null,
};
