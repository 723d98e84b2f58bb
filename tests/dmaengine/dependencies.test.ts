import { dmaRunDependencies } from '../../dmaengine/dependencies';
import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import type { FakeChan } from './fake';
import { bareKernel, fakeDevice } from './fake';

/** Descriptors on the given channels, each waiting for the one before it. */
function chained(chans: readonly FakeChan[]): DmaAsyncTxDescriptor[] {
  const kernel = bareKernel();
  const all = chans.map((chan) => chan.prepare(kernel));
  for (let i = 1; i < all.length; i++) {
    all[i - 1].next = all[i];
    all[i].parent = all[i - 1];
  }
  return all;
}

const twoChannels = (): readonly FakeChan[] => fakeDevice(2).channels;

describe('running the dependencies of a completed descriptor', () => {
  it('does nothing when nothing waits (SW-04)', () => {
    const [a] = twoChannels();
    const [tx] = chained([a]);
    dmaRunDependencies(tx);
    expect([a.submitted, a.issued]).toEqual([[], 0]);
  });

  it('submits all that follow on the same channel in their order, and flushes the channel once (SW-04)', () => {
    const [a, b] = twoChannels();
    const [first, ...rest] = chained([a, b, b, b]);
    dmaRunDependencies(first);
    expect(b.submitted).toEqual(rest);
    expect([a.issued, b.issued]).toEqual([0, 1]);
    expect([first, ...rest].every(({ next, parent }) => next === undefined && parent === undefined)).toBe(true);
  });

  it('keeps the link across a channel boundary, and follows it when that descriptor completes (SW-05, X-04)', () => {
    const [a, b] = twoChannels();
    const [first, second, third] = chained([a, b, a]);
    dmaRunDependencies(first);
    expect([b.submitted, a.submitted]).toEqual([[second], []]);
    expect([second.parent, second.next, third.parent]).toEqual([undefined, third, second]);
    dmaRunDependencies(second);
    expect(a.submitted).toEqual([third]);
    expect(third.parent).toBeUndefined();
  });

  it('submits a dependant once, however often the completed descriptor is visited (SW-04, SW-10, X-05)', () => {
    const [a, b] = twoChannels();
    const [first, second] = chained([a, b]);
    dmaRunDependencies(first);
    dmaRunDependencies(first);
    expect(b.submitted).toEqual([second]);
    expect(b.issued).toBe(1);
  });

  it('submits what was attached after the first visit (SW-10)', () => {
    const [a, b] = twoChannels();
    const [first] = chained([a]);
    dmaRunDependencies(first);
    const late = b.prepare(bareKernel());
    first.next = late;
    late.parent = first;
    dmaRunDependencies(first);
    expect(b.submitted).toEqual([late]);
  });

  it('leaves every descriptor with one child and one parent at most (SW-06)', () => {
    const [a, b] = twoChannels();
    const all = chained([a, a, b, b, a]);
    for (const tx of all) dmaRunDependencies(tx);
    expect([...a.submitted, ...b.submitted]).toEqual([all[1], all[4], all[2], all[3]]);
    expect(all.filter(({ next, parent }) => next !== undefined || parent !== undefined)).toEqual([]);
  });
});
