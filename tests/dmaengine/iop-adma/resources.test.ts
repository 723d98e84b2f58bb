import { GuestPanic } from '../../../emulator/findings';
import { ACK, submit, World } from './world';

describe('alloc_chan_resources', () => {
  it('makes 128 slots of one page and starts the engine on a null operation (IA-01, IA-02, IA-40, IA-41)', () => {
    const world = new World();
    const { channel } = world.probe()!;
    const before = world.machine.engines[0].statistics.descriptors;
    world.call(() => expect(channel.device.deviceAllocChanResources!(channel)).toBe(128));
    expect(channel.completedCookie).toBe(channel.cookie - 1);
    world.settle();
    expect(world.machine.engines[0].statistics.descriptors).toBe(before + 1);
    expect(world.machine.engines[0].statistics.errors).toBe(0);
    world.call(() => expect(channel.device.deviceTxStatus!(channel, channel.cookie)).toBe('complete'));
    expect(world.rules()).toEqual([]);
  });

  it('does no harm when it is called again', () => {
    const world = new World();
    const chan = world.channel();
    const { cookie } = chan;
    world.call(() => expect(chan.device.deviceAllocChanResources!(chan)).toBe(128));
    expect(chan.cookie).toBe(cookie);
    expect(chan.chain.length).toBe(1);
  });

  it('is -ENOMEM without slots', () => {
    const world = new World({ poolBytes: 16 });
    expect(world.probe()).toBeUndefined();
  });
});

describe('free_chan_resources', () => {
  it('is quiet when only the last descriptor is left (IA-76)', () => {
    const world = new World();
    const chan = world.channel();
    const lines = world.kernel.log.length;
    world.call(() => chan.device.deviceFreeChanResources!(chan));
    expect(world.kernel.log.length).toBe(lines);
    expect([chan.pool, chan.chain.first, chan.chain.last, chan.chain.length]).toEqual([
      undefined,
      undefined,
      undefined,
      0,
    ]);
  });

  it('counts the descriptors that were still in use (IA-76)', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      for (let i = 0; i < 3; i++) submit(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, 0));
      chan.device.deviceFreeChanResources!(chan);
    });
    // The null descriptor is complete but was appended to and not re-read: it counts as the one that may stay.
    expect(world.kernel.log.at(-1)?.text).toBe('IOP: Freeing 3 in use descriptors!');
  });

  it('lets the channel start anew, with cookies that go on (IA-77)', () => {
    const world = new World();
    const chan = world.channel();
    const { device } = chan;
    world.call(() => {
      submit(device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK));
      device.deviceIssuePending!(chan);
    });
    world.settle();
    world.call(() => {
      device.deviceFreeChanResources!(chan);
      device.deviceAllocChanResources!(chan);
    });
    world.settle();
    const { cookie } = chan;
    world.call(() => {
      expect(submit(device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK))).toBe(cookie + 1);
      device.deviceIssuePending!(chan);
      world.kernel.spend(1e8);
      expect(device.deviceTxStatus!(chan, cookie + 1)).toBe('complete');
    });
  });

  it('makes any further prep a BUG', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      chan.device.deviceFreeChanResources!(chan);
      expect(() => chan.device.devicePrepDmaInterrupt!(chan, ACK)).toThrow(GuestPanic);
    });
  });
});
