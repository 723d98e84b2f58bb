/** Copying and combining are different units on IOP3xx: every chain of both must change channels. */
import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncMemset } from '../../async_tx/memset';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { asyncXor } from '../../async_tx/xor';
import { asyncXorVal } from '../../async_tx/xor-val';
import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import { SumCheck } from '../../dmaengine/flags';
import type { Page } from '../../emulator/kernel/pages';
import { PLATFORMS } from '../../emulator/platforms';
import { AsyncWorld, expectBytes, nothingLeft, queued, withSlots, xorModel } from './world';

const { ACK, XOR_DROP_DST, XOR_ZERO_DST } = AsyncTxFlags;

type Tx = DmaAsyncTxDescriptor | null;

/** Pages that sum to zero. */
function parityGroup(world: AsyncWorld, count: number): Page[] {
  const pages = Array.from({ length: count }, (_, i) => world.noise(10 * count + i));
  world.bytes(pages[0]).set(xorModel(pages.slice(1).map((page) => world.bytes(page))));
  return pages;
}

describe.each(['iop321', 'iop331'] as const)('on %s', (name) => {
  const platform = PLATFORMS[name];

  it.each([2, 5, 9, 17, 32, 40])(
    'xor → copy → xor of %i sources runs on AAU, DMA, AAU in this order (AX-20, AX-40)',
    (count) => {
      const world = new AsyncWorld(platform);
      const { api } = world;
      const sources = Array.from({ length: count }, (_, i) => world.noise(i));
      const [dest] = sources;
      const copy = world.noise(99);
      const once = xorModel(sources.map((page) => world.bytes(page)));
      const twice = xorModel([once, ...sources.slice(1).map((page) => world.bytes(page))]);
      const called: string[] = [];
      const units: string[] = [];
      world.call(() => {
        const note = (text: string) => () => called.push(text);
        const first = asyncXor(api, dest, sources, 0, 4096, initAsyncSubmit(XOR_DROP_DST, null, note('xor')));
        const second = asyncMemcpy(api, copy, dest, 0, 0, 4096, initAsyncSubmit(0, first, note('copy')));
        const flags = XOR_DROP_DST | ACK;
        const third = asyncXor(api, dest, sources, 0, 4096, initAsyncSubmit(flags, second, note('xor again')));
        units.push(
          ...[first, second, third].map((tx) => world.chans.find((chan) => chan === queued(tx).chan)!.engine.kind),
        );
      });
      world.finish();
      expect(units).toEqual(['aau', 'dma', 'aau']);
      expect(called).toEqual(['xor', 'copy', 'xor again']);
      expect(api.statistics.channelSwitches).toBe(2);
      expectBytes(world.bytes(copy), once);
      expectBytes(world.bytes(dest), twice);
      expect(world.leftovers()).toEqual(nothingLeft(3));
      expect(world.rules()).toEqual([]);
    },
  );

  it('fill → copy → xor → trigger ends with the right data (AX-40)', () => {
    const world = new AsyncWorld(platform);
    const { api } = world;
    const [a, b, end] = [1, 2, 3].map((seed) => world.noise(seed));
    const salt = world.bytes(b).slice();
    const called: string[] = [];
    world.call(() => {
      const step = (text: string, depend: Tx, flags = 0) => initAsyncSubmit(flags, depend, () => called.push(text));
      const fill = asyncMemset(api, a, 0x3c, 0, 4096, step('fill', null));
      const copy = asyncMemcpy(api, end, a, 0, 0, 4096, step('copy', fill));
      const xor = asyncXor(api, end, [end, b], 0, 4096, step('xor', copy, XOR_DROP_DST));
      asyncTriggerCallback(api, step('trigger', xor, ACK));
    });
    world.finish();
    expect(called).toEqual(['fill', 'copy', 'xor', 'trigger']);
    expectBytes(world.bytes(end), xorModel([salt, new Uint8Array(4096).fill(0x3c)]));
    expect(world.leftovers()).toEqual(nothingLeft(3));
    expect(world.rules()).toEqual([]);
  });

  it('an xor of 100 sources gets through the smallest pool there may be (IA-13, X-07)', () => {
    const world = new AsyncWorld(withSlots(platform, 2 * 8 + 1));
    const { api } = world;
    const sources = Array.from({ length: 100 }, (_, i) => world.noise(i));
    const dest = world.page();
    const model = xorModel(sources.map((page) => world.bytes(page, 512)));
    let called = 0;
    world.call(() => {
      asyncXor(
        api,
        dest,
        sources,
        0,
        512,
        initAsyncSubmit(ACK | XOR_ZERO_DST, null, () => called++),
      );
    });
    world.finish();
    expect(called).toBe(1);
    expectBytes(world.bytes(dest, 512), model);
    expect(world.leftovers()).toEqual(nothingLeft(3));
    expect(world.rules()).toEqual([]);
  });

  it.each([2, 4, 5, 16, 32, 33])(
    'xor_val of %i sources is right, on the accelerator where it can check (XV-01, XV-02, IA-27)',
    (count) => {
      const world = new AsyncWorld(platform);
      for (const bad of [undefined, 0, 1023, 1024, 4095]) {
        const group = parityGroup(world, count);
        if (bad !== undefined) world.bytes(group[count - 1])[bad] ^= 0x10;
        const before = group.map((page) => world.bytes(page).slice());
        const result = { value: 99 };
        let called = 0;
        const submit = initAsyncSubmit(ACK, null, () => called++);
        const tx = world.call(() => asyncXorVal(world.api, group[0], group, 0, 4096, result, submit));
        world.finish();
        expect([bad, result.value, called]).toEqual([bad, bad === undefined ? 0 : SumCheck.P_RESULT, 1]);
        // In software the sum takes the destination's place (XV-03).
        const onEngine = name === 'iop331' && count <= 32;
        expect(tx !== null).toBe(onEngine);
        expectBytes(world.bytes(group[0]), onEngine ? before[0] : xorModel(before));
      }
      expect(world.leftovers()).toEqual(nothingLeft(3));
      expect(world.rules()).toEqual([]);
    },
  );
});
