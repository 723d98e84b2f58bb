import { DmaCapability } from '../../dmaengine/capability';
import { Errno } from '../../dmaengine/device';
import { bareEngine, fakeDevice } from './fake';

const { MEMCPY, XOR, XOR_VAL, MEMSET, INTERRUPT, PRIVATE, SLAVE } = DmaCapability;

describe('the channel table', () => {
  it('stays empty until there is a client (CH-02, CH-04)', () => {
    const { dma } = bareEngine();
    dma.registerDevice(fakeDevice());
    expect(dma.findChannel(MEMCPY)).toBeUndefined();
    dma.get();
    expect(dma.findChannel(MEMCPY)).toBe(dma.devices[0].channels[0]);
  });

  it('has no entries for INTERRUPT, PRIVATE and SLAVE (CH-01)', () => {
    const { dma } = bareEngine();
    dma.registerDevice(fakeDevice(1, [MEMCPY, INTERRUPT, SLAVE]));
    dma.get();
    expect([INTERRUPT, SLAVE, PRIVATE].map((capability) => dma.findChannel(capability))).toEqual(
      new Array(3).fill(undefined),
    );
    expect(dma.findChannel(MEMCPY)).toBeDefined();
  });

  it('gives every capability, ascending, the channel named least often, the earliest on a tie (CH-05, CH-07)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(3, [MEMSET, XOR_VAL, XOR, MEMCPY]);
    dma.registerDevice(device);
    dma.get();
    const [a, b, c] = device.channels;
    expect([MEMCPY, XOR, XOR_VAL, MEMSET].map((capability) => dma.findChannel(capability))).toEqual([a, b, c, a]);
    expect(device.channels.map(({ tableCount }) => tableCount)).toEqual([2, 1, 1]);
  });

  it('spreads one capability over the processors before it turns to the next one (CH-05)', () => {
    const { dma } = bareEngine([0, 0]);
    const device = fakeDevice(3, [MEMCPY, XOR]);
    dma.registerDevice(device);
    dma.get();
    const [a, b, c] = device.channels;
    expect([dma.findChannel(MEMCPY, 0), dma.findChannel(MEMCPY, 1)]).toEqual([a, b]);
    expect([dma.findChannel(XOR, 0), dma.findChannel(XOR, 1)]).toEqual([c, a]);
  });

  it('prefers a channel on the node of the processor to a better one elsewhere (CH-07, CH-08)', () => {
    const { dma } = bareEngine([0, 1, 1]);
    const near = fakeDevice(1, [MEMCPY, XOR], { node: 1 });
    const far = fakeDevice(2, [MEMCPY, XOR], { node: 2 });
    dma.registerDevice(far);
    dma.registerDevice(near);
    dma.get();
    const [a, b] = far.channels;
    const [c] = near.channels;
    expect([0, 1, 2].map((cpu) => dma.findChannel(MEMCPY, cpu))).toEqual([a, c, c]);
    expect([0, 1, 2].map((cpu) => dma.findChannel(XOR, cpu))).toEqual([b, c, c]);
  });

  it('takes a device without a node for local to every processor (CH-08)', () => {
    const { dma } = bareEngine([0, 1]);
    const anywhere = fakeDevice(1, [MEMCPY]);
    const near = fakeDevice(1, [MEMCPY], { node: 1 });
    dma.registerDevice(anywhere);
    dma.registerDevice(near);
    dma.get();
    expect([0, 1].map((cpu) => dma.findChannel(MEMCPY, cpu))).toEqual([anywhere.channels[0], near.channels[0]]);
  });

  it('scans devices in the order of registration, and only those that can do it and are public (CH-06)', () => {
    const { dma } = bareEngine();
    const devices = [fakeDevice(1, [XOR]), fakeDevice(1, [MEMCPY, PRIVATE]), fakeDevice(1, [MEMCPY, XOR])];
    for (const device of devices) dma.registerDevice(device);
    dma.get();
    expect(dma.findChannel(MEMCPY)).toBe(devices[2].channels[0]);
    expect(dma.findChannel(XOR)).toBe(devices[0].channels[0]);
  });

  it('counts from zero at every rebuild (CH-03)', () => {
    const { dma } = bareEngine();
    const first = fakeDevice(1, [MEMCPY, XOR]);
    dma.registerDevice(first);
    dma.get();
    const second = fakeDevice(1, [MEMCPY, XOR]);
    dma.registerDevice(second);
    expect(dma.findChannel(MEMCPY)).toBe(first.channels[0]);
    expect(dma.findChannel(XOR)).toBe(second.channels[0]);
    expect([first, second].map(({ channels }) => channels[0].tableCount)).toEqual([1, 1]);
  });

  it('forgets a device that is unregistered (CH-09, RG-07)', () => {
    const { dma, kernel } = bareEngine();
    const first = fakeDevice();
    const second = fakeDevice();
    dma.registerDevice(first);
    dma.registerDevice(second);
    dma.get();
    dma.unregisterDevice(first);
    expect(dma.findChannel(MEMCPY)).toBe(second.channels[0]);
    expect(first.capMask.has(PRIVATE)).toBe(true);
    expect(kernel.findings.all().map(({ rule }) => rule)).toEqual(['RG-07']);
  });

  it('still names a channel whose resources are gone after the last put (CH-09, D-16)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice();
    dma.registerDevice(device);
    dma.get();
    dma.put();
    expect(device.channels[0].freed).toBe(1);
    expect(dma.findChannel(MEMCPY)).toBe(device.channels[0]);
  });
});

describe('clients', () => {
  it('take a reference on every public channel, and resources only with the first one (CH-10, CH-12)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(2);
    dma.registerDevice(device);
    dma.get();
    dma.get();
    const counts = device.channels.map(({ clientCount, allocated }) => ({ clientCount, allocated }));
    expect(counts).toEqual(new Array(2).fill({ clientCount: 2, allocated: 1 }));
  });

  it('free the resources when the last one goes, and only then (CH-11, CH-13)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice();
    const [chan] = device.channels;
    dma.registerDevice(device);
    dma.get();
    dma.get();
    dma.put();
    expect([chan.clientCount, chan.freed]).toEqual([1, 0]);
    dma.put();
    expect([chan.clientCount, chan.freed]).toEqual([0, 1]);
    dma.get();
    expect([chan.clientCount, chan.allocated]).toEqual([1, 2]);
  });

  it('make the kernel BUG when one more goes than came (CH-11)', () => {
    const { dma } = bareEngine();
    dma.get();
    dma.put();
    expect(() => dma.put()).toThrow(expect.objectContaining({ rule: 'CH-11' }));
  });

  it('rebuild the table only when the first one comes (CH-10)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(2);
    let works = false;
    const failing = fakeDevice(1, [XOR], { deviceAllocChanResources: () => (works ? 1 : Errno.ENOMEM) });
    dma.registerDevice(device);
    dma.registerDevice(failing);
    dma.get();
    works = true;
    dma.get();
    expect(failing.channels[0].clientCount).toBe(2);
    expect(dma.findChannel(XOR)).toBeUndefined();
  });

  it('have no use for a private device (CH-10, CH-11, CH-14)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(1, [MEMCPY, PRIVATE]);
    dma.registerDevice(device);
    dma.get();
    dma.issuePendingAll();
    dma.put();
    expect(device.channels[0]).toMatchObject({ clientCount: 0, allocated: 0, freed: 0, issued: 0 });
    expect(device.privatecnt).toBe(1);
  });

  it('find a device gone when one of its channels says -ENODEV, and the scan of it over (CH-10)', () => {
    const { dma } = bareEngine();
    let asked = 0;
    const gone = fakeDevice(3, [MEMCPY], { deviceAllocChanResources: () => (++asked === 2 ? Errno.ENODEV : 1) });
    const other = fakeDevice();
    dma.registerDevice(gone);
    dma.registerDevice(other);
    dma.get();
    expect(dma.devices).toEqual([other]);
    expect(asked).toBe(2);
    expect(dma.findChannel(MEMCPY)).toBe(other.channels[0]);
  });

  it('leave the others alone when the driver unregisters a device that was gone already (CH-10, RG-07)', () => {
    const { dma } = bareEngine();
    const gone = fakeDevice(1, [MEMCPY], { deviceAllocChanResources: () => Errno.ENODEV });
    const other = fakeDevice();
    dma.registerDevice(gone);
    dma.registerDevice(other);
    dma.get();
    dma.unregisterDevice(gone);
    expect(dma.devices).toEqual([other]);
    expect(dma.findChannel(MEMCPY)).toBe(other.channels[0]);
  });

  it('log any other failure; the channel stays, is never in the table, and may work later (CH-10, CH-15, D-15)', () => {
    const { dma, kernel } = bareEngine();
    let works = false;
    const device = fakeDevice(2, [MEMCPY, XOR], {
      deviceAllocChanResources: (chan) => (chan.chanId === 0 && !works ? Errno.ENOMEM : 1),
    });
    dma.registerDevice(device);
    dma.get();
    const [bad, good] = device.channels;
    expect([bad.clientCount, good.clientCount]).toEqual([0, 1]);
    expect([MEMCPY, XOR].map((capability) => dma.findChannel(capability))).toEqual([good, good]);
    expect(kernel.log.map(({ text }) => text)).toEqual(['dmaengine: failed to get dma0chan0: (-12)']);
    dma.put();
    expect([bad.clientCount, bad.freed]).toEqual([0, 0]);
    works = true;
    dma.get();
    expect(dma.findChannel(MEMCPY)).toBe(bad);
  });

  it('flush every channel that is in use, and no other (CH-14)', () => {
    const { dma } = bareEngine();
    const devices = [
      fakeDevice(2, [MEMCPY], { deviceAllocChanResources: ({ chanId }) => (chanId === 1 ? Errno.ENOMEM : 1) }),
      fakeDevice(1, [XOR]),
    ];
    for (const device of devices) dma.registerDevice(device);
    dma.get();
    dma.issuePendingAll();
    expect(devices.flatMap(({ channels }) => channels.map(({ issued }) => issued))).toEqual([1, 0, 1]);
  });
});
