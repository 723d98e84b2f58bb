import type { AsyncTx, AsyncTxResult, Page } from 'iop-adma';
import { asyncMemcpy, AsyncTxFlags, asyncXor, initAsyncSubmit, PAGE_SIZE } from 'iop-adma';

const { ACK, FENCE, XOR_DROP_DST } = AsyncTxFlags;

/** A block of a stripe that is written anew. */
export interface Write {
  readonly parity: Page;
  /** What the member holds. */
  readonly data: Page;
  /** What it shall hold. */
  readonly fresh: Page;
}

/** Takes the old data out of the parity, copies the new data in, adds them to the parity, calls `done`. Does not wait. */
export function writeBlock(api: AsyncTx, { parity, data, fresh }: Write, done: () => void): void {
  let tx: AsyncTxResult = null;
  tx = asyncXor(api, parity, [parity, data], 0, PAGE_SIZE, initAsyncSubmit(XOR_DROP_DST | FENCE, tx));
  tx = asyncMemcpy(api, data, fresh, 0, 0, PAGE_SIZE, initAsyncSubmit(FENCE, tx));
  asyncXor(api, parity, [parity, data], 0, PAGE_SIZE, initAsyncSubmit(XOR_DROP_DST | ACK, tx, done));
  api.issuePendingAll();
}

/** Your predictions; null is no answer. */
export const predictions = {
  /** How many descriptors does one `writeBlock` take on an IOP342, where one channel does it all? */
  onOneChannel: 3 as number | null,
  /** How many on an IOP321, where copies and sums are two engines? */
  onTwoEngines: 5 as number | null,
};
