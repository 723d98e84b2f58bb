/** Clients that keep every rule. */
import type { AsyncTx } from '../../../async_tx/async-tx';
import { asyncMemcpy } from '../../../async_tx/memcpy';
import { asyncMemset } from '../../../async_tx/memset';
import { asyncGenSyndrome } from '../../../async_tx/pq';
import { asyncSyndromeVal } from '../../../async_tx/pq-val';
import { asyncRaid62dataRecov } from '../../../async_tx/raid6-recov';
import { spansOf } from '../../../async_tx/spans';
import { AsyncTxFlags, initAsyncSubmit } from '../../../async_tx/submit';
import { asyncTriggerCallback } from '../../../async_tx/trigger-callback';
import { asyncXor } from '../../../async_tx/xor';
import { asyncXorVal } from '../../../async_tx/xor-val';
import type { AsyncTxClient, ClientHost } from '../../../conformance/client';
import type { Page } from '../../../emulator/kernel/pages';

/** Bytes of an operation. */
const LEN = 512;

export const { ACK, FENCE, XOR_DROP_DST, XOR_ZERO_DST } = AsyncTxFlags;

export function pagesOf(host: ClientHost, count: number): Page[] {
  return Array.from({ length: count }, () => host.page());
}

/** Waits for a callback. */
export function* finished(api: AsyncTx, start: (callback: () => void) => void): Generator<void, void, void> {
  const done = api.kernel.completion();
  start(() => done.complete());
  api.issuePendingAll();
  yield* done.wait();
}

/** The example of the API document: xor → copy → xor, and a callback at the end. */
export const documentExample: AsyncTxClient = {
  name: 'the example of the document',
  *run(api, host) {
    const [sum, a, b, copy, c] = pagesOf(host, 5);
    yield* finished(api, (callback) => {
      let tx = asyncXor(api, sum, [sum, a, b], 0, LEN, initAsyncSubmit(XOR_DROP_DST | FENCE));
      tx = asyncMemcpy(api, copy, sum, 0, 0, LEN, initAsyncSubmit(FENCE, tx));
      asyncXor(api, copy, [copy, c], 0, LEN, initAsyncSubmit(XOR_DROP_DST | ACK, tx, callback));
    });
    for (const page of [a, b, c]) host.free(page);
    return { pages: [sum, copy], answers: [...host.read(copy, 0, 8)] };
  },
};

/** A stripe of a RAID-6: written, checked, two blocks lost and recovered, checked again. */
export const raid6Stripe: AsyncTxClient = {
  name: 'a RAID-6 stripe',
  *run(api, host) {
    const pages = pagesOf(host, 7);
    const blocks = spansOf(pages, 0);
    const spare = host.page();
    const answers: number[] = [];
    const check = (depend: ReturnType<typeof asyncGenSyndrome>) =>
      finished(api, (callback) => {
        const result = { value: 0x55 };
        const submit = initAsyncSubmit(ACK, depend, () => {
          answers.push(result.value);
          callback();
        });
        asyncSyndromeVal(api, blocks, LEN, result, { page: spare, offset: 0 }, submit);
      });
    yield* check(asyncGenSyndrome(api, blocks, LEN, initAsyncSubmit(FENCE)));
    for (const page of pages.slice(1, 3)) host.write(page, new Uint8Array(LEN));
    yield* check(asyncRaid62dataRecov(api, blocks, 1, 2, LEN, initAsyncSubmit(FENCE)));
    host.free(spare);
    return { pages, answers };
  },
};

/** Many independent copies and fills that end in one trigger each; waits by spinning, too. */
export const manyCopies: AsyncTxClient = {
  name: 'many copies',
  *run(api, host) {
    const pages = pagesOf(host, 12);
    for (let round = 0; round < 4; round++) {
      yield* finished(api, (callback) => {
        const fill = asyncMemset(api, pages[round], round, 0, LEN, initAsyncSubmit(FENCE));
        const copy = asyncMemcpy(api, pages[4 + round], pages[round], 0, 0, LEN, initAsyncSubmit(FENCE, fill));
        asyncTriggerCallback(api, initAsyncSubmit(ACK, copy, callback));
      });
      api.quiesceTx(asyncMemcpy(api, pages[8 + round], pages[4 + round], 8, 0, 1024, initAsyncSubmit(0)));
    }
    // No outcome: all pages count.
  },
};

/** A RAID-5 check and repair; the page of the check is not looked at afterwards. */
export const raid5Check: AsyncTxClient = {
  name: 'a RAID-5 check',
  *run(api, host) {
    const [parity, ...data] = pagesOf(host, 6);
    const result = { value: 0x55 };
    yield* finished(api, (callback) => {
      const sum = asyncXor(api, parity, data, 0, LEN, initAsyncSubmit(XOR_ZERO_DST | FENCE));
      asyncXorVal(api, parity, [parity, ...data], 0, LEN, result, initAsyncSubmit(ACK, sum, callback));
    });
    host.free(parity);
    return { pages: data, answers: [result.value] };
  },
};

export const GOOD_CLIENTS: readonly AsyncTxClient[] = [documentExample, raid6Stripe, manyCopies, raid5Check];
