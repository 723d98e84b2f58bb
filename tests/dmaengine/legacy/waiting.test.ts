import type { DmaStatus } from '../../../dmaengine/cookie';
import { dmaCookieStatus } from '../../../dmaengine/cookie';
import type { DmaAsyncTxDescriptor } from '../../../dmaengine/descriptor';
import { dmaWaitForAsyncTx0, dmaWaitForAsyncTx1, dmaWaitForAsyncTx2 } from '../../../dmaengine/legacy/waiting';
import { dmaWaitForAsyncTx } from '../../../dmaengine/waiting';
import { GuestHang } from '../../../emulator/findings';
import type { Kernel } from '../../../emulator/kernel/kernel';
import { MILLISECOND } from '../../../emulator/sim/time';
import type { FakeChan, Overrides } from '../fake';
import { bareKernel, fakeDevice } from '../fake';

const LIMIT = 5000 * MILLISECOND;

type Wait = (kernel: Kernel, tx: DmaAsyncTxDescriptor | null) => DmaStatus;

const ALL: readonly (readonly [number, Wait])[] = [
  [0, dmaWaitForAsyncTx0],
  [1, dmaWaitForAsyncTx1],
  [2, dmaWaitForAsyncTx2],
];

/** A kernel, channels, a row of descriptors each waiting for the one before it, and things that happen in time. */
class Row {
  readonly kernel = bareKernel();
  readonly chans: readonly FakeChan[];
  readonly row: readonly DmaAsyncTxDescriptor[];

  constructor(length: number, overrides: Overrides = {}) {
    this.chans = fakeDevice(length, undefined, overrides).channels;
    this.row = this.chans.map((chan) => chan.prepare(this.kernel));
    this.row.slice(1).forEach((tx, i) => (tx.parent = this.row[i]));
  }

  after(delay: number, happens: () => void): void {
    const actor = { name: 'hardware', priority: 0 };
    this.kernel.machine.sim.schedule(actor, delay, { reads: [], writes: [] }, happens);
  }

  submit(index: number): void {
    const tx = this.row[index];
    tx.txSubmit(tx);
  }

  complete(index: number): void {
    this.chans[index].completedCookie = this.row[index].cookie;
    this.row[index].cookie = 0;
  }

  /** How long a wait for the last one takes (picoseconds), and what it says. */
  wait(generation: Wait): [DmaStatus, number] {
    const before = this.kernel.now;
    const status = generation(this.kernel, this.row[this.row.length - 1]);
    return [status, this.kernel.now - before];
  }
}

describe.each(ALL)('dma_wait_for_async_tx, generation %i', (generation, wait) => {
  it('is complete at once for no descriptor (WT-01)', () => {
    const { kernel } = new Row(1);
    const before = kernel.now;
    expect(wait(kernel, null)).toBe('complete');
    expect(kernel.now).toBe(before);
  });

  it('polls a submitted descriptor until it is complete', () => {
    const row = new Row(1);
    row.submit(0);
    row.after(700, () => row.complete(0));
    expect(row.wait(wait)).toEqual(['complete', 700]);
  });

  it('returns the ERROR of the descriptor itself after 5 s', () => {
    const row = new Row(1);
    row.submit(0);
    expect(row.wait(wait)).toEqual(['error', LIMIT]);
  });
});

describe('the climb', () => {
  /** A submitted, B and C behind it; A ends at 100, B is submitted then and ends at 200, C likewise at 300. */
  function relay(): Row {
    const row = new Row(3);
    row.submit(0);
    [0, 1].forEach((i) =>
      row.after(100 * (i + 1), () => {
        row.complete(i);
        row.row[i + 1].parent = undefined;
        row.submit(i + 1);
      }),
    );
    row.after(300, () => row.complete(2));
    return row;
  }

  it.each([
    [0, dmaWaitForAsyncTx0],
    [2, dmaWaitForAsyncTx2],
  ])('of generation %i goes from one submitted ancestor to the next, to the end (WT-02, WT-07, WT-10)', (_, wait) => {
    const row = relay();
    expect(row.wait(wait)).toEqual(['complete', 300]);
    expect(row.chans.map(({ issued }) => issued > 0)).toEqual([true, true, true]);
  });

  it('of generation 1 stops below the submitted one, and returns before the last was submitted (WT-03, WT-04)', () => {
    const row = relay();
    const [status, took] = row.wait(dmaWaitForAsyncTx1);
    expect([status, took < 200]).toEqual(['complete', true]);
    expect(row.row[2].cookie).toBe(-16);
    expect(row.chans[0].issued).toBe(0);
  });

  it('of generation 1 takes -EBUSY for success at once where there are two (WT-04, CK-11)', () => {
    const row = new Row(2);
    row.submit(0);
    expect(row.wait(dmaWaitForAsyncTx1)).toEqual(['complete', 0]);
    expect(row.chans.map(({ issued }) => issued)).toEqual([0, 1]);
  });

  it('of generation 1 never ends where there are three and nobody flushes the first (WT-05)', () => {
    const row = new Row(3);
    row.submit(0);
    const wait = (): unknown => row.wait(dmaWaitForAsyncTx1);
    expect(wait).toThrow(GuestHang);
    expect(wait).toThrow(expect.objectContaining({ rule: 'WT-05' }));
    expect(row.chans[0].issued).toBe(0);
    expect(row.chans[1].issued).toBeGreaterThan(0);
    expect(row.chans[2].issued).toBe(0);
  });

  it('of generation 1 runs into the timeout while the cookies of the channel are wrapped (WT-06, CK-11)', () => {
    const row = new Row(2);
    row.submit(0);
    Object.assign(row.chans[1], { cookie: 1, completedCookie: 0x7ffffffe });
    row.after(100, () => {
      row.complete(0);
      row.submit(1);
    });
    row.after(200, () => (row.row[1].cookie = 0));
    expect(row.wait(dmaWaitForAsyncTx1)).toEqual(['error', LIMIT]);
  });

  it('of generation 2 spins for the moment between the link that goes and the cookie that comes (WT-07)', () => {
    const row = new Row(2);
    row.row[1].parent = undefined;
    row.after(50, () => row.submit(1));
    row.after(90, () => row.complete(1));
    expect(row.wait(dmaWaitForAsyncTx2)).toEqual(['complete', 90]);
  });

  it('of generation 0 ends at no address when nothing above is submitted (WT-02)', () => {
    expect(() => new Row(2).wait(dmaWaitForAsyncTx0)).toThrow(expect.objectContaining({ rule: 'WT-02' }));
  });
});

describe('an ancestor', () => {
  it.each(ALL)("whose wait ends in ERROR does not end generation %i's (WT-08)", (generation, wait) => {
    let errors = 0;
    const row: Row = new Row(generation === 1 ? 3 : 2, {
      deviceTxStatus: (chan, cookie) => {
        if (chan === row.chans[row.chans.length - 1]) return dmaCookieStatus(chan, cookie);
        errors++;
        return 'error';
      },
    });
    row.submit(0);
    for (const time of [20, 40, 60, 80]) row.after(time, () => undefined);
    row.after(100, () => {
      const last = row.row.length - 1;
      row.row.forEach((tx) => (tx.parent = undefined));
      row.submit(last);
      row.complete(last);
    });
    expect(row.wait(wait)).toEqual(['complete', 100]);
    expect(errors).toBeGreaterThan(4);
  });

  /**
   * A row of two in which, between a read of the parent link and that of the parent's cookie, the parent ends, the
   * child is submitted and ends as well, and the parent's slot goes to an operation that nobody flushes.
   * @param atRead which read of the link it is
   */
  function recycledAt(atRead: number): Row & { reads: number } {
    const row = Object.assign(new Row(2), { reads: 0 });
    const [parent, child] = row.row;
    row.submit(0);
    const recycle = (): void => {
      row.complete(0);
      row.submit(1);
      row.complete(1);
      parent.init(0);
      row.submit(0);
    };
    Object.defineProperty(child, 'parent', {
      get: () => {
        row.reads++;
        if (row.reads === atRead) recycle();
        return row.reads > atRead ? undefined : parent;
      },
    });
    if (atRead === 0) recycle();
    return row;
  }

  it.each([
    [0, dmaWaitForAsyncTx0, 1],
    [2, dmaWaitForAsyncTx2, 2],
  ])('that is recycled while generation %i looks at it is waited for all the same (WT-12, X-06)', (_, wait, atRead) => {
    expect(recycledAt(atRead).wait(wait)).toEqual(['complete', LIMIT]);
  });

  it('is nothing that generation 3 looks at (WT-09, X-06)', () => {
    const row = recycledAt(0);
    expect(row.wait(dmaWaitForAsyncTx)).toEqual(['complete', 0]);
    expect(row.reads).toBe(0);
  });
});
