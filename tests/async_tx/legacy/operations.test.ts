import { flagsOfToday, LegacyTxFlags } from '../../../async_tx/legacy/flags';
import { GENERATION_2_6_23, GENERATION_2_6_26 } from '../../../async_tx/legacy/generations';
import {
  asyncMemcpy,
  asyncMemset,
  asyncTriggerCallback,
  asyncXor,
  asyncXorZeroSum,
} from '../../../async_tx/legacy/operations';
import { AsyncTxFlags } from '../../../async_tx/submit';
import { asyncTxTestAck } from '../../../dmaengine/descriptor';
import type { DmaAsyncTxDescriptor } from '../../../dmaengine/descriptor';
import { DmaDirection } from '../../../emulator/kernel/dma-mapping';
import { PLATFORMS } from '../../../emulator/platforms';
import { AsyncWorld, BOTH, boardWith, expectBytes, nothingLeft, queued, xorModel } from '../world';
import { GENERATIONS } from './world';

const { XOR_ZERO_DST, XOR_DROP_DST, ASSUME_COHERENT, ACK, DEP_ACK } = LegacyTxFlags;

const OLD = GENERATIONS.filter(([release]) => release !== 'today');

describe('the flags of 2007', () => {
  it('have the bits they had (AX-01)', () => {
    expect(LegacyTxFlags).toEqual({ XOR_ZERO_DST: 1, XOR_DROP_DST: 2, ASSUME_COHERENT: 4, ACK: 8, DEP_ACK: 16 });
  });

  it('mean what they say, and nothing more, in the bits of today (AX-01, AX-02)', () => {
    expect(flagsOfToday(XOR_ZERO_DST | XOR_DROP_DST | ACK)).toBe(
      AsyncTxFlags.XOR_ZERO_DST | AsyncTxFlags.XOR_DROP_DST | AsyncTxFlags.ACK,
    );
    const known = Object.values(AsyncTxFlags).reduce((sum, bit) => sum | bit, 0);
    for (const flag of [ASSUME_COHERENT, DEP_ACK]) expect(flagsOfToday(flag) & known).toBe(0);
    expect(flagsOfToday(ASSUME_COHERENT)).not.toBe(flagsOfToday(DEP_ACK));
  });
});

/** A world, pages with noise, and what the callbacks got. */
function made(generation = GENERATION_2_6_23, platform = PLATFORMS.iop342, count = 3) {
  const world = new AsyncWorld(platform, generation);
  const pages = Array.from({ length: count }, (_, i) => world.noise(i));
  const before = pages.map((page) => world.bytes(page).slice());
  const params: unknown[] = [];
  const done = (param: unknown): void => {
    params.push(param);
  };
  const expectQuiet = (): void => {
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(platform.engines.length));
    expect(world.rules()).toEqual([]);
  };
  return { world, api: world.api, pages, before, params, done, expectQuiet };
}

describe.each(BOTH)('an operation of 2007 %s', (_, platform) => {
  it('copies, fills, combines, checks and calls back with the parameter (MC-01, MC-04, XR-01, XV-01, AX-41)', () => {
    const { world, api, pages, before, params, done, expectQuiet } = made(GENERATION_2_6_23, platform, 5);
    const [a, b, c, d, e] = pages;
    const result = { value: 7 };
    world.call(() => {
      let tx = asyncMemcpy(api, a, b, 8, 16, 100, 0, null, done, 'copy');
      tx = asyncMemset(api, a, 0x5a, 200, 50, DEP_ACK, tx, done, 'fill');
      tx = asyncXor(api, c, [a, d], 0, 4096, XOR_ZERO_DST | DEP_ACK, tx, done, 'xor');
      tx = asyncXor(api, d, [d, a, c], 0, 4096, XOR_DROP_DST | DEP_ACK, tx, done, 'xor');
      tx = asyncXorZeroSum(api, d, [d, d], 0, 4096, result, DEP_ACK, tx, done, 'check');
      asyncTriggerCallback(api, DEP_ACK | ACK, tx, done, 'end');
    });
    world.finish();
    expect(params).toEqual(['copy', 'fill', 'xor', 'xor', 'check', 'end']);
    const copied = before[0].slice();
    copied.set(before[1].subarray(16, 116), 8);
    copied.fill(0x5a, 200, 250);
    expectBytes(world.bytes(a), copied);
    expectBytes(world.bytes(c), xorModel([copied, before[3]]));
    expect([...world.bytes(d)].every((byte) => byte === 0)).toBe(true);
    expectBytes(world.bytes(e), before[4]);
    expect(result.value).toBe(0);
    expectQuiet();
  });

  it('tells a sum that is not zero by 1 (CF-06)', () => {
    const { world, api, pages, expectQuiet } = made(GENERATION_2_6_23, platform);
    const result = { value: 0 };
    world.call(() => asyncXorZeroSum(api, pages[0], pages, 0, 4096, result, ACK, null, null, null));
    expectQuiet();
    expect(result.value).toBe(1);
  });

  it.each([2, 4, 5, 9, 17, 33])('combines %i sources and leaves the list of them alone (XR-15, XR-08)', (count) => {
    for (const flags of [XOR_ZERO_DST, XOR_DROP_DST]) {
      const { world, api, pages, before, expectQuiet } = made(GENERATION_2_6_23, platform, count + 1);
      const sources = flags === XOR_ZERO_DST ? pages.slice(1) : pages.slice(0, count);
      const model = xorModel(flags === XOR_ZERO_DST ? before.slice(1) : before.slice(0, count));
      const list = [...sources];
      world.call(() => asyncXor(api, pages[0], sources, 0, 4096, flags | ACK, null));
      expectQuiet();
      expectBytes(world.bytes(pages[0]), model);
      expect(sources).toEqual(list);
    }
  });
});

describe.each(OLD)('a synchronous operation in %s', (_, generation) => {
  /** A channel that copies, and nothing that fills. */
  const board = boardWith([{ capabilities: ['memcpy', 'interrupt'] }]);

  it.each([
    ['with DEP_ACK', DEP_ACK, true],
    ['without', 0, false],
  ])('waits for its dependency and acks it %s (AX-05, AX-53, AX-54)', (__, flags, acked) => {
    const { world, api, pages, before, params, done } = made(generation, board);
    const [a, b] = pages;
    world.call(() => {
      const copy = queued(asyncMemcpy(api, a, b, 0, 0, 4096, 0, null, done, 'copy'));
      const ackedAtCallback: boolean[] = [];
      const filled = (): void => {
        ackedAtCallback.push(asyncTxTestAck(copy));
      };
      expect(asyncMemset(api, a, 0, 0, 10, flags, copy, filled)).toBeNull();
      expect(params).toEqual(['copy']);
      expect(ackedAtCallback).toEqual([false]);
      expect(asyncTxTestAck(copy)).toBe(acked);
      expectBytes(world.bytes(a), Uint8Array.of(...new Uint8Array(10), ...before[1].subarray(10)));
    });
    expect(world.rules()).toEqual([]);
  });

  it('is a BUG behind an acked dependency (AX-50)', () => {
    const { world, api, pages } = made(generation, board);
    const [a, b] = pages;
    const fill = (): unknown => asyncMemset(api, a, 0, 0, 10, 0, asyncMemcpy(api, a, b, 0, 0, 64, ACK, null));
    expect(() => world.call(fill)).toThrow(expect.objectContaining({ rule: 'AX-50' }));
  });

  it('panics when the wait ends with error, and with nothing else (AX-50, X-22)', () => {
    for (const status of ['error', 'paused'] as const) {
      const { world, api, pages } = made(generation, board);
      const [a, b] = pages;
      const fill = (): void => {
        const copy = asyncMemcpy(api, a, b, 0, 0, 64, 0, null);
        jest.spyOn(world.chans[0].device, 'deviceTxStatus').mockReturnValue(status);
        asyncMemset(api, pages[2], 0, 0, 10, 0, copy);
      };
      const panic = expect(() => world.call(fill));
      if (status === 'error') panic.toThrow(expect.objectContaining({ rule: 'AX-50' }));
      else panic.not.toThrow();
    }
  });

  it('waits and calls back in the caller where no interrupt can be had: trigger_callback (AX-52, AX-53)', () => {
    const { world, api, pages, done, params } = made(generation, boardWith([{ capabilities: ['memcpy'] }]));
    const [a, b] = pages;
    world.call(() => {
      const copy = queued(asyncMemcpy(api, a, b, 0, 0, 4096, 0, null, done, 'copy'));
      expect(asyncTriggerCallback(api, 0, copy, done, 'end')).toBeNull();
      expect(params).toEqual(['copy', 'end']);
      expect(asyncTxTestAck(copy)).toBe(false);
      asyncTriggerCallback(api, DEP_ACK, copy, done, 'again');
      expect(asyncTxTestAck(copy)).toBe(true);
    });
  });
});

describe('what is mapped', () => {
  it.each([
    ['as the engine uses it', 0, [DmaDirection.toDevice, DmaDirection.fromDevice], [DmaDirection.bidirectional]],
    ['with no direction for ASSUME_COHERENT', ASSUME_COHERENT, [3, 3], [3]],
  ])('is mapped %s, and balanced (MC-02, UM-08)', (_, flags, copyDirections, destination) => {
    const { world, api, pages, expectQuiet } = made();
    const [a, b, c] = pages;
    const map = jest.spyOn(world.kernel.dma, 'map');
    const unmap = jest.spyOn(world.kernel.dma, 'unmap');
    const [to] = copyDirections;
    world.call(() => asyncMemcpy(api, a, b, 0, 0, 64, flags | ACK, null));
    world.call(() => asyncMemset(api, a, 1, 0, 64, flags | ACK, null));
    world.call(() => asyncXor(api, a, [b, c], 0, 64, flags | ACK | XOR_ZERO_DST, null));
    world.call(() => asyncXorZeroSum(api, a, [a, b, c], 0, 64, { value: 0 }, flags | ACK, null));
    expectQuiet();
    const mapped = [...copyDirections, copyDirections[1], to, to, ...destination, to, to, to];
    expect(map.mock.calls.map(([, , , direction]) => direction)).toEqual(mapped);
    expect(unmap.mock.calls.map(([, , direction]) => direction).sort()).toEqual([...mapped].sort());
  });

  it('with no direction costs no time for caches and is nobody else’s business (MC-02, KS-04)', () => {
    const times = [0, ASSUME_COHERENT].map((flags) => {
      const { world, api, pages } = made();
      const [a, b] = pages;
      return world.call(() => {
        const start = world.kernel.now;
        asyncMemcpy(api, a, b, 0, 0, 4096, flags | ACK, null);
        const took = world.kernel.now - start;
        world.kernel.dma.processorTouches(a.address, true, 'test');
        expect(world.rules().length).toBe(flags === 0 ? 1 : 0);
        expect(world.kernel.dma.isMapped(a.address)).toBe(true);
        return took;
      });
    });
    const { cacheMaintenance } = made().world.kernel.costs;
    expect(times[0] - times[1]).toBe(2 * 4096 * cacheMaintenance);
  });
});

describe.each(OLD)('a refused descriptor in %s', (_, generation) => {
  const few = (slots: number) => boardWith([{ capabilities: ['memcpy', 'xor', 'xor_val', 'interrupt'], slots }]);

  it.each([5, 7, 9])(
    'for want of slots, %i in all, sends the sources that are left to the processor (XR-13, X-07)',
    (slots) => {
      for (const flags of [XOR_ZERO_DST, XOR_DROP_DST]) {
        const { world, api, pages, before, params, done, expectQuiet } = made(generation, few(slots), 9);
        Object.assign(world.dma.devices[0], { maxXor: 2 });
        const sources = flags === XOR_ZERO_DST ? pages.slice(1) : pages.slice(0, 8);
        const model = xorModel(flags === XOR_ZERO_DST ? before.slice(1) : before.slice(0, 8));
        world.call(() => {
          expect(asyncXor(api, pages[0], sources, 0, 4096, flags | ACK, null, done, 'end')).toBeNull();
          expect(params).toEqual(['end']);
          expectBytes(world.bytes(pages[0]), model);
        });
        // The null operation sits on slot 1, and slot 0 alone is too little for two sources.
        expect(api.statistics).toMatchObject({ engine: Math.floor((slots - 2) / 2), software: 1 });
        world.call(() => asyncMemcpy(api, pages[1], pages[2], 0, 0, 64, ACK, null));
        expectQuiet();
      }
    },
  );

  it('of the first batch leaves all to the processor, behind the dependency (XR-13)', () => {
    const { world, api, pages, before, params, done, expectQuiet } = made(generation);
    const [a, b, c] = pages;
    jest.spyOn(world.chans[0].device, 'devicePrepDmaXor').mockReturnValue(null);
    world.call(() => {
      const copy = asyncMemcpy(api, b, c, 0, 0, 4096, 0, null, done, 'copy');
      expect(asyncXor(api, a, [b, c], 0, 4096, XOR_ZERO_DST | DEP_ACK, copy, done, 'xor')).toBeNull();
      expect(params).toEqual(['copy', 'xor']);
      expect(asyncTxTestAck(queued(copy))).toBe(true);
      expectBytes(world.bytes(a), xorModel([before[2], before[2]]));
    });
    world.call(() => asyncMemcpy(api, b, c, 0, 0, 64, ACK, null));
    expectQuiet();
  });

  it('of a check sends its sum to an engine and the look at it to the processor (XR-13, XV-04)', () => {
    const { world, api, pages, params, done, expectQuiet } = made(generation);
    jest.spyOn(world.chans[0].device, 'devicePrepDmaXorVal').mockReturnValue(null);
    const result = { value: 0 };
    world.call(() => {
      expect(asyncXorZeroSum(api, pages[0], pages, 0, 4096, result, ACK, null, done, 'check')).toBeNull();
      expect([result.value, params]).toEqual([1, ['check']]);
    });
    world.call(() => asyncMemcpy(api, pages[1], pages[2], 0, 0, 64, ACK, null));
    expectQuiet();
  });
});

describe('the batches of an xor', () => {
  it('ack each other, asked or not, and the dependency only when asked (AX-07, XR-08)', () => {
    const { world, api, pages } = made(GENERATION_2_6_23, PLATFORMS.iop342, 6);
    Object.assign(world.dma.devices[0], { maxXor: 2 });
    const prepared: DmaAsyncTxDescriptor[] = [];
    world.call(() => {
      const copy = queued(asyncMemcpy(api, pages[0], pages[1], 0, 0, 64, 0, null));
      const { devicePrepDmaXor } = world.chans[0].device;
      jest.spyOn(world.chans[0].device, 'devicePrepDmaXor').mockImplementation((...args) => {
        const tx = devicePrepDmaXor!(...args);
        if (tx !== null) prepared.push(tx);
        return tx;
      });
      asyncXor(api, pages[0], pages, 0, 4096, XOR_DROP_DST, copy);
      expect(prepared.map(asyncTxTestAck)).toEqual([true, true, true, true, false]);
      expect(asyncTxTestAck(copy)).toBe(false);
    });
  });
});

describe('a check of one source more than the channel takes', () => {
  const check = (generation: typeof GENERATION_2_6_23): number => {
    const { world, api, pages } = made(generation, PLATFORMS.iop342, 17);
    const result = { value: 0 };
    world.call(() => asyncXorZeroSum(api, pages[0], pages, 0, 4096, result, 0, null));
    return result.value;
  };

  it('was handed to the driver all the same in 2.6.23, where ours stops (XV-02, X-12)', () => {
    expect(() => check(GENERATION_2_6_23)).toThrow(expect.objectContaining({ rule: 'IA-21' }));
  });

  it('is done by sum and look in 2.6.26 (XV-02)', () => {
    expect(check(GENERATION_2_6_26)).toBe(1);
  });
});

it('an interrupt is asked for exactly when somebody is to be called (AX-10)', () => {
  const { world, api, pages, done } = made();
  const prep = jest.spyOn(world.chans[0].device, 'devicePrepDmaMemcpy');
  world.call(() => asyncMemcpy(api, pages[0], pages[1], 0, 0, 64, ACK, null, done));
  world.call(() => asyncMemcpy(api, pages[0], pages[1], 0, 0, 64, ACK, null, null, 'unused'));
  expect(prep.mock.calls.map(([, , , , flags]) => flags & 1)).toEqual([1, 0]);
});
