import type { AsyncTx, AsyncTxResult, Page } from 'iop-adma';
import { asyncMemcpy, AsyncTxFlags, initAsyncSubmit, PAGE_SIZE } from 'iop-adma';

const { ACK, FENCE } = AsyncTxFlags;

/** Copies each page to the next one, in order; calls `done` when the last one is written. Does not wait. */
export function copyAlong(api: AsyncTx, pages: readonly Page[], done: () => void): void {
  let tx: AsyncTxResult = null;
  for (let i = 1; i < pages.length; i++) {
    const submit = initAsyncSubmit(ACK, tx, done);
    tx = asyncMemcpy(api, pages[i], pages[i - 1], 0, 0, PAGE_SIZE, submit);
  }
  void FENCE;
}

/** Your predictions, for three copies on one channel, the chain just asked for; null is no answer. */
export const predictions = {
  /** How many of the three descriptors are submitted (have a cookie) before anything has executed? */
  submitted: null as number | null,
  /** If no operation were given the flag ACK, how many of the three would be acked all the same? */
  ackedWithoutTheFlag: null as number | null,
};
