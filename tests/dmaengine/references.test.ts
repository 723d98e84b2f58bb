import { DmaCapability } from '../../dmaengine/capability';
import type { DmaModule } from '../../dmaengine/device';
import { Errno } from '../../dmaengine/device';
import { dmaReleaseChannel, dmaRequestChannel } from '../../dmaengine/exclusive';
import { bareEngine, FakeChan, fakeDevice } from './fake';

const { MEMCPY, XOR } = DmaCapability;

const driver = (): DmaModule => ({ references: 0, going: false });

describe('references', () => {
  it('count every client on the module, and every channel in use on the device (CH-12, CH-13, D-10)', () => {
    const { dma } = bareEngine();
    const owner = driver();
    const device = fakeDevice(2, [MEMCPY], { owner });
    dma.get();
    dma.get();
    dma.registerDevice(device);
    expect([owner.references, dma.deviceReferences(device)]).toEqual([4, 3]);
    dma.put();
    expect([owner.references, dma.deviceReferences(device)]).toEqual([2, 3]);
    dma.put();
    expect([owner.references, dma.deviceReferences(device)]).toEqual([0, 1]);
  });

  it('are taken back when the resources cannot be had (CH-12)', () => {
    const { dma } = bareEngine();
    const owner = driver();
    const device = fakeDevice(1, [MEMCPY], { owner, deviceAllocChanResources: () => Errno.ENOMEM });
    dma.registerDevice(device);
    dma.get();
    expect([owner.references, dma.deviceReferences(device)]).toEqual([0, 1]);
  });

  it('are refused with -ENODEV by a module that is going, which takes the device off the list (CH-10, CH-12)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(1, [MEMCPY], { owner: { references: 0, going: true } });
    dma.registerDevice(device);
    dma.get();
    expect(dma.devices).toEqual([]);
    expect(device.channels[0].allocated).toBe(0);
  });

  it('quiet the channel before its resources go (CH-13)', () => {
    const { dma } = bareEngine();
    const steps: string[] = [];
    dma.registerDevice(
      fakeDevice(1, [MEMCPY], {
        deviceSynchronize: () => void steps.push('synchronize'),
        deviceFreeChanResources: () => void steps.push('free'),
      }),
    );
    dma.get();
    dma.put();
    expect(steps).toEqual(['synchronize', 'free']);
  });

  it('keep an unregistered device until the last one goes; then it is released, once (RG-07)', () => {
    const { dma, kernel } = bareEngine();
    const released: unknown[] = [];
    const device = fakeDevice(2, [MEMCPY], { deviceRelease: (it) => void released.push(it) });
    dma.registerDevice(device);
    const chans = [dmaRequestChannel(dma, null)!, dmaRequestChannel(dma, null)!];
    dma.unregisterDevice(device);
    expect([released, dma.devices]).toEqual([[], [device]]);
    dmaReleaseChannel(dma, chans[0]);
    expect(released).toEqual([]);
    dmaReleaseChannel(dma, chans[1]);
    expect([released, dma.devices]).toEqual([[device], []]);
    expect(kernel.findings.all()).toEqual([]);
  });
});

describe('channels that come and go', () => {
  it('get the smallest free number, not a count (RG-04, D-11)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(3);
    dma.registerDevice(device);
    const [second] = device.channels.splice(1, 1);
    dma.unregisterChannel(second);
    for (let i = 0; i < 2; i++) {
      const chan = new FakeChan(device);
      device.channels.push(chan);
      dma.registerChannel(chan);
    }
    expect(device.channels.map(({ name }) => name)).toEqual(['dma0chan0', 'dma0chan2', 'dma0chan1', 'dma0chan3']);
  });

  it('rebuild the table, which names a new one only after its first get (CH-09, CH-15)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(2, [MEMCPY, XOR], { deviceRelease: () => undefined });
    dma.registerDevice(device);
    dma.get();
    const [first, second] = device.channels.splice(0, 1).concat(device.channels);
    dma.unregisterChannel(first);
    expect([dma.findChannel(MEMCPY), dma.findChannel(XOR)]).toEqual([second, second]);
    const added = new FakeChan(device);
    device.channels.push(added);
    dma.registerChannel(added);
    expect([dma.findChannel(MEMCPY), dma.findChannel(XOR)]).toEqual([second, second]);
    dma.get();
    dma.registerDevice(fakeDevice(1, [XOR]));
    expect([dma.findChannel(MEMCPY), dma.findChannel(XOR)]).toEqual([second, added]);
  });
});
