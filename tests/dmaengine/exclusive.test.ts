import { DmaCapability } from '../../dmaengine/capability';
import type { DmaChan } from '../../dmaengine/device';
import { Errno } from '../../dmaengine/device';
import { dmaReleaseChannel, dmaRequestChannel } from '../../dmaengine/exclusive';
import { bareEngine, fakeDevice } from './fake';

const { MEMCPY, XOR, PRIVATE, SLAVE } = DmaCapability;

describe('requesting an exclusive channel', () => {
  it('grants the first channel in the order of registration that satisfies the mask (EX-01, EX-02)', () => {
    const { dma } = bareEngine();
    const devices = [fakeDevice(1, [XOR]), fakeDevice(1, [MEMCPY]), fakeDevice(1, [MEMCPY, XOR])];
    for (const device of devices) dma.registerDevice(device);
    expect(dmaRequestChannel(dma, new Set([MEMCPY, XOR]))).toBe(devices[2].channels[0]);
    expect(dmaRequestChannel(dma, new Set([MEMCPY]))).toBe(devices[1].channels[0]);
    expect(dmaRequestChannel(dma, new Set([MEMCPY]))).toBeNull();
    expect(dmaRequestChannel(dma, null)).toBe(devices[0].channels[0]);
  });

  it('takes nothing from a public device with several channels that serves anybody (EX-02)', () => {
    const { dma } = bareEngine();
    const several = fakeDevice(2, [MEMCPY], {
      deviceAllocChanResources: ({ chanId }) => (chanId === 1 ? Errno.ENOMEM : 1),
    });
    dma.registerDevice(several);
    dma.get();
    const shown: DmaChan[] = [];
    expect(dmaRequestChannel(dma, null, (chan) => shown.push(chan) > 0)).toBeNull();
    expect(shown).toEqual([]);
  });

  it('shows the filter every free channel once until it accepts one, and never a busy one (EX-03, D-12, DX-02)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(4);
    dma.registerDevice(device);
    const [first] = device.channels;
    expect(dmaRequestChannel(dma, null)).toBe(first);
    const shown: number[] = [];
    const wants = (chan: DmaChan, id: number): boolean => {
      shown.push(chan.chanId);
      return chan.chanId === id;
    };
    expect(dmaRequestChannel(dma, null, wants, 2)).toBe(device.channels[2]);
    expect(shown).toEqual([1, 2]);
    expect(dmaRequestChannel(dma, null, wants, 0)).toBeNull();
    expect(shown).toEqual([1, 2, 1, 3]);
  });

  it('makes the device private before its get, and gives one reference, unbalanced (EX-04, EX-05)', () => {
    const { dma } = bareEngine();
    const seen: unknown[] = [];
    const device = fakeDevice(1, [MEMCPY], {
      deviceAllocChanResources: ({ device: { capMask, privatecnt } }) => seen.push([capMask.has(PRIVATE), privatecnt]),
    });
    const [chan] = device.channels;
    dma.registerDevice(device);
    expect(dmaRequestChannel(dma, null)).toBe(chan);
    expect(seen).toEqual([[true, 1]]);
    dma.get();
    dma.get();
    expect(chan.clientCount).toBe(1);
  });

  it('gives one reference although public clients wait already (EX-05)', () => {
    const { dma } = bareEngine();
    dma.get();
    dma.get();
    const device = fakeDevice(1, [MEMCPY, PRIVATE]);
    dma.registerDevice(device);
    expect(dmaRequestChannel(dma, null)?.clientCount).toBe(1);
  });

  it.each([
    ['-ENOMEM leaves it', Errno.ENOMEM, 2],
    ['-ENODEV unlinks it', Errno.ENODEV, 1],
  ])('reverts a device whose get fails and asks the next one: %s (EX-04)', (_, error, left) => {
    const { dma } = bareEngine();
    const failing = fakeDevice(1, [MEMCPY], { deviceAllocChanResources: () => error });
    const good = fakeDevice();
    dma.registerDevice(failing);
    dma.registerDevice(good);
    expect(dmaRequestChannel(dma, null)).toBe(good.channels[0]);
    expect([failing.capMask.has(PRIVATE), failing.privatecnt]).toEqual([false, 0]);
    expect(dma.devices).toHaveLength(left);
  });
});

describe('releasing an exclusive channel', () => {
  it('makes the device public again with the last one, whatever the page says (EX-06, EX-09, DX-03, D-04)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(2);
    dma.registerDevice(device);
    const chans = [dmaRequestChannel(dma, null)!, dmaRequestChannel(dma, null)!];
    expect(device.privatecnt).toBe(2);
    dmaReleaseChannel(dma, chans[0]);
    expect(device.capMask.has(PRIVATE)).toBe(true);
    dmaReleaseChannel(dma, chans[1]);
    expect([device.capMask.has(PRIVATE), device.privatecnt]).toEqual([false, 0]);
    expect(device.channels.map(({ freed }) => freed)).toEqual([1, 1]);
    dma.get();
    expect(dma.findChannel(MEMCPY)).toBe(device.channels[0]);
  });

  it('is a finding when the channel has not exactly one client (EX-06, T-02)', () => {
    const { dma, kernel } = bareEngine();
    dma.registerDevice(fakeDevice());
    const chan = dmaRequestChannel(dma, null)!;
    dmaReleaseChannel(dma, chan);
    dmaReleaseChannel(dma, chan);
    expect(kernel.findings.all().map(({ rule }) => rule)).toEqual(['EX-06']);
    expect(chan.clientCount).toBe(0);
  });

  it('never makes public what registered private (EX-07)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(1, [MEMCPY, PRIVATE, SLAVE]);
    dma.registerDevice(device);
    dmaReleaseChannel(dma, dmaRequestChannel(dma, new Set([SLAVE]))!);
    expect([device.capMask.has(PRIVATE), device.privatecnt]).toEqual([true, 1]);
  });

  it('does not bring the channels back into the table by itself (EX-08)', () => {
    const { dma } = bareEngine();
    const device = fakeDevice(2);
    dma.registerDevice(device);
    const chan = dmaRequestChannel(dma, null)!;
    dma.get();
    expect(dma.findChannel(MEMCPY)).toBeUndefined();
    dmaReleaseChannel(dma, chan);
    expect(dma.findChannel(MEMCPY)).toBeUndefined();
    dma.put();
    dma.get();
    expect(dma.findChannel(MEMCPY)).toBe(device.channels[0]);
  });
});
