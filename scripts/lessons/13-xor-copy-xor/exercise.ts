import type { AsyncTx, AsyncTxResult, Page } from 'iop-adma';
import { asyncMemcpy, AsyncTxFlags, asyncXor, initAsyncSubmit, PAGE_SIZE } from 'iop-adma';

const { ACK, FENCE, XOR_DROP_DST, XOR_ZERO_DST } = AsyncTxFlags;

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
  tx = asyncXor(api, parity, [parity, data], 0, PAGE_SIZE, initAsyncSubmit(0, tx));
  tx = asyncMemcpy(api, data, fresh, 0, 0, PAGE_SIZE, initAsyncSubmit(0, null));
  asyncXor(api, parity, [parity, data], 0, PAGE_SIZE, initAsyncSubmit(0, null, done));
  void [tx, ACK, FENCE, XOR_DROP_DST, XOR_ZERO_DST];
}

/** Your predictions; null is no answer. */
export const predictions = {
  /** How many descriptors does one `writeBlock` take on an IOP342, where one channel does it all? */
  onOneChannel: null as number | null,
  /** How many on an IOP321, where copies and sums are two engines? */
  onTwoEngines: null as number | null,
};
