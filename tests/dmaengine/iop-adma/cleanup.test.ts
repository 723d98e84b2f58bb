import { asyncTxAck } from '../../../dmaengine/descriptor';
import type { DmaAsyncTxDescriptor } from '../../../dmaengine/descriptor';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import { IOP13XX } from '../../../dmaengine/iop-adma/hw13xx';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import { UnmapPools } from '../../../dmaengine/unmap';
import { GuestPanic } from '../../../emulator/findings';
import { ACK, DmaDirection, granted, INT, submit, World } from './world';

const copy = (chan: IopAdmaChan, flags: number): DmaAsyncTxDescriptor =>
  granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, flags));

/** A channel whose hardware sample is what the test says, once `sample` is set; the doorbell then rings in vain. */
function stubbed(): { world: World; chan: IopAdmaChan; says: (current: number, busy: boolean) => void } {
  const world = new World();
  let sample: readonly [number, boolean] | undefined;
  const steps: IopAdmaSteps = {
    ...IOP_ADMA_STEPS,
    append: (chan) => {
      if (sample === undefined) IOP_ADMA_STEPS.append(chan);
    },
    sample: (chan) => {
      if (sample === undefined) IOP_ADMA_STEPS.sample(chan);
      else [chan.sampledCurrent, chan.sampledBusy] = sample;
    },
  };
  const chan = world.channel({ steps });
  return { world, chan, says: (current, busy) => (sample = [current, busy]) };
}

/** Submits acknowledged copies and runs cleanup; which of them were completed. */
function completedAfterCleanup(currentOf: (phys: readonly number[]) => number, busy: boolean): boolean[] {
  const { world, chan, says } = stubbed();
  return world.call(() => {
    says(0, true);
    const done = [false, false, false];
    const phys = done.map((_, i) => {
      const tx = copy(chan, ACK);
      tx.callback = () => (done[i] = true);
      submit(tx);
      return tx.phys;
    });
    says(currentOf([chan.chain.first!.phys, ...phys]), busy);
    chan.lock.lockBh('test');
    chan.steps.cleanup(chan);
    chan.lock.unlockBh();
    return done;
  });
}

describe('the walk over the chain', () => {
  it('completes what is before the current descriptor, and not it while the channel is busy (IA-52)', () => {
    expect(completedAfterCleanup((phys) => phys[2], true)).toEqual([true, false, false]);
    expect(completedAfterCleanup((phys) => phys[0], true)).toEqual([false, false, false]);
  });

  it('does not complete a current descriptor that has been appended to, busy or not (IA-52)', () => {
    expect(completedAfterCleanup((phys) => phys[2], false)).toEqual([true, false, false]);
  });

  it('completes the current descriptor when the channel is idle and nothing follows (IA-53)', () => {
    expect(completedAfterCleanup((phys) => phys[3], false)).toEqual([true, true, true]);
    expect(completedAfterCleanup((phys) => phys[3], true)).toEqual([true, true, false]);
  });

  it('goes no further than the current descriptor, though more follow that the engine does not know of (IA-51)', () => {
    const { world, chan, says } = stubbed();
    world.call(() => {
      says(0, true);
      const done = [false, false, false];
      const slots = done.map((_, i) => {
        const tx = copy(chan, ACK);
        tx.callback = () => (done[i] = true);
        submit(tx);
        return chan.chain.last!;
      });
      // Idle, and no link behind the second one: it is done, and the third was never seen.
      chan.setNextDesc(slots[1], 0);
      says(slots[1].phys, false);
      chan.lock.lockBh('test');
      chan.steps.cleanup(chan);
      chan.lock.unlockBh();
      expect(done).toEqual([true, true, false]);
    });
  });

  it('completes everything when current is not on the chain (IA-62)', () => {
    expect(completedAfterCleanup(() => 0x7000, true)).toEqual([true, true, true]);
  });

  it('reads the current descriptor first and the busy bit second (IA-50)', () => {
    const world = new World();
    const chan = world.channel();
    const reads = jest.spyOn(world.kernel, 'readl');
    world.call(() => chan.steps.cleanup(chan));
    const { base } = world.engine.unit;
    expect(reads.mock.calls.map(([address]) => address - base)).toEqual([0x08, 0x04]);
  });

  it('changes nothing when it runs again (IA-75)', () => {
    const world = new World();
    const chan = world.channel();
    const calls = jest.fn();
    world.call(() => {
      for (const flags of [0, ACK, 0]) {
        const tx = copy(chan, flags | INT);
        tx.callback = calls;
        submit(tx);
      }
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    const before = [chan.chain.length, chan.pool!.free, chan.completedCookie];
    for (let i = 0; i < 3; i++) world.call(() => chan.steps.cleanup(chan));
    expect([chan.chain.length, chan.pool!.free, chan.completedCookie]).toEqual(before);
    expect(calls).toHaveBeenCalledTimes(3);
  });

  it('publishes the newest cookie once, after all callbacks (IA-61)', () => {
    const world = new World();
    const chan = world.channel();
    const seen: number[] = [];
    const start = chan.completedCookie;
    world.call(() => {
      for (let i = 0; i < 3; i++) {
        const tx = copy(chan, ACK);
        tx.callback = () => seen.push(chan.completedCookie);
        submit(tx);
      }
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e8);
      expect(chan.device.deviceTxStatus!(chan, chan.cookie)).toBe('complete');
    });
    expect(seen).toEqual([start, start, start]);
    expect(chan.completedCookie).toBe(chan.cookie);
  });

  it('calls back, unmaps, then runs dependants (IA-57, IA-58)', () => {
    const world = new World();
    const chan = world.channel();
    const other = world.channel({}, 1);
    const order: string[] = [];
    const page = world.page();
    world.call(() => {
      const unmap = new UnmapPools(world.kernel.dma).take(2);
      unmap.addr.push(world.kernel.dma.map(page, 0, 64, DmaDirection.toDevice));
      unmap.toCnt = 1;
      unmap.len = 64;
      const put = unmap.put.bind(unmap);
      unmap.put = () => {
        order.push('unmap');
        put();
      };
      const parent = copy(chan, INT);
      const child = copy(other, ACK);
      parent.unmap = unmap;
      parent.callback = () => order.push(`callback, cookie ${parent.cookie}`);
      parent.next = child;
      child.parent = parent;
      const link = jest.spyOn(child.lock, 'lockBh');
      link.mockImplementationOnce(() => order.push('dependants'));
      submit(parent);
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e8);
      link.mockRestore();
      expect(parent.unmap).toBeUndefined();
      expect([parent.next, child.parent]).toEqual([undefined, undefined]);
      expect(child.cookie).toBeGreaterThan(0);
    });
    expect(order).toEqual(['callback, cookie 0', 'unmap', 'dependants']);
    expect(world.kernel.dma.live).toBe(0);
  });

  it('runs a dependant that was attached after completion, by the core, with no async_tx about (SW-10, DX-05)', () => {
    const world = new World();
    const chan = world.channel();
    const other = world.channel({}, 1);
    world.call(() => {
      const parent = copy(chan, 0);
      submit(parent);
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e8);
      chan.device.deviceTxStatus!(chan, chan.cookie);
      expect(parent.cookie).toBe(0);
      const child = copy(other, ACK);
      parent.next = child;
      child.parent = parent;
      submit(copy(chan, ACK | INT));
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e8);
      expect(child.cookie).toBe(other.cookie);
    });
  });

  it('is a deadlock when a callback submits to its own channel (IA-64)', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      const tx = copy(chan, ACK | INT);
      tx.callback = () => copy(chan, ACK);
      submit(tx);
      chan.device.deviceIssuePending!(chan);
    });
    expect(() => world.settle()).toThrow(GuestPanic);
  });

  it('stores a check result once, though its descriptor is visited again (IA-56)', () => {
    const world = new World();
    const chan = world.channel();
    const result = { value: 9 };
    world.call(() => {
      submit(chan.device.devicePrepDmaXorVal!(chan, [0x8000, 0x8000], 2, 64, result, INT));
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(result.value).toBe(0);
    result.value = 5;
    world.call(() => {
      submit(copy(chan, ACK | INT));
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(result.value).toBe(5);
  });

  it('completes no member of a group before the whole group is done (IA-54)', () => {
    const world = new World();
    const chan = world.channel({ hardware: { ...IOP13XX, maxCheckBytes: 1024 } });
    const base = chan.chain.length;
    const result = { value: 9 };
    world.call(() => {
      submit(chan.device.devicePrepDmaXorVal!(chan, [0x8000, 0x8000], 2, 4096, result, INT));
      expect(chan.chain.length).toBe(base + 4);
      // Every member interrupts (IA-25), so cleanup looks in between.
      chan.device.deviceIssuePending!(chan);
      while (result.value === 9) {
        expect(chan.chain.length).toBeGreaterThanOrEqual(4);
        world.kernel.spend(50_000);
      }
    });
    world.settle();
    expect(result.value).toBe(0);
    // The acknowledged members are gone, the client's descriptor stays.
    expect(chan.chain.length).toBe(1);
    expect(world.kernel.interrupts.total).toBeGreaterThan(4);
  });
});

describe('recycling', () => {
  it('keeps a descriptor until it is acknowledged, and recycles younger ones meanwhile (IA-59, IA-60)', () => {
    const world = new World();
    const chan = world.channel();
    const all = chan.pool!.slots.length;
    const kept = world.call(() => {
      const tx = copy(chan, INT);
      submit(tx);
      for (let i = 0; i < 5; i++) submit(copy(chan, ACK | INT));
      chan.device.deviceIssuePending!(chan);
      return tx;
    });
    world.settle();
    expect(chan.pool!.free).toBe(all - 2);
    expect(chan.chain.first).toBe(kept);
    world.call(() => {
      asyncTxAck(kept);
      submit(copy(chan, ACK | INT));
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(chan.pool!.free).toBe(all - 1);
  });

  it('leaves the last descriptor on the chain, acknowledged or not (IA-42)', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      submit(copy(chan, ACK | INT));
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(chan.chain.length).toBe(1);
    expect(chan.chain.first).toBe(chan.chain.last);
  });

  it('gives a recycled slot no stale ack, callback or link (CF-05, D-05)', () => {
    const world = new World();
    const chan = world.channel();
    const slots = chan.pool!.slots.length;
    world.call(() => {
      for (let i = 0; i < 3 * slots; i++) {
        const tx = copy(chan, 0);
        expect([tx.flags, tx.cookie, tx.callback, tx.next, tx.parent]).toEqual([
          0,
          -16,
          undefined,
          undefined,
          undefined,
        ]);
        tx.callback = () => undefined;
        submit(tx);
        asyncTxAck(tx);
        chan.device.deviceIssuePending!(chan);
        world.kernel.spend(3e6);
        chan.device.deviceTxStatus!(chan, chan.cookie);
      }
    });
  });
});

describe('an exhausted pool', () => {
  /** Fills the pool with acknowledged copies, no interrupts, so that only prep itself can reclaim. */
  function exhaust(world: World, chan: IopAdmaChan): number {
    let granted = 0;
    for (;;) {
      const tx = chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK);
      if (tx === null) return granted;
      submit(tx);
      granted++;
      if (granted > 10_000) throw new Error('the pool never ends');
    }
  }

  it('answers null after it has reclaimed, so that the next prep succeeds (IA-11, I-04)', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      world.kernel.tasklets.disable();
      expect(exhaust(world, chan)).toBeGreaterThanOrEqual(127);
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e9);
      // Everything has executed and nobody has looked: whoever finds the pool full cleans up at once.
      while (chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK) === null) world.kernel.spend(1);
      expect(chan.pool!.free).toBeGreaterThan(100);
      world.kernel.tasklets.enable();
    });
  });

  it('recovers for nobody when nothing reclaims and no tasklet can run (I-04)', () => {
    const world = new World();
    const chan = world.channel({ steps: { ...IOP_ADMA_STEPS, reclaim: () => undefined } });
    world.call(() => {
      exhaust(world, chan);
      chan.device.deviceIssuePending!(chan);
      for (let i = 0; i < 50; i++) {
        world.kernel.spend(1e8);
        expect(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK)).toBeNull();
      }
    });
  });

  it('stays exhausted while nothing is acknowledged', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      const taken: DmaAsyncTxDescriptor[] = [];
      for (;;) {
        const tx = chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, 0);
        if (tx === null) break;
        submit(tx);
        taken.push(tx);
      }
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e9);
      const ask = () => chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, 0);
      // One more: the null descriptor's slot, which the first reclaim gave back.
      expect([ask(), ask(), ask()].filter((tx) => tx !== null).length).toBeLessThanOrEqual(1);
      taken.forEach(asyncTxAck);
      ask();
      expect(chan.pool!.free).toBeGreaterThan(100);
    });
  });
});
