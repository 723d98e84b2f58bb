import { asyncMemcpy } from '../../async_tx/memcpy';
import { prepUntilGranted } from '../../async_tx/prep';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXorVal } from '../../async_tx/xor-val';
import { asyncXor } from '../../async_tx/xor';
import { asyncTxAck, asyncTxTestAck } from '../../dmaengine/descriptor';
import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import type { DmaChan, Prepared } from '../../dmaengine/device';
import { GuestHang } from '../../emulator/findings';
import { PLATFORMS } from '../../emulator/platforms';
import { bareKernel, fakeDevice } from '../dmaengine/fake';
import { AsyncWorld, boardWith, expectBytes, nothingLeft, queued, xorModel } from './world';

const { ACK, XOR_ZERO_DST, XOR_DROP_DST } = AsyncTxFlags;

/** One engine with so many slots. */
const withSlots = (slots: number): AsyncWorld =>
  new AsyncWorld(boardWith([{ capabilities: ['memcpy', 'xor', 'xor_val', 'interrupt'], slots }]));

describe('out of descriptors', () => {
  it.each([7, 8, 12])('an xor of 8 sources, 2 a descriptor, gets through a pool of %i slots (X-07, XR-12)', (slots) => {
    const world = withSlots(slots);
    Object.assign(world.dma.devices[0], { maxXor: 2 });
    const sources = Array.from({ length: 8 }, (_, i) => world.noise(i));
    const model = xorModel(sources.map((page) => world.bytes(page)));
    let called = 0;
    world.call(() => {
      const submit = initAsyncSubmit(ACK | XOR_DROP_DST, null, () => called++);
      asyncXor(world.api, sources[0], sources, 0, 4096, submit);
    });
    world.finish();
    expect(called).toBe(1);
    expectBytes(world.bytes(sources[0]), model);
    expect(world.leftovers()).toEqual(nothingLeft(1));
    expect(world.rules()).toEqual([]);
  });

  it.each(['free to run', 'blocked'])(
    'an xor gets through behind many others, tasklets %s (X-07, I-04)',
    (tasklets) => {
      const world = withSlots(32);
      const { kernel, api } = world;
      const sources = Array.from({ length: 40 }, (_, i) => world.noise(i));
      const model = xorModel(sources.map((page) => world.bytes(page, 512)));
      const dests = Array.from({ length: 40 }, () => world.page());
      const called: number[] = [];
      world.call(() => {
        if (tasklets === 'blocked') kernel.tasklets.disable();
        dests.forEach((dest, i) => {
          const submit = initAsyncSubmit(ACK | XOR_ZERO_DST, null, () => called.push(i));
          asyncXor(api, dest, sources, 0, 512, submit);
        });
        if (tasklets === 'blocked') kernel.tasklets.enable();
      });
      world.finish();
      expect(called).toEqual(dests.map((_, i) => i));
      for (const dest of dests) expectBytes(world.bytes(dest, 512), model);
      expect(world.leftovers()).toEqual(nothingLeft(1));
      expect(world.rules()).toEqual([]);
    },
  );

  it('an xor gets through beside operations that are not acknowledged yet (X-07, IA-60)', () => {
    const world = withSlots(64);
    const { api } = world;
    const sources = Array.from({ length: 40 }, (_, i) => world.noise(i));
    const model = xorModel(sources.map((page) => world.bytes(page)));
    const dest = world.page();
    const copy = (flags: number): DmaAsyncTxDescriptor =>
      queued(asyncMemcpy(api, dest, sources[0], 0, 0, 64, initAsyncSubmit(flags)));
    // What is held stands at the end of the pool: the search gives up at the first busy slot after a wrap (IA-05).
    world.call(() => {
      for (let i = 0; i < 38; i++) copy(ACK);
    });
    world.finish();
    world.call(() => {
      const held = Array.from({ length: 20 }, () => copy(0));
      for (let i = 0; i < 12; i++) asyncXor(api, dest, sources, 0, 4096, initAsyncSubmit(ACK | XOR_ZERO_DST));
      held.forEach(asyncTxAck);
    });
    world.finish();
    expectBytes(world.bytes(dest), model);
    expect(world.leftovers()).toEqual(nothingLeft(1));
    expect(world.rules()).toEqual([]);
  });

  it('is reached by one held descriptor early in the pool, since the search stops there after a wrap (IA-05)', () => {
    const world = withSlots(32);
    const { api } = world;
    const a = world.noise(1);
    // Six sources: three slots, which do not fit before the held one.
    const sixTimes = new Array(6).fill(world.noise(2));
    const xor = (flags: number): unknown => asyncXor(api, a, sixTimes, 0, 64, initAsyncSubmit(flags | XOR_ZERO_DST));
    const keepOne = (): void => {
      xor(0);
      for (let i = 0; i < 32; i++) xor(ACK);
    };
    expect(() => world.call(keepOne)).toThrow(GuestHang);
  });

  it('a check waits its turn and is right (X-08, XR-12)', () => {
    const world = withSlots(16);
    const [a, b] = [world.noise(1), world.noise(1)];
    const results = Array.from({ length: 40 }, () => ({ value: 7 }));
    world.call(() => {
      for (const result of results) asyncXorVal(world.api, a, [a, b], 0, 512, result, initAsyncSubmit(ACK));
    });
    world.finish();
    expect(results).toEqual(results.map(() => ({ value: 0 })));
    expect(world.leftovers()).toEqual(nothingLeft(1));
  });

  it('a copy is done by the processor, after what it depends on (MC-01, MC-03)', () => {
    const world = withSlots(16);
    const { api } = world;
    const source = world.noise(1);
    const pages = Array.from({ length: 60 }, () => world.page());
    let called = 0;
    world.call(() => {
      let tx: DmaAsyncTxDescriptor | null = null;
      pages.forEach((page, i) => {
        const from = i === 0 ? source : pages[i - 1];
        // Without callbacks nobody cleans up before the pool is empty.
        tx = asyncMemcpy(api, page, from, 0, 0, 4096, initAsyncSubmit(0, tx));
      });
      asyncTriggerCallback(
        api,
        initAsyncSubmit(ACK, tx, () => called++),
      );
    });
    world.finish();
    expect(api.statistics.software).toBeGreaterThan(0);
    expect(called).toBe(1);
    for (const page of pages) expectBytes(world.bytes(page), world.bytes(source));
    expect(world.leftovers()).toEqual(nothingLeft(1));
    expect(world.rules()).toEqual([]);
  });

  it('for ever, because nobody acknowledges, is a hang with a rule (XR-12)', () => {
    const world = withSlots(16);
    const { api } = world;
    const [a, b] = [world.noise(1), world.noise(2)];
    const greedy = (): void => {
      for (let i = 0; i < 20; i++) asyncXor(api, a, [b, b], 0, 64, initAsyncSubmit(XOR_ZERO_DST));
    };
    expect(() => world.call(greedy)).toThrow(GuestHang);
  });
});

describe('asking until a descriptor is granted', () => {
  /** A channel that refuses the first `refusals` times. */
  function reluctant(refusals: number): {
    world: AsyncWorld;
    chan: DmaChan;
    prep: () => Prepared;
    asked: () => number;
  } {
    const world = new AsyncWorld(PLATFORMS.none);
    const [chan] = fakeDevice().channels;
    const tx = chan.prepare(bareKernel());
    let asked = 0;
    return { world, chan, prep: () => (++asked > refusals ? tx : null), asked: () => asked };
  }

  it.each([0, 1, 2])(
    'succeeds after %i refusals: each reclaims for the next, nothing else need happen (IA-11)',
    (times) => {
      const { world, chan, prep, asked } = reluctant(times);
      world.call(() => prepUntilGranted(world.api, chan, initAsyncSubmit(0), prep));
      expect(asked()).toBe(times + 1);
    },
  );

  it('flushes the channel before it asks again (XR-12, X-07)', () => {
    const { world, chan, prep } = reluctant(2);
    const flush = jest.spyOn(chan.device, 'deviceIssuePending');
    world.call(() => prepUntilGranted(world.api, chan, initAsyncSubmit(0), prep));
    expect(flush).toHaveBeenCalledTimes(2);
  });

  it('waits for the dependency first and acks it, so that its descriptor can be reclaimed (XR-12, X-07)', () => {
    const { chan, prep } = reluctant(1);
    const world = new AsyncWorld();
    const [a, b] = [world.noise(1), world.noise(2)];
    world.call(() => {
      let called = 0;
      const first = queued(
        asyncMemcpy(
          world.api,
          a,
          b,
          0,
          0,
          64,
          initAsyncSubmit(0, null, () => called++),
        ),
      );
      const submit = initAsyncSubmit(0, first);
      prepUntilGranted(world.api, chan, submit, prep);
      expect({ called, acked: asyncTxTestAck(first), dependTx: submit.dependTx }).toEqual({
        called: 1,
        acked: true,
        dependTx: null,
      });
    });
  });

  it('is a hang when nothing under way can change the answer (XR-12)', () => {
    const { world, chan, prep } = reluctant(1000);
    expect(() => world.call(() => prepUntilGranted(world.api, chan, initAsyncSubmit(0), prep))).toThrow(
      expect.objectContaining({ name: 'GuestHang', rule: 'XR-12' }),
    );
  });
});
