import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncSyndromeVal } from '../../async_tx/pq-val';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXorVal } from '../../async_tx/xor-val';
import { DmaCapability } from '../../dmaengine/capability';
import type { AsyncTxConfig } from '../../dmaengine/config';
import { SumCheck } from '../../dmaengine/flags';
import { PLATFORMS } from '../../emulator/platforms';
import { APART, Raid6World } from './raid6-world';
import { boardWith, expectBytes, nothingLeft, xorModel } from './world';

const { ACK } = AsyncTxFlags;

/** Both checks of a wrong P, on a board with engines for everything. */
function checks(config: AsyncTxConfig) {
  const world = new Raid6World(undefined, 4096, 0, 0, config);
  const { api } = world;
  const blocks = world.stripe(6);
  const pages = [blocks[4]!, ...blocks.slice(0, 4).map((page) => page!)];
  world.bytes(pages[0])[100] ^= 1;
  const sum = xorModel(pages.map((page) => world.bytes(page)));
  const parity = world.bytes(pages[0]).slice();
  const [pq, xor] = [{ value: 77 }, { value: 77 }];
  let called = 0;
  const ways = world.call(() => {
    const submit = () => initAsyncSubmit(ACK, null, () => called++);
    const list = world.list(blocks);
    const txs = [
      asyncSyndromeVal(api, list, 4096, pq, world.at(world.spare), submit()),
      asyncXorVal(api, pages[0], pages, 0, 4096, xor, submit()),
    ];
    return txs.map((tx) => (tx === null ? 'software' : 'engine'));
  });
  world.finish();
  expect({ pq: pq.value, xor: xor.value, called }).toEqual({
    pq: SumCheck.P_RESULT,
    xor: SumCheck.P_RESULT,
    called: 2,
  });
  expect(world.leftovers()).toEqual(nothingLeft(3));
  expect(world.rules()).toEqual([]);
  return { ways, api, parity: world.bytes(pages[0]), before: parity, sum };
}

describe('a kernel configured', () => {
  it('with everything has both checks on engines (XV-07)', () => {
    const { ways, parity, before } = checks({});
    expect(ways).toEqual(['engine', 'engine']);
    expectBytes(parity, before);
  });

  it('without XOR_VAL_DMA looks at the sum by the processor, which destroys the destination (XV-07, XV-03)', () => {
    const { ways, api, parity, sum } = checks({ disableXorValDma: true });
    expect(ways).toEqual(['engine', 'software']);
    expectBytes(parity, sum);
    // The sum itself is still an engine's work (XV-04).
    expect(api.statistics).toMatchObject({ engine: 2, software: 1 });
  });

  it('without PQ_VAL_DMA computes P and Q again and compares (XV-07, PV-03)', () => {
    const { ways, parity, before } = checks({ disablePqValDma: true });
    expect(ways).toEqual(['software', 'engine']);
    expectBytes(parity, before);
  });

  it('without XOR_VAL_DMA asks not even the channel of the dependency (XV-07, AX-20)', () => {
    const world = new Raid6World(undefined, 4096, 0, 0, { disableXorValDma: true });
    const { api } = world;
    const [a, b] = [world.noise(1), world.noise(1)];
    const result = { value: 77 };
    world.call(() => {
      const copy = asyncMemcpy(api, world.page(), a, 0, 0, 64, initAsyncSubmit(0));
      expect(asyncXorVal(api, a, [a, b], 0, 64, result, initAsyncSubmit(ACK, copy))).toBeNull();
    });
    world.finish();
    expect(result.value).toBe(0);
  });

  it('without a check grants ASYNC_TX to devices that lack it (RG-03)', () => {
    const kinds = (config: AsyncTxConfig) =>
      new Raid6World(PLATFORMS.iop342, 4096, 0, 0, config).dma.devices.map(({ capMask }) =>
        capMask.has(DmaCapability.ASYNC_TX),
      );
    expect(kinds({})).toEqual([false, false, true]);
    const noPqVal = boardWith([{ capabilities: ['memcpy', 'xor', 'xor_val', 'pq', 'interrupt'] }]);
    const granted = (config: AsyncTxConfig) =>
      new Raid6World(noPqVal, 4096, 0, 0, config).dma.devices[0].capMask.has(DmaCapability.ASYNC_TX);
    expect([granted({}), granted({ disablePqValDma: true })]).toEqual([false, true]);
  });

  it('without channel switches uses the channels that can do everything, and no other (AX-21)', () => {
    const world = new Raid6World(PLATFORMS.iop342, 4096, 0, 0, { disableChannelSwitch: true });
    const { api } = world;
    const [a, b] = [world.noise(1), world.page()];
    const before = world.chans.map(({ cookie }) => cookie);
    world.call(() => {
      for (let i = 0; i < 6; i++) asyncMemcpy(api, b, a, 0, 0, 64, initAsyncSubmit(ACK));
    });
    world.finish();
    expect(world.chans.map(({ cookie }, i) => cookie - before[i])).toEqual([0, 0, 6]);
    const divided = new Raid6World(APART, 4096, 0, 0, { disableChannelSwitch: true });
    divided.call(() => {
      expect(asyncMemcpy(divided.api, divided.page(), divided.page(), 0, 0, 64, initAsyncSubmit(ACK))).toBeNull();
    });
  });
});
