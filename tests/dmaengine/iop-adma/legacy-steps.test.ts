import { dmaCookieStatus } from '../../../dmaengine/cookie';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import { createDevice } from '../../../dmaengine/iop-adma/device';
import { IOP_ADMA_STEPS_2_6_23, IOP_ADMA_STEPS_2_6_26 } from '../../../dmaengine/iop-adma/legacy-steps';
import { allocChanResources } from '../../../dmaengine/iop-adma/resources';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import { ACK, granted, INT, submit, World } from './world';

const copy = (chan: IopAdmaChan, flags: number) => chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, flags);

const OLD: readonly (readonly [string, IopAdmaSteps])[] = [
  ['2.6.23', IOP_ADMA_STEPS_2_6_23],
  ['2.6.26', IOP_ADMA_STEPS_2_6_26],
];

/** A channel that never had resources. */
function fresh(steps: IopAdmaSteps): { world: World; chan: IopAdmaChan } {
  const world = new World();
  return { world, chan: createDevice(world.kernel, world.engine, 'iop-adma.0', { steps }).channel };
}

describe.each(OLD)('cookies of %s', (_, steps) => {
  it('start at 0; the null operation takes 2, so the first client gets 3 (CK-06)', () => {
    const { world, chan } = fresh(steps);
    expect([chan.cookie, chan.completedCookie]).toEqual([0, 0]);
    world.call(() => allocChanResources(chan));
    expect([chan.cookie, chan.completedCookie]).toEqual([2, 1]);
    expect(world.call(() => submit(copy(chan, ACK)))).toBe(3);
  });

  it.each([
    [0x7ffffffe, 0x7fffffff],
    [0x7fffffff, 2],
    [41, 42],
  ])('after %i the null operation of a new start takes %i (CK-06)', (used, start) => {
    const { world, chan } = fresh(steps);
    chan.cookie = used;
    world.call(() => allocChanResources(chan));
    expect([chan.cookie, chan.completedCookie]).toEqual([start, start - 1]);
  });

  it('go from 0x7fffffff to 1, never over 0 (CK-06)', () => {
    const world = new World();
    const chan = world.channel({ steps });
    Object.assign(chan, { cookie: 0x7ffffffe, completedCookie: 0x7ffffffe });
    expect(world.call(() => [copy(chan, ACK), copy(chan, ACK)].map(submit))).toEqual([0x7fffffff, 1]);
  });
});

describe.each(OLD)('a refusal of %s', (_, steps) => {
  /** A channel whose pool is full of copies that have executed unnoticed. */
  function exhausted(): { world: World; chan: IopAdmaChan } {
    const world = new World();
    return { world, chan: world.channel({ steps }) };
  }

  it.each([
    ['helps the next attempt when tasklets run', false],
    ['helps nobody while tasklets are blocked', true],
  ])('%s: it only schedules the tasklet (IA-11, I-04)', (__, blocked) => {
    const { world, chan } = exhausted();
    const { tasklets } = world.kernel;
    world.call(() => {
      tasklets.disable();
      for (let tx = copy(chan, ACK); tx !== null; tx = copy(chan, ACK)) submit(tx);
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e9);
      if (!blocked) tasklets.enable();
      const attempts = Array.from({ length: 20 }, () => copy(chan, ACK) !== null);
      expect(attempts).toEqual(new Array<boolean>(20).fill(!blocked));
      if (!blocked) return;
      tasklets.enable();
      expect(copy(chan, ACK)).not.toBeNull();
    });
  });
});

describe('a walk in which the current descriptor is not on the chain', () => {
  const walk = (steps: IopAdmaSteps): (() => boolean) => {
    const world = new World();
    const chan = world.channel({ steps });
    return () =>
      world.call(() => {
        const tx = granted(copy(chan, 0));
        submit(tx);
        jest.spyOn(chan, 'readCurrent').mockReturnValue(0x7000);
        chan.steps.cleanup(chan);
        return tx.cookie === 0;
      });
  };

  it.each(OLD)('was a BUG in %s (IA-62, I-05)', (_, steps) => {
    expect(walk(steps)).toThrow(expect.objectContaining({ rule: 'IA-62' }));
  });

  it('completes everything today (IA-62)', () => {
    expect(walk(IOP_ADMA_STEPS)()).toBe(true);
  });
});

describe('completion', () => {
  it.each([
    ['2.6.23', IOP_ADMA_STEPS_2_6_23, true, false],
    ['2.6.26', IOP_ADMA_STEPS_2_6_26, false, true],
    ['today', IOP_ADMA_STEPS, false, true],
  ])(
    "in %s calls back with the descriptor's lock held: %s, with the channel's: %s (IA-58, IA-73, I-01)",
    (_, steps, descriptorLock, channelLock) => {
      const world = new World();
      const chan = world.channel({ steps });
      const seen: unknown[] = [];
      world.call(() => {
        const tx = granted(copy(chan, INT | ACK));
        tx.callback = () => seen.push([tx.lock.held, chan.lock.held, world.kernel.processor.context]);
        submit(tx);
        chan.device.deviceIssuePending!(chan);
      });
      world.settle();
      expect(seen).toEqual([[descriptorLock, channelLock, 'softirq']]);
      expect(world.rules()).toEqual([]);
    },
  );

  it('in 2.6.23 goes callback, unmap, dependants, all under that lock (IA-58, SW-07)', () => {
    const world = new World();
    const chan = world.channel({ steps: IOP_ADMA_STEPS_2_6_23 });
    const other = world.channel({ steps: IOP_ADMA_STEPS_2_6_23 }, 1);
    const order: unknown[] = [];
    world.call(() => {
      const tx = granted(copy(chan, INT | ACK));
      tx.callback = () => order.push(['callback', tx.lock.held]);
      const dependant = granted(copy(other, ACK));
      tx.dependants = [dependant];
      const issue = jest.spyOn(other.device, 'deviceIssuePending').mockImplementation(() => {
        order.push(['dependant', tx.lock.held, dependant.cookie === other.cookie]);
      });
      submit(tx);
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e9);
      issue.mockRestore();
      other.device.deviceIssuePending!(other);
    });
    world.settle();
    expect(order).toEqual([
      ['callback', true],
      ['dependant', true, true],
    ]);
    expect(dmaCookieStatus(other, other.cookie)).toBe('in_progress');
    world.call(() => expect(other.device.deviceTxStatus!(other, other.cookie)).toBe('complete'));
  });
});

it('dependency_added schedules the tasklet (SW-11)', () => {
  const world = new World();
  const chan = world.channel({ steps: IOP_ADMA_STEPS_2_6_23 });
  world.call(() => {
    world.kernel.tasklets.disable();
    chan.device.deviceDependencyAdded!(chan);
    expect(chan.tasklet.scheduled).toBe(true);
    world.kernel.tasklets.enable();
    expect(chan.tasklet.scheduled).toBe(false);
  });
});
