/** Code that uses async_tx: xor, a copy of the sum, and a callback when both are there. */
import type { AsyncTxClient } from 'iop-adma';
import { asyncMemcpy, AsyncTxFlags, asyncXor, initAsyncSubmit, PAGE_SIZE } from 'iop-adma';

const { ACK, FENCE, XOR_ZERO_DST } = AsyncTxFlags;

export const client: AsyncTxClient = {
  name: 'a sum and its copy',
  *run(api, host) {
    const [a, b, sum, copy] = Array.from({ length: 4 }, () => host.page());
    const done = api.kernel.completion();
    const tx = asyncXor(api, sum, [a, b], 0, PAGE_SIZE, initAsyncSubmit(XOR_ZERO_DST | FENCE));
    asyncMemcpy(
      api,
      copy,
      sum,
      0,
      0,
      PAGE_SIZE,
      initAsyncSubmit(ACK, tx, () => done.complete()),
    );
    api.issuePendingAll();
    yield* done.wait();
    for (const page of [a, b]) host.free(page);
    return { pages: [sum, copy] };
  },
};
