import type { IopAdmaVariant } from '../../../dmaengine/iop-adma/device';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS, IOP_ADMA_STEPS_OF_LINUX } from '../../../dmaengine/iop-adma/steps';
import { GuestHang } from '../../../emulator/findings';
import { ACK, granted, INT, submit, World } from './world';

function operation(world: World, flags = ACK | INT): ReturnType<typeof granted> {
  const chan = world.channel();
  return world.call(() => granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, flags)));
}

describe('a driver that', () => {
  it('calls back in hard interrupt context is found out (SW-13)', () => {
    const world = new World();
    const chan = world.channel({
      steps: {
        ...IOP_ADMA_STEPS,
        eoc: (on) => {
          IOP_ADMA_STEPS.eoc(on);
          on.steps.cleanup(on);
        },
      },
    });
    world.call(() => {
      const tx = granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK | INT));
      tx.callback = () => undefined;
      submit(tx);
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(world.rules().filter((text) => text.startsWith('SW-13'))).toEqual([
      'SW-13: a completion callback runs in hardirq context with bottom halves on',
    ]);
  });

  it('calls back with bottom halves on is found out, with bottom halves off it is not (DX-06, SW-13)', () => {
    for (const off of [true, false]) {
      const world = new World();
      const chan = world.channel();
      world.call(() => {
        const tx = granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK));
        tx.callback = () => undefined;
        submit(tx);
        chan.device.deviceIssuePending!(chan);
        world.kernel.spend(1e9);
        if (off) chan.lock.lockBh('test');
        chan.steps.cleanup(chan);
        if (off) chan.lock.unlockBh();
      });
      expect(world.rules().some((text) => text.startsWith('SW-13'))).toBe(!off);
    }
  });

  it('forgets the dependants is found out when the descriptor is recycled (SW-10)', () => {
    const world = new World();
    const chan = world.channel({
      steps: {
        ...IOP_ADMA_STEPS,
        complete: (_, slot, newest) => {
          const { cookie } = slot;
          slot.cookie = 0;
          return cookie > 0 ? cookie : newest;
        },
      },
    });
    world.call(() => {
      const [parent, child, other] = [0, 1, 2].map(() =>
        granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK | INT)),
      );
      parent.next = child;
      submit(parent);
      submit(other);
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(world.rules()).toEqual(['SW-10: a descriptor is recycled, and what depends on it never ran']);
  });
});

describe('a cleanup that', () => {
  /** What a cleanup of an idle channel is blamed for. */
  function blamed(variant: IopAdmaVariant, locked: boolean): readonly string[] {
    const world = new World();
    const chan = world.channel(variant);
    world.call(() => {
      if (locked) chan.lock.lockBh('test');
      chan.steps.cleanup(chan);
      if (locked) chan.lock.unlockBh();
    });
    return world.rules();
  }

  it('runs without the lock of its channel is found out (IA-73, I-01)', () => {
    expect(blamed({}, false)).toEqual(['IA-73: adma0.lock is not held']);
    expect(blamed({}, true)).toEqual([]);
  });

  it('reads the busy bit before the current descriptor is found out (IA-50, I-10)', () => {
    const steps: IopAdmaSteps = {
      ...IOP_ADMA_STEPS,
      sample: (chan) => {
        chan.sampledBusy = chan.readBusy();
        chan.sampledCurrent = chan.readCurrent();
        chan.sampledFailure = false;
      },
    };
    const found = blamed({ steps }, true);
    expect(new Set(found)).toEqual(new Set(['IA-50: the busy bit is read before the current descriptor']));
    expect(blamed({ steps: IOP_ADMA_STEPS_OF_LINUX }, true)).toEqual([]);
  });
});

describe('a wait for operations that nobody issued', () => {
  it('hangs, and the report names the channel (AX-12)', () => {
    const world = new World();
    const tx = operation(world);
    expect(() =>
      world.thread(
        (function* () {
          const done = world.kernel.completion();
          tx.callback = () => done.complete();
          submit(tx);
          yield* done.wait();
        })(),
      ),
    ).toThrow(GuestHang);
    const found = world.machine.findings.all().filter(({ rule }) => rule === 'AX-12');
    expect(found.map(({ where }) => where)).toEqual([tx.chan.name]);
  });

  it('does not blame a channel that was told (AX-12)', () => {
    const world = new World();
    const tx = operation(world);
    expect(() =>
      world.thread(
        (function* () {
          submit(tx);
          tx.chan.device.deviceIssuePending!(tx.chan);
          yield* world.kernel.completion().wait();
        })(),
      ),
    ).toThrow(GuestHang);
    expect(world.rules()).toEqual([]);
  });
});
