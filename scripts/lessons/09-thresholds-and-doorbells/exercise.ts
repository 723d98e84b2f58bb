import type { DmaChan, IopAdmaSteps } from 'iop-adma';
import { DmaCtrl } from 'iop-adma';

/** Pending slots that ring by themselves. */
const THRESHOLD = 4;

export const steps: Partial<IopAdmaSteps> = {
  /** Called by submit, when the new slots are counted in `chan.pending`. */
  checkThreshold(chan) {
    if (chan.pending < THRESHOLD) return;
    chan.steps.append(chan);
  },

  /** Somebody wants everything that was submitted to run. */
  issuePending(chan) {
    if (chan.pending < THRESHOLD) return;
    chan.steps.append(chan);
  },
};

/** Bus addresses, and bytes. */
export interface Copy {
  destination: number;
  source: number;
  bytes: number;
}

/** A client: hands in all copies; `done` is called when the last one, and so every one, is complete. */
export function submitAll(chan: DmaChan, copies: readonly Copy[], done: () => void): void {
  copies.forEach(({ destination, source, bytes }, i) => {
    const last = i === copies.length - 1;
    const flags = DmaCtrl.CTRL_ACK | (last ? DmaCtrl.PREP_INTERRUPT : 0);
    const tx = chan.device.devicePrepDmaMemcpy?.(chan, destination, source, bytes, flags) ?? null;
    if (tx === null) throw new Error('no descriptor');
    if (last) tx.callback = done;
    tx.txSubmit(tx);
  });
}

/** Submitted to an idle channel and not issued. Your predictions; null is no answer. */
export const predictions = {
  /** Three copies of 4096 bytes. How many are executed? */
  threeCopies: null as number | null,
  /** Two sums of five sources. How many are executed? */
  twoSums: null as number | null,
  /** Five copies of 4096 bytes. How many are executed? (Submitting one takes a microsecond, executing it three.) */
  fiveCopies: null as number | null,
};
