import { DmaCapability } from '../../../dmaengine/capability';
import { AsyncTxClient } from '../../../dmaengine/legacy/async-tx-client';
import { LegacyCapability } from '../../../dmaengine/legacy/capability';
import { DmaState, DmaStateClient } from '../../../dmaengine/legacy/client';
import { DmaClients } from '../../../dmaengine/legacy/clients';
import { asyncTxRebalance } from '../../../dmaengine/legacy/rebalance';
import { bareEngine, fakeDevice } from '../fake';

const { MEMCPY, XOR } = DmaCapability;

function world(cpus: number, memory?: () => boolean) {
  const { dma, kernel } = bareEngine(new Array<number>(cpus).fill(0));
  const face = new DmaClients(dma);
  const client = new AsyncTxClient(face, cpus > 1, memory);
  face.dmaAsyncClientRegister(client);
  return { dma, kernel, face, client };
}

describe("async_tx's own client of 2007", () => {
  it('takes every channel once, and knows it when it is offered again (CL-11)', () => {
    const { face, client } = world(1);
    const device = fakeDevice(2);
    face.dmaAsyncDeviceRegister(device);
    expect(client.eventCallback(client, device.channels[0], DmaState.AVAILABLE)).toBe(DmaStateClient.DUP);
    expect(client.master.map(({ chan }) => chan)).toEqual(device.channels);
  });

  it('gives back both of its references when the device goes (CL-11)', () => {
    const { dma, kernel, face, client } = world(1);
    const [gone, stays] = [fakeDevice(), fakeDevice()];
    face.dmaAsyncDeviceRegister(gone);
    face.dmaAsyncDeviceRegister(stays);
    kernel.scheduler.spawn('remove', face.dmaAsyncDeviceUnregister(gone));
    kernel.scheduler.run(() => dma.devices.length === 1);
    expect(gone.channels[0].freed).toBe(1);
    expect(client.findChannel(LegacyCapability.MEMCPY)).toBe(stays.channels[0]);
  });

  it('only warns of SUSPEND and RESUME (CL-11)', () => {
    const { kernel, client } = world(1);
    const [chan] = fakeDevice().channels;
    for (const state of [DmaState.SUSPEND, DmaState.RESUME]) {
      expect(client.eventCallback(client, chan, state)).toBe(DmaStateClient.DUP);
    }
    expect(kernel.log).toHaveLength(2);
  });

  it('leaks a reference when it has no memory for the channel, since 0 is ACK (CL-11)', () => {
    const { face, client } = world(1, () => false);
    const device = fakeDevice();
    face.dmaAsyncDeviceRegister(device);
    expect(client.master).toEqual([]);
    expect(face.inUse(device.channels[0])).toBe(true);
    expect(client.eventCallback(client, device.channels[0], DmaState.REMOVED)).toBe(DmaStateClient.DUP);
  });

  it('flushes every channel it knows, in the table or not (CL-14)', () => {
    const { face, client } = world(1);
    const device = fakeDevice(3);
    face.dmaAsyncDeviceRegister(device);
    client.issuePendingAll();
    expect(device.channels.map(({ issued }) => issued)).toEqual([1, 1, 1]);
  });

  it('on one processor always takes the lowest count, and has no entry for INTERRUPT (CL-12)', () => {
    const { face, client } = world(1);
    const device = fakeDevice(2, [MEMCPY, XOR, DmaCapability.MEMSET, DmaCapability.INTERRUPT]);
    face.dmaAsyncDeviceRegister(device);
    const [a, b] = device.channels;
    const { MEMCPY: copy, XOR: xor, MEMSET: fill, INTERRUPT: interrupt } = LegacyCapability;
    expect([copy, xor, fill, interrupt].map((it) => client.findChannel(it))).toEqual([a, b, a, undefined]);
  });

  it('on more numbers across processors and capabilities, and falls back to the lowest count (CL-12)', () => {
    const device = fakeDevice(3, [MEMCPY, XOR]);
    const [a, b, c] = device.channels.map((chan) => ({ chan, count: 0 }));
    const table = asyncTxRebalance([a, b, c], new Map(), 2, true);
    // Numbers 0 and 1 are the first two channels; XOR has 2, which is the third, and 3, which is nobody.
    expect(table.get(LegacyCapability.MEMCPY)).toEqual([a, b]);
    expect(table.get(LegacyCapability.XOR)).toEqual([c, a]);
    expect([a, b, c].map(({ count }) => count)).toEqual([2, 1, 1]);
  });

  it('resets only the counts of channels that the old table names (CL-13)', () => {
    const refs = fakeDevice(2).channels.map((chan) => ({ chan, count: 5 }));
    const old = new Map([[LegacyCapability.MEMCPY, [refs[1]]]]);
    const table = asyncTxRebalance(refs, old, 1, false);
    expect(table.get(LegacyCapability.MEMCPY)).toEqual([refs[1]]);
    expect(refs.map(({ count }) => count)).toEqual([5, 1]);
  });
});
