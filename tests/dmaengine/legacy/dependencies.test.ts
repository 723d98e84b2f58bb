import { EBUSY_COOKIE } from '../../../dmaengine/cookie';
import type { DmaAsyncTxDescriptor } from '../../../dmaengine/descriptor';
import { DmaClients } from '../../../dmaengine/legacy/clients';
import { asyncTxRunDependencies } from '../../../dmaengine/legacy/dependencies';
import type { FakeChan } from '../fake';
import { bareEngine, bareKernel, fakeDevice } from '../fake';

/** A descriptor on the first channel, and one that waits for it on each of the others. */
function withDependants(parent: FakeChan, ...others: FakeChan[]): DmaAsyncTxDescriptor[] {
  const kernel = bareKernel();
  const tx = parent.prepare(kernel);
  tx.dependants = others.map((chan) => {
    const dependant = chan.prepare(kernel);
    dependant.parent = tx;
    return dependant;
  });
  return [tx, ...tx.dependants];
}

describe('running the dependencies in 2007', () => {
  it('submits every one of the list in order, and flushes its channel after each (SW-07)', () => {
    const [a, b, c] = fakeDevice(3).channels;
    const [tx, first, second, third] = withDependants(a, b, c, b);
    asyncTxRunDependencies(tx);
    expect([first, second, third].map(({ cookie }) => cookie !== EBUSY_COOKIE)).toEqual([true, true, true]);
    expect([a.issued, b.issued, c.issued]).toEqual([0, 2, 1]);
  });

  it('submits a dependant once, however often the descriptor is visited', () => {
    const [a, b] = fakeDevice(2).channels;
    const [tx] = withDependants(a, b);
    asyncTxRunDependencies(tx);
    asyncTxRunDependencies(tx);
    expect(a.submitted).toHaveLength(1);
    expect(b.issued).toBe(1);
  });

  it('does nothing where nothing waits', () => {
    const [a] = fakeDevice(1).channels;
    asyncTxRunDependencies(a.prepare(bareKernel()));
    expect([a.submitted, a.issued]).toEqual([[], 0]);
  });

  it('is a BUG when a dependant is on the same channel (SW-07)', () => {
    const [a] = fakeDevice(1).channels;
    const [tx] = withDependants(a, a);
    expect(() => asyncTxRunDependencies(tx)).toThrow(expect.objectContaining({ rule: 'SW-07' }));
  });

  it("goes through the parent's submit routine, which is another driver's when the devices differ (SW-08, X-02)", () => {
    const [a] = fakeDevice(1).channels;
    const [b] = fakeDevice(1).channels;
    const [tx, child] = withDependants(a, b);
    asyncTxRunDependencies(tx);
    expect([a.submitted, b.submitted]).toEqual([[child], []]);
  });

  it('leaves the parent link of a submitted dependant standing (SW-09, X-03)', () => {
    const [a, b] = fakeDevice(2).channels;
    const [tx, child] = withDependants(a, b);
    asyncTxRunDependencies(tx);
    expect(child.parent).toBe(tx);
  });
});

it('a device of 2007 is asked for dependency_added (RG-02)', () => {
  const device = fakeDevice(1, undefined, { deviceDependencyAdded: undefined });
  const face = new DmaClients(bareEngine().dma);
  expect(() => face.dmaAsyncDeviceRegister(device)).toThrow(expect.objectContaining({ rule: 'RG-02' }));
});
