import type { IopAdmaSteps } from 'iop-adma';

export const steps: Partial<IopAdmaSteps> = {
  /** What becomes of a descriptor that is complete and has called back; true when the walk is over. */
  cleanSlot(chan, slot) {
    chan.chain.remove(slot);
    chan.resources('iop_adma_clean_slot').give(slot);
    return false;
  },
};

/** One copy that is not acked is done, and two acked ones behind it. Your predictions; null is no answer. */
export const predictions = {
  /** How many slots are not free? */
  taken: null as number | null,
  /** Now the client acks the first one, and nothing else happens. How many slots are not free? */
  takenAfterAck: null as number | null,
  /** One more acked copy is done. How many slots are not free? */
  takenInTheEnd: null as number | null,
};
