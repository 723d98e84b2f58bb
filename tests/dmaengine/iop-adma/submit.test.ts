import { GuestPanic } from '../../../emulator/findings';
import { PLATFORMS } from '../../../emulator/platforms';
import { NANOSECOND } from '../../../emulator/sim/time';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import { ACK, CHANNELS, granted, INT, prepMove, submit, World } from './world';

const copy = (chan: IopAdmaChan, flags = ACK): ReturnType<typeof granted> =>
  granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, flags));

const executed = (world: World, index = 0): number => world.machine.engines[index].statistics.descriptors;

describe('submitting', () => {
  it('hands out cookies one after another, the first client of a fresh channel gets 3 (CK-03, CK-04, CK-06)', () => {
    const world = new World({ capabilities: ['memcpy', 'interrupt'] });
    const device = world.probe()!;
    const { channel } = device;
    channel.cookie = 1;
    world.call(() => {
      device.deviceAllocChanResources!(channel);
      expect([submit(copy(channel)), submit(copy(channel))]).toEqual([3, 4]);
    });
    expect(channel.cookie).toBe(4);
  });

  it('goes on with 1 after 0x7fffffff (CK-05, CK-06)', () => {
    const world = new World();
    const chan = world.channel();
    chan.cookie = 0x7fff_fffe;
    chan.completedCookie = 0x7fff_fffe;
    world.call(() => {
      expect([submit(copy(chan)), submit(copy(chan))]).toEqual([0x7fff_ffff, 1]);
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    world.call(() => expect(chan.device.deviceTxStatus!(chan, 1)).toBe('complete'));
  });

  it('starts nothing below four pending slots (IA-43)', () => {
    const world = new World();
    const chan = world.channel();
    const before = executed(world);
    world.call(() => [1, 2, 3].forEach(() => submit(copy(chan))));
    world.settle();
    expect(executed(world)).toBe(before);
    expect(chan.pending).toBe(3);
    world.call(() => submit(copy(chan)));
    world.settle();
    expect(executed(world)).toBe(before + 4);
    expect(chan.pending).toBe(0);
  });

  it('counts slots, not operations: one xor of 13 sources rings the doorbell (IA-44)', () => {
    const world = new World();
    const chan = world.channel();
    const before = executed(world);
    const srcs = Array<number>(13).fill(0x9000);
    world.call(() => submit(chan.device.devicePrepDmaXor!(chan, 0x8000, srcs, 13, 64, ACK)));
    world.settle();
    expect(executed(world)).toBe(before + 1);
  });

  it('twice is a BUG, and so is submitting what was not prepared', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      const tx = copy(chan, 0);
      submit(tx);
      expect(() => submit(tx)).toThrow(GuestPanic);
    });
  });

  it('needs its read-back: flushed through another word, the link loses the race with the doorbell (I-03)', () => {
    const { timing } = PLATFORMS.iop342;
    const slowStores = { ...timing, STORE_DRAIN: { ...timing.STORE_DRAIN, value: 4000 } };
    const platform = { ...PLATFORMS.iop342, timing: slowStores };
    const linkTail: IopAdmaSteps['linkTail'] = (chan, tail, phys) => {
      chan.kernel.processor.barrier();
      chan.setNextDesc(tail, phys);
      chan.kernel.load32(tail.phys + 4);
    };
    expect(new World({}, platform).probe()).toBeDefined();
    const world = new World({}, platform);
    expect(world.probe({ steps: { ...IOP_ADMA_STEPS, linkTail } })).toBeUndefined();
    expect(world.kernel.log.map(({ text }) => text)).toContain('iop-adma.0: Self-test copy timed out, disabling');
  });
});

describe('issue_pending', () => {
  it('rings the doorbell only when something is pending (IA-45)', () => {
    const world = new World();
    const chan = world.channel();
    const before = executed(world);
    world.call(() => {
      submit(copy(chan));
      chan.device.deviceIssuePending!(chan);
    });
    expect(chan.pending).toBe(0);
    world.settle();
    expect(executed(world)).toBe(before + 1);
    const writes = jest.spyOn(world.kernel, 'writel');
    world.call(() => chan.device.deviceIssuePending!(chan));
    expect(writes).not.toHaveBeenCalled();
  });
});

describe.each(CHANNELS)('appending while the %s runs', (_, platform, index) => {
  // Every moment from "still fetching the first" to "idle again", in steps of one to three internal bus clocks.
  const step = platform === PLATFORMS.iop342 ? 7 : 11;
  const delays = Array.from({ length: 180 }, (__, i) => i * step * NANOSECOND);

  it.each([64, 1500])('executes every descriptor once and calls back once, copies of %i bytes', (len) => {
    const world = new World({}, platform);
    const chan = world.channel({}, index);
    const [from, to] = [world.page(), world.page()].map(({ address }) => address);
    for (const delay of delays) {
      const before = executed(world, index);
      const calls = [0, 0, 0];
      world.call(() => {
        for (let i = 0; i < calls.length; i++) {
          const tx = granted(prepMove(chan, to, from, len, ACK | INT));
          tx.callback = () => calls[i]++;
          submit(tx);
          chan.device.deviceIssuePending!(chan);
          world.kernel.spend(delay);
        }
      });
      world.settle();
      expect([delay, executed(world, index) - before, ...calls]).toEqual([delay, 3, 1, 1, 1]);
    }
    expect(world.rules()).toEqual([]);
  });

  it('needs no doorbell when the link is written before the engine fetches the old tail (IA-47)', () => {
    const world = new World({}, platform);
    const chan = world.channel({}, index);
    const before = executed(world, index);
    const [from, to] = [world.page(), world.page()].map(({ address }) => address);
    world.call(() => {
      for (let i = 0; i < 4; i++) submit(prepMove(chan, to, from, 1500, ACK));
      submit(prepMove(chan, to, from, 1500, ACK));
      expect(chan.pending).toBe(1);
    });
    world.settle();
    expect([executed(world, index) - before, chan.pending]).toEqual([5, 1]);
  });

  it('harms nobody when the doorbell rings twice (IA-46)', () => {
    const world = new World({}, platform);
    const chan = world.channel({}, index);
    const before = executed(world, index);
    const [from, to] = [world.page(), world.page()].map(({ address }) => address);
    world.call(() => {
      submit(prepMove(chan, to, from, 64, ACK));
      chan.steps.append(chan);
      chan.steps.append(chan);
    });
    world.settle();
    world.call(() => chan.steps.append(chan));
    world.settle();
    expect(executed(world, index)).toBe(before + 1);
    expect(world.rules()).toEqual([]);
  });
});
