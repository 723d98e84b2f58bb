import { DmaCapability } from '../../dmaengine/capability';
import type { DmaDevice } from '../../dmaengine/device';
import { Errno } from '../../dmaengine/device';
import { bareEngine, fakeDevice } from './fake';

const { MEMCPY, XOR, PQ, XOR_VAL, PQ_VAL, MEMSET, INTERRUPT, PRIVATE, ASYNC_TX, CYCLIC, INTERLEAVE } = DmaCapability;

describe('registering a device', () => {
  const needs: readonly (readonly [string, DmaCapability, keyof DmaDevice])[] = [
    ['MEMCPY', MEMCPY, 'devicePrepDmaMemcpy'],
    ['XOR', XOR, 'devicePrepDmaXor'],
    ['XOR_VAL', XOR_VAL, 'devicePrepDmaXorVal'],
    ['PQ', PQ, 'devicePrepDmaPq'],
    ['PQ_VAL', PQ_VAL, 'devicePrepDmaPqVal'],
    ['MEMSET', MEMSET, 'devicePrepDmaMemset'],
    ['INTERRUPT', INTERRUPT, 'devicePrepDmaInterrupt'],
  ];

  it.each(needs)(
    'is refused with -EIO when it claims %s without the routine (RG-01, D-08)',
    (_, capability, routine) => {
      const { dma } = bareEngine();
      expect(dma.registerDevice(fakeDevice(1, [capability], { [routine]: undefined }))).toBe(Errno.EIO);
      expect(dma.devices).toEqual([]);
      expect(dma.registerDevice(fakeDevice(1, [capability]))).toBe(0);
    },
  );

  it.each(needs)(
    'does not need the routine of %s when it does not claim it (RG-01, D-08)',
    (_, capability, routine) => {
      const { dma } = bareEngine();
      const others = needs.map(([, other]) => other).filter((other) => other !== capability);
      expect(dma.registerDevice(fakeDevice(1, others, { [routine]: undefined }))).toBe(0);
    },
  );

  it.each([
    ['a status routine', { deviceTxStatus: undefined }],
    ['an issue_pending routine', { deviceIssuePending: undefined }],
    ['a parent', { parent: '' }],
  ])('is refused with -EIO without %s (RG-01)', (_, missing) => {
    const { dma } = bareEngine();
    expect(dma.registerDevice(fakeDevice(1, [MEMCPY], missing))).toBe(Errno.EIO);
    expect(dma.devices).toEqual([]);
  });

  it('works without alloc and free routines (RG-01)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(1, [MEMCPY], {
      deviceAllocChanResources: undefined,
      deviceFreeChanResources: undefined,
    });
    expect(dma.registerDevice(device)).toBe(0);
    dma.get();
    expect(dma.findChannel(MEMCPY)).toBe(device.channels[0]);
    dma.put();
    expect(device.channels[0].clientCount).toBe(0);
  });

  it('numbers devices by a counter and channels in list order (RG-04)', () => {
    const { dma } = bareEngine();
    const devices = [fakeDevice(2), fakeDevice(1)];
    for (const device of devices) dma.registerDevice(device);
    const names = devices.flatMap(({ channels }) => channels.map(({ name }) => name));
    expect(names).toEqual(['dma0chan0', 'dma0chan1', 'dma1chan0']);
    expect(devices.map(({ channels }) => channels.map(({ chanId }) => chanId))).toEqual([[0, 1], [0]]);
  });

  it('grants ASYNC_TX to a device that can do everything, the checks included, and to no other (RG-03, D-06)', () => {
    const all = [INTERRUPT, MEMCPY, XOR, XOR_VAL, PQ, PQ_VAL];
    const { dma } = bareEngine();
    const complete = fakeDevice(1, all);
    dma.registerDevice(complete);
    expect(complete.capMask.has(ASYNC_TX)).toBe(true);
    for (const missing of all) {
      const device = fakeDevice(
        1,
        all.filter((capability) => capability !== missing),
      );
      dma.registerDevice(device);
      expect(device.capMask.has(ASYNC_TX)).toBe(false);
    }
  });

  it.each([1, 2, 3])(
    'after %i clients came takes as many references, and gives all back (RG-05, CH-12, D-10)',
    (clients) => {
      const { dma } = bareEngine();
      for (let i = 0; i < clients; i++) dma.get();
      const device = fakeDevice(2);
      dma.registerDevice(device);
      const held = device.channels.map(({ clientCount, allocated }) => ({ clientCount, allocated }));
      expect(held).toEqual(new Array(2).fill({ clientCount: clients, allocated: 1 }));
    },
  );

  it('asks nothing of a private device although clients wait (RG-05)', () => {
    const { dma } = bareEngine();
    dma.get();
    const device = fakeDevice(1, [MEMCPY, PRIVATE]);
    dma.registerDevice(device);
    expect(device.channels[0].allocated).toBe(0);
    expect(dma.findChannel(MEMCPY)).toBeUndefined();
  });

  it('is refused with -ENODEV without a device (RG-01)', () => {
    expect(bareEngine().dma.registerDevice(null)).toBe(Errno.ENODEV);
  });

  it.each([CYCLIC, INTERLEAVE])('is refused when it claims capability %i, which nothing has (RG-01)', (capability) => {
    expect(bareEngine().dma.registerDevice(fakeDevice(1, [capability]))).toBe(Errno.EIO);
  });

  it('fails when a channel says -ENODEV to waiting clients; its number is free again (RG-04, RG-05, D-03)', () => {
    const { dma } = bareEngine();
    dma.get();
    const gone = fakeDevice(1, [MEMCPY], { deviceAllocChanResources: () => Errno.ENODEV });
    expect(dma.registerDevice(gone)).toBe(Errno.ENODEV);
    expect([dma.devices, dma.deviceReferences(gone)]).toEqual([[], 0]);
    const next = fakeDevice();
    dma.registerDevice(next);
    expect(next.channels[0].name).toBe('dma0chan0');
  });

  it('succeeds when a channel says -ENOMEM to waiting clients; the table names the others (RG-05, CH-15, D-15)', () => {
    const { dma } = bareEngine();
    dma.get();
    const device = fakeDevice(2, [MEMCPY, XOR], {
      deviceAllocChanResources: ({ chanId }) => (chanId === 0 ? Errno.ENOMEM : 1),
    });
    expect(dma.registerDevice(device)).toBe(0);
    expect([dma.findChannel(MEMCPY), dma.findChannel(XOR)]).toEqual([device.channels[1], device.channels[1]]);
  });

  it('gives the number of an unregistered device to the next one (RG-04, RG-07, D-02)', () => {
    const { dma } = bareEngine();
    const devices = [fakeDevice(), fakeDevice(), fakeDevice()];
    dma.registerDevice(devices[0]);
    dma.registerDevice(devices[1]);
    dma.unregisterDevice(devices[0]);
    expect(dma.devices).toEqual([devices[1]]);
    dma.registerDevice(devices[2]);
    expect(devices[2].channels[0].name).toBe('dma0chan0');
  });
});
