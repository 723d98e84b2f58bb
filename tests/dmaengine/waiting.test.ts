import { MILLISECOND } from '../../emulator/sim/time';
import type { Kernel } from '../../emulator/kernel/kernel';
import type { DmaEngine } from '../../dmaengine/engine';
import { dmaCookieStatus } from '../../dmaengine/cookie';
import { bareEngine, fakeDevice } from './fake';
import type { FakeChan } from './fake';

const LIMIT = 5000 * MILLISECOND;

/** A channel, and something that happens at a given time. */
function world(overrides: Parameters<typeof fakeDevice>[2] = {}): {
  kernel: Kernel;
  dma: DmaEngine;
  chan: FakeChan;
  after: (delay: number, happens: () => void) => void;
} {
  const { kernel, dma } = bareEngine();
  const [chan] = fakeDevice(1, undefined, overrides).channels;
  const actor = { name: 'hardware', priority: 0 };
  const after = (delay: number, happens: () => void): void => {
    kernel.machine.sim.schedule(actor, delay, { reads: [], writes: [] }, happens);
  };
  return { kernel, dma, chan, after };
}

describe('dma_sync_wait', () => {
  it('flushes once and polls until the cookie is complete (SW-01)', () => {
    const { kernel, dma, chan, after } = world();
    const before = kernel.now;
    chan.cookie = 2;
    after(10, () => undefined);
    after(20, () => (chan.completedCookie = 2));
    expect(dma.syncWait(chan, 2)).toBe('complete');
    expect(chan.issued).toBe(1);
    expect(kernel.now - before).toBe(20);
  });

  it('flushes once and returns for a cookie that was complete before (SW-03)', () => {
    const { kernel, dma, chan } = world();
    const before = kernel.now;
    expect(dma.syncWait(chan, 1)).toBe('complete');
    expect([chan.issued, kernel.now]).toEqual([1, before]);
  });

  it('returns an error after 5 s of a channel that never completes (SW-01, CK-16)', () => {
    const { kernel, dma, chan } = world();
    chan.cookie = 2;
    const before = kernel.now;
    expect(dma.syncWait(chan, 2)).toBe('error');
    expect(kernel.now - before).toBe(LIMIT);
    expect(kernel.log.map(({ text }) => text)).toEqual(['dma_sync_wait: timeout!']);
  });

  it('returns an error when the poll that finds it complete ends at the deadline (SW-02)', () => {
    const duration = { value: LIMIT };
    const { kernel, dma, chan } = world({
      deviceTxStatus: () => {
        kernel.spend(duration.value);
        return 'complete';
      },
    });
    expect(dma.syncWait(chan, 2)).toBe('error');
    duration.value = LIMIT - 1;
    expect(dma.syncWait(chan, 2)).toBe('complete');
  });

  it('looks again when the last event came while it was polling (SW-01)', () => {
    const { kernel, dma, chan, after } = world({
      deviceTxStatus: (polled, cookie) => {
        const status = dmaCookieStatus(polled, cookie);
        kernel.spend(100);
        return status;
      },
    });
    chan.cookie = 2;
    after(50, () => (chan.completedCookie = 2));
    const before = kernel.now;
    expect(dma.syncWait(chan, 2)).toBe('complete');
    expect(kernel.now - before).toBe(200);
  });

  it.each(['error', 'paused', 'out_of_order'] as const)('hands a status of %s out (SW-01, CK-15)', (status) => {
    const { dma, chan } = world({ deviceTxStatus: () => status });
    expect(dma.syncWait(chan, 2)).toBe(status);
  });
});

describe('dma_wait_for_async_tx', () => {
  it('is complete at once for no descriptor (WT-01)', () => {
    const { dma, kernel } = world();
    const before = kernel.now;
    expect(dma.waitForAsyncTx(null)).toBe('complete');
    expect(kernel.now).toBe(before);
  });

  it('returns an error after 5 s for a descriptor that is never submitted, and never polls it (WT-09, X-01)', () => {
    const { dma, kernel, chan } = world();
    const before = kernel.now;
    expect(dma.waitForAsyncTx(chan.prepare(kernel))).toBe('error');
    expect(kernel.now - before).toBe(LIMIT);
    expect(chan.issued).toBe(0);
  });

  it('waits until the descriptor was submitted and has executed (WT-09, WT-10)', () => {
    const { dma, kernel, chan, after } = world();
    const before = kernel.now;
    const tx = chan.prepare(kernel);
    after(100, () => tx.txSubmit(tx));
    after(300, () => (chan.completedCookie = tx.cookie));
    expect(dma.waitForAsyncTx(tx)).toBe('complete');
    expect(kernel.now - before).toBe(300);
  });

  it('has a budget of 5 s for the submission and another one for the execution (WT-11)', () => {
    const { dma, kernel, chan, after } = world();
    const tx = chan.prepare(kernel);
    const before = kernel.now;
    after(LIMIT - 1, () => tx.txSubmit(tx));
    expect(dma.waitForAsyncTx(tx)).toBe('error');
    expect(kernel.now - before).toBe(2 * LIMIT - 1);
    const late = chan.prepare(kernel);
    after(LIMIT - 1, () => late.txSubmit(late));
    after(2 * LIMIT - 2, () => (chan.completedCookie = late.cookie));
    expect(dma.waitForAsyncTx(late)).toBe('complete');
  });
});
