import { asyncMemcpy } from '../../async_tx/memcpy';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { asyncXor } from '../../async_tx/xor';
import { asyncTxAck, asyncTxTestAck } from '../../dmaengine/descriptor';
import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import { PLATFORMS } from '../../emulator/platforms';
import { AsyncWorld, BOTH, DIVIDED, expectBytes, nothingLeft, queued } from './world';

const { ACK, XOR_ZERO_DST } = AsyncTxFlags;

/** A world with two pages and a short way to copy between them. */
function copying(platform = PLATFORMS.iop342) {
  const world = new AsyncWorld(platform);
  const [a, b] = [world.noise(1), world.noise(2)];
  const copy = (flags: number, depend: DmaAsyncTxDescriptor | null = null, callback?: () => void) =>
    asyncMemcpy(world.api, a, b, 0, 0, 4096, initAsyncSubmit(flags, depend, callback));
  return { world, a, b, copy };
}

describe('what acknowledges a descriptor', () => {
  it('is the ACK flag, for the new one (AX-06)', () => {
    const { world, copy } = copying();
    expect(world.call(() => [copy(0), copy(ACK)].map((tx) => asyncTxTestAck(queued(tx))))).toEqual([false, true]);
  });

  it('is a child, for what it depends on (AX-07, AX-33)', () => {
    const { world, copy } = copying();
    world.call(() => {
      const first = queued(copy(0));
      const second = queued(copy(0, first));
      expect([first, second].map(asyncTxTestAck)).toEqual([true, false]);
    });
  });

  it('is never left over from an earlier use of the slot (CF-05, D-05)', () => {
    const { world, copy } = copying();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 60; i++) world.call(() => copy(ACK));
      world.finish();
    }
    world.call(() => {
      const parent = queued(copy(0));
      expect(asyncTxTestAck(parent)).toBe(false);
      copy(ACK, parent);
    });
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(3));
  });
});

describe('attaching a child is a BUG', () => {
  it.each([
    ['on the same channel', 0],
    ['on another channel', 1],
  ])('to an acked descriptor, %s (AX-30)', (_, channel) => {
    const { world, copy } = copying();
    const attach = (): void => {
      const parent = copy(ACK);
      world.api.channel = world.chans[channel];
      copy(0, parent);
    };
    expect(() => world.call(attach)).toThrow(expect.objectContaining({ rule: 'AX-30' }));
  });

  it('when there is one already, although the parent is not acked (AX-30, SW-06)', () => {
    const { world, copy } = copying();
    const attach = (): void => {
      // The first one's end is not noticed, so that the second goes on waiting.
      world.kernel.tasklets.disable();
      const first = copy(0);
      world.api.channel = world.chans[1];
      const second = queued(copy(0, first));
      const third = copy(0, second);
      // As if the acknowledgement had been lost; the link is still there.
      second.flags = 0;
      expect(second.next).toBe(third);
      copy(0, second);
    };
    expect(() => world.call(attach)).toThrow(expect.objectContaining({ rule: 'AX-30' }));
  });
});

describe('a synchronous operation', () => {
  it('waits for its dependency, acks it and takes it out of the record (AX-05, AX-50)', () => {
    const { world, copy } = copying(DIVIDED);
    Object.assign(world.chans[1].device, { xorAlign: 4 });
    const dest = world.noise(9);
    const [a, b] = [world.noise(3), world.noise(4)];
    world.call(() => {
      let done = 0;
      const first = queued(copy(0, null, () => done++));
      const submit = initAsyncSubmit(XOR_ZERO_DST, first);
      expect(asyncXor(world.api, dest, [a, b], 8, 8, submit)).toBeNull();
      expect({ done, acked: asyncTxTestAck(first), dependTx: submit.dependTx }).toEqual({
        done: 1,
        acked: true,
        dependTx: null,
      });
    });
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(3));
  });
});

describe('quiesce', () => {
  it('of nothing does nothing (AX-50)', () => {
    const { world } = copying();
    const submit = initAsyncSubmit(0);
    world.call(() => world.api.quiesce(submit));
    expect(submit.dependTx).toBeNull();
  });

  it('returns after the operation and its callback, and acks it (AX-50, WT-10)', () => {
    const { world, a, b, copy } = copying();
    world.call(() => {
      let called = 0;
      const tx = queued(copy(0, null, () => called++));
      expect(world.api.quiesceTx(tx)).toBeNull();
      expect(called).toBe(1);
      expect(asyncTxTestAck(tx)).toBe(true);
      expectBytes(world.bytes(a), world.bytes(b));
      expect(world.kernel.dma.live).toBe(0);
    });
  });

  it('of an operation that waits on another channel returns after both (WT-10, X-01)', () => {
    const { world, a, b, copy } = copying();
    const c = world.noise(7);
    const done: string[] = [];
    world.call(() => {
      const first = copy(0, null, () => done.push('first'));
      world.api.channel = world.chans[1];
      const submit = initAsyncSubmit(0, first, () => done.push('second'));
      const second = queued(asyncMemcpy(world.api, c, a, 0, 0, 4096, submit));
      expect(second.cookie).toBe(-16);
      world.api.quiesceTx(second);
      expectBytes(world.bytes(c), world.bytes(b));
    });
    expect(done).toEqual(['first', 'second']);
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(3));
  });

  it('of an acked descriptor is a BUG (AX-50)', () => {
    const { world, copy } = copying();
    expect(() => world.call(() => world.api.quiesceTx(copy(ACK)))).toThrow(expect.objectContaining({ rule: 'AX-50' }));
  });

  it.each(['error', 'paused'] as const)('panics when the wait ends with %s (AX-50, X-22)', (status) => {
    const { world, copy } = copying();
    const quiesce = (): void => {
      const tx = copy(0);
      jest.spyOn(world.chans[0].device, 'deviceTxStatus').mockReturnValue(status);
      world.api.quiesceTx(tx);
    };
    expect(() => world.call(quiesce)).toThrow(expect.objectContaining({ rule: 'AX-50' }));
  });
});

describe('trigger_callback', () => {
  it.each([0, 1])('hangs the callback behind the chain, on the channel of its end (AX-51)', (channel) => {
    const { world, a, b, copy } = copying();
    const c = world.noise(7);
    const seen: string[] = [];
    world.call(() => {
      const first = copy(0);
      world.api.channel = world.chans[channel];
      const second = queued(asyncMemcpy(world.api, c, a, 0, 0, 4096, initAsyncSubmit(0, first)));
      const end = asyncTriggerCallback(
        world.api,
        initAsyncSubmit(ACK, second, () => {
          seen.push(world.kernel.processor.context);
          expectBytes(world.bytes(c), world.bytes(b));
        }),
      );
      expect(queued(end).chan).toBe(world.chans[channel]);
      expect(asyncTxTestAck(second)).toBe(true);
      expect(seen).toEqual([]);
    });
    world.finish();
    expect(seen).toEqual(['softirq']);
    expect(world.leftovers()).toEqual(nothingLeft(3));
  });

  it('waits and calls back in the caller when the channel cannot interrupt (AX-52)', () => {
    const { iop342 } = PLATFORMS;
    const { world, copy } = copying({ ...iop342, engines: [{ ...iop342.engines[0], capabilities: ['memcpy'] }] });
    const seen: string[] = [];
    world.call(() => {
      const tx = queued(copy(0));
      const submit = initAsyncSubmit(ACK, tx, () => seen.push(world.kernel.processor.context));
      expect(asyncTriggerCallback(world.api, submit)).toBeNull();
      expect(seen).toEqual(['thread']);
      expect(asyncTxTestAck(tx)).toBe(true);
    });
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(1));
  });
});

describe.each(BOTH)('a completion at the end of a chain %s', (_, platform) => {
  it('wakes the thread that waits for it, once (AX-41)', () => {
    const { world, a, b, copy } = copying(platform);
    const { kernel, api } = world;
    world.thread(
      (function* () {
        const done = kernel.completion();
        const tx = copy(0);
        if (tx !== null) expect(world.bytes(a)).not.toEqual(world.bytes(b));
        asyncTriggerCallback(
          api,
          initAsyncSubmit(ACK, tx, () => done.complete()),
        );
        api.issuePendingAll();
        yield* done.wait();
        expectBytes(world.bytes(a), world.bytes(b));
      })(),
    );
    expect(world.leftovers()).toEqual(nothingLeft(platform.engines.length));
    expect(world.rules()).toEqual([]);
  });
});

describe('an acknowledgement that comes late', () => {
  it('keeps the slot until it comes, and not the mapping (IA-60, UM-05)', () => {
    const { world, copy } = copying();
    const tx = world.call(() => queued(copy(0)));
    world.call(() => copy(ACK));
    world.finish();
    expect(world.leftovers()).toEqual({ mapped: 0, chained: [2, 1, 1], busy: [1, 0, 0] });
    asyncTxAck(tx);
    world.call(() => copy(ACK));
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(3));
  });
});
