/** Clients that each break one rule, and the cases that must notice. */
import { asyncMemcpy } from '../../../async_tx/memcpy';
import { asyncRaid62dataRecov } from '../../../async_tx/raid6-recov';
import { spansOf } from '../../../async_tx/spans';
import { initAsyncSubmit } from '../../../async_tx/submit';
import type { AsyncTx, AsyncTxResult } from '../../../async_tx/async-tx';
import { asyncXor } from '../../../async_tx/xor';
import { asyncXorVal } from '../../../async_tx/xor-val';
import type { AsyncTxClient, ClientHost, ClientOutcome } from '../../../conformance/client';
import { DmaCapability } from '../../../dmaengine/capability';
import { asyncTxAck } from '../../../dmaengine/descriptor';
import { DmaCtrl } from '../../../dmaengine/flags';
import { DmaDirection } from '../../../emulator/kernel/dma-mapping';
import type { Page } from '../../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../../emulator/kernel/pages';
import { MICROSECOND } from '../../../emulator/sim/time';
import { ACK, FENCE, finished, pagesOf, XOR_DROP_DST, XOR_ZERO_DST } from './good-clients';

type Body = (api: AsyncTx, host: ClientHost) => Generator<void, ClientOutcome | void, void>;

export interface BrokenClient extends AsyncTxClient {
  /** The rule that it breaks. */
  readonly rule: string;
  /** Ids of the cases that notice it. */
  readonly noticedBy: readonly string[];
}

function broken(name: string, rule: string, noticedBy: readonly string[], run: Body): BrokenClient {
  return { name, rule, noticedBy, run };
}

/** A whole page copied. */
function copy(api: AsyncTx, to: Page, from: Page, flags: number, depend: AsyncTxResult = null, done?: () => void) {
  return asyncMemcpy(api, to, from, 0, 0, PAGE_SIZE, initAsyncSubmit(flags, depend, done));
}

export const BROKEN_CLIENTS: readonly BrokenClient[] = [
  broken(
    'goes on from its callback',
    'AX-11',
    ['client-context/operations', 'client-context/operations-in-software'],
    function* (api, host) {
      const [a, b, c] = pagesOf(host, 3);
      yield* finished(api, (callback) => {
        copy(api, b, a, ACK, null, () => {
          asyncXor(api, c, [a, b], 0, PAGE_SIZE, initAsyncSubmit(XOR_ZERO_DST | ACK));
          callback();
        });
      });
    },
  ),
  broken('waits with bottom halves off', 'KS-01', ['client-context/waits'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    api.kernel.tasklets.disable();
    api.quiesceTx(copy(api, b, a, 0));
    api.kernel.tasklets.enable();
    yield* api.kernel.scheduler.yieldProcessor();
  }),
  broken('asks with its callback’s lock held', 'KS-02', ['client-context/locks'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    const lock = api.kernel.spinLock('client');
    yield* finished(api, (callback) => {
      lock.lockBh('client');
      copy(api, b, a, ACK, null, () => {
        lock.lockBh('callback');
        lock.unlockBh();
        callback();
      });
      lock.unlockBh();
    });
  }),
  broken('never acks', 'AX-06', ['client-acks/in-the-end'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    yield* finished(api, (callback) => void copy(api, b, a, 0, null, callback));
  }),
  broken(
    'acks what takes a child',
    'AX-30',
    ['client-acks/before-the-child', 'client-acks/recycled'],
    function* (api, host) {
      const [a, b, c] = pagesOf(host, 3);
      yield* finished(api, (callback) => {
        const first = copy(api, b, a, FENCE | ACK);
        copy(api, c, b, ACK, first, callback);
      });
    },
  ),
  broken('waits for what is acked', 'AX-50', ['client-acks/waited-once'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    const tx = copy(api, b, a, 0);
    api.quiesceTx(tx);
    api.quiesceTx(tx);
    yield* api.kernel.scheduler.yieldProcessor();
  }),
  broken('leaves a copy lying', 'AX-12', ['client-chains/set-going'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    copy(api, b, a, ACK);
    yield* api.kernel.scheduler.yieldProcessor();
  }),
  broken(
    'counts on the threshold',
    'AX-12',
    ['client-chains/below-the-threshold', 'client-bytes/no-threshold'],
    function* (api, host) {
      const [a, b] = pagesOf(host, 2);
      const done = api.kernel.completion();
      for (let i = 0; i < 16; i++) copy(api, b, a, ACK, null, i === 7 ? () => done.complete() : undefined);
      yield* done.wait();
    },
  ),
  broken('waits for nobody', 'KS-08', ['client-chains/ends'], function* (api) {
    yield* api.kernel.completion().wait();
  }),
  broken('crashes', 'KS-08', ['client-chains/ends'], function* (api) {
    yield* api.kernel.scheduler.yieldProcessor();
    throw new TypeError('undefined is not a page');
  }),
  broken('reads a result without a fence', 'AX-09', ['client-chains/fences'], function* (api, host) {
    const [a, b, c] = pagesOf(host, 3);
    yield* finished(api, (callback) => void copy(api, c, b, ACK, copy(api, b, a, 0), callback));
  }),
  broken('makes a recovery depend', 'RR-13', ['client-chains/recovery'], function* (api, host) {
    const pages = pagesOf(host, 7);
    yield* finished(api, (callback) => {
      const before = copy(api, pages[3], pages[0], FENCE);
      const submit = initAsyncSubmit(ACK, before, callback);
      asyncRaid62dataRecov(api, spansOf(pages, 0), 1, 2, PAGE_SIZE, submit);
      // What the recovery does not do on an engine.
      if (before !== null) asyncTxAck(before);
    });
  }),
  broken('reads at once', 'KS-04', ['client-memory/owned'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    const done = api.kernel.completion();
    copy(api, b, a, ACK, null, () => done.complete());
    api.issuePendingAll();
    host.read(b);
    yield* done.wait();
  }),
  broken('keeps a mapping', 'UM-08', ['client-memory/mappings'], function* (api, host) {
    api.kernel.dma.map(host.page(), 0, PAGE_SIZE, DmaDirection.toDevice);
    yield* api.kernel.scheduler.yieldProcessor();
  }),
  broken('undoes another mapping', 'KS-05', ['client-memory/mappings'], function* (api, host) {
    const { dma, scheduler } = api.kernel;
    const address = dma.map(host.page(), 0, PAGE_SIZE, DmaDirection.toDevice);
    dma.unmap(address, PAGE_SIZE, DmaDirection.fromDevice);
    dma.unmap(address, PAGE_SIZE, DmaDirection.toDevice);
    yield* scheduler.yieldProcessor();
  }),
  broken('loses a page', 'KS-06', ['client-memory/pages'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    api.quiesceTx(copy(api, b, a, 0));
    yield* api.kernel.scheduler.yieldProcessor();
    return { pages: [b] };
  }),
  broken('frees a page too early', 'KS-06', ['client-memory/pages'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    const tx = copy(api, b, a, 0);
    host.free(a);
    api.quiesceTx(tx);
    yield* api.kernel.scheduler.yieldProcessor();
    return { pages: [b] };
  }),
  broken('sums without a flag', 'XR-03', ['client-bytes/software'], function* (api, host) {
    const [sum, a, b] = pagesOf(host, 3);
    yield* finished(
      api,
      (callback) => void asyncXor(api, sum, [a, b], 0, PAGE_SIZE, initAsyncSubmit(ACK, null, callback)),
    );
  }),
  broken(
    'believes the page of a check',
    'XV-03',
    ['client-bytes/software', 'client-bytes/iop321'],
    function* (api, host) {
      const [sum, a, b] = pagesOf(host, 3);
      const result = { value: 0 };
      api.quiesceTx(asyncXorVal(api, sum, [sum, a, b], 0, PAGE_SIZE, result, initAsyncSubmit(0)));
      yield* api.kernel.scheduler.yieldProcessor();
      return { pages: [sum, a, b], answers: [result.value] };
    },
  ),
  broken(
    'counts on one channel’s order',
    'AX-40',
    ['client-bytes/divided', 'client-bytes/iop331'],
    function* (api, host) {
      // An iop342 copies and checks on one channel, as long as nothing else is asked of it.
      const row = pagesOf(host, 9);
      const result = { value: 0x55 };
      yield* finished(api, (callback) => {
        for (let i = 0; i < 8; i++) copy(api, row[i + 1], row[i], ACK);
        asyncXorVal(api, row[8], [row[8], row[0]], 0, PAGE_SIZE, result, initAsyncSubmit(ACK, null, callback));
      });
      yield* api.kernel.scheduler.sleep(1000 * MICROSECOND);
      host.free(row[8]);
      return { pages: row.slice(0, 8), answers: [result.value] };
    },
  ),
  broken(
    'changes channels where it may not wait',
    'KS-01',
    ['client-bytes/no-interrupt-descriptors'],
    function* (api, host) {
      const [sum, a, b] = pagesOf(host, 3);
      const { tasklets } = api.kernel;
      yield* finished(api, (callback) => {
        tasklets.disable();
        const first = copy(api, b, a, FENCE);
        asyncXor(api, sum, [sum, b], 0, PAGE_SIZE, initAsyncSubmit(XOR_DROP_DST | ACK, first, callback));
        tasklets.enable();
      });
    },
  ),
  broken('hoards descriptors', 'XR-12', ['client-bytes/few-descriptors'], function* (api, host) {
    const [sum, a, b] = pagesOf(host, 3);
    const held: AsyncTxResult[] = [];
    for (let i = 0; i < 40; i++) {
      held.push(asyncXor(api, sum, [a, b], 0, 256, initAsyncSubmit(XOR_ZERO_DST)));
    }
    for (const tx of held) api.quiesceTx(tx);
    yield* api.kernel.scheduler.yieldProcessor();
  }),
  broken('asks the driver itself', 'IA-21', ['client-bytes/narrow', 'client-bytes/failing-engines'], direct),
  broken(
    'counts on the time',
    'KS-04',
    ['client-bytes/late-interrupts', 'client-bytes/slow-memory'],
    function* (api, host) {
      const [a, b] = pagesOf(host, 2);
      copy(api, b, a, ACK, null, () => undefined);
      api.issuePendingAll();
      yield* api.kernel.scheduler.sleep(40 * MICROSECOND);
      return { pages: [a, b], answers: [...host.read(b, PAGE_SIZE - 4)] };
    },
  ),
  broken('is called back too early', 'KS-08', ['client-bytes/prompt'], function* (api, host) {
    const [a, b] = pagesOf(host, 2);
    yield* finished(api, (callback) => {
      let asked = false;
      copy(api, b, a, ACK, null, () => {
        if (asked || api.dma.devices.length === 0) callback();
      });
      asked = true;
    });
  }),
  broken('takes null for a descriptor', 'KS-08', ['client-bytes/refusing-driver'], function* (api, host) {
    const [a, b, c] = pagesOf(host, 3);
    for (const to of [b, c, b, c]) {
      const tx = copy(api, to, a, 0);
      const { cookie } = tx as NonNullable<typeof tx>;
      if (cookie !== 0) api.quiesceTx(tx);
    }
    yield* api.kernel.scheduler.yieldProcessor();
  }),
];

/** A sum asked of the driver past async_tx: eight sources, and no second try. */
function* direct(api: AsyncTx, host: ClientHost): Generator<void, ClientOutcome, void> {
  const [sum, ...sources] = pagesOf(host, 9);
  const chan = api.dma.findChannel(DmaCapability.XOR);
  if (chan === undefined) return { pages: [sum, ...sources] };
  const unmap = api.dma.unmapPools.take(9);
  unmap.len = PAGE_SIZE;
  for (const page of sources) unmap.addr.push(unmap.map(page, 0, PAGE_SIZE, DmaDirection.toDevice));
  unmap.toCnt = sources.length;
  unmap.addr.push(unmap.map(sum, 0, PAGE_SIZE, DmaDirection.bidirectional));
  unmap.bidiCnt = 1;
  const flags = DmaCtrl.PREP_INTERRUPT | DmaCtrl.CTRL_ACK;
  const srcs = unmap.addr.slice(0, 8);
  const tx = chan.device.devicePrepDmaXor?.(chan, unmap.addr[8], srcs, 8, PAGE_SIZE, flags);
  if (tx) {
    yield* finished(api, (callback) => {
      tx.unmap = unmap.get();
      tx.callback = callback;
      tx.txSubmit(tx);
    });
  }
  unmap.put();
  return { pages: [sum, ...sources] };
}
