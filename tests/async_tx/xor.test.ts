import fc from 'fast-check';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXor } from '../../async_tx/xor';
import { DmaCtrl } from '../../dmaengine/flags';
import type { Page } from '../../emulator/kernel/pages';
import { PLATFORMS } from '../../emulator/platforms';
import { AsyncWorld, BOTH, expectBytes, nothingLeft, xorModel } from './world';

const { ACK, XOR_ZERO_DST, XOR_DROP_DST } = AsyncTxFlags;

/** Runs an xor to its end; how often it called back. */
function xor(
  world: AsyncWorld,
  dest: Page,
  sources: readonly (Page | undefined)[],
  flags: number,
  offset = 0,
  length = 4096,
): number {
  let called = 0;
  world.call(() =>
    asyncXor(
      world.api,
      dest,
      sources,
      offset,
      length,
      initAsyncSubmit(flags | ACK, null, () => called++),
    ),
  );
  world.finish();
  return called;
}

describe.each(BOTH)('xor %s', (_, platform) => {
  const engines = platform.engines.length;

  it('of 2 to 40 sources is their sum, whatever was in the destination, with ZERO_DST (XR-02, XR-08)', () => {
    const world = new AsyncWorld(platform);
    const sources = Array.from({ length: 40 }, (__, i) => world.noise(i));
    const dest = world.noise(99);
    for (let count = 2; count <= 40; count++) {
      const listed = sources.slice(0, count);
      expect(xor(world, dest, listed, XOR_ZERO_DST, 256, 512)).toBe(1);
      const model = xorModel(listed.map((page) => world.bytes(page)));
      expectBytes(world.bytes(dest).slice(256, 768), model.slice(256, 768));
    }
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  });

  it('of 2 to 40 sources, the destination first, is their sum with DROP_DST (XR-02, XR-04)', () => {
    const world = new AsyncWorld(platform);
    const sources = Array.from({ length: 40 }, (__, i) => world.noise(i));
    const [dest] = sources;
    for (let count = 2; count <= 40; count++) {
      const listed = sources.slice(0, count);
      const model = xorModel(listed.map((page) => world.bytes(page)));
      expect(xor(world, dest, listed, XOR_DROP_DST)).toBe(1);
      expectBytes(world.bytes(dest), model);
    }
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  });

  it('skips holes in the list, wherever they are (XR-06)', () => {
    const world = new AsyncWorld(platform);
    const sources = Array.from({ length: 24 }, (__, i) => world.noise(i));
    const dest = world.noise(99);
    const shape = fc.array(fc.boolean(), { minLength: 2, maxLength: 24 });
    fc.assert(
      fc.property(
        shape.filter((kept) => kept.filter(Boolean).length >= 2),
        (kept) => {
          const listed = kept.map((keep, i) => (keep ? sources[i] : undefined));
          xor(world, dest, listed, XOR_ZERO_DST, 0, 64);
          const present = listed.filter((page) => page !== undefined).map((page) => world.bytes(page, 64));
          expectBytes(world.bytes(dest, 64), xorModel(present));
        },
      ),
      { numRuns: 30 },
    );
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  });

  it('leaves the bytes around its range alone, aligned or not', () => {
    const world = new AsyncWorld(platform);
    const [a, b, dest] = [1, 2, 3].map((seed) => world.noise(seed));
    for (const [offset, length] of [
      [8, 64],
      [13, 101],
      [4095, 1],
    ]) {
      const expected = world.bytes(dest).slice();
      const range = [offset, offset + length] as const;
      expected.set(xorModel([world.bytes(a).subarray(...range), world.bytes(b).subarray(...range)]), offset);
      xor(world, dest, [a, b], XOR_ZERO_DST, offset, length);
      expectBytes(world.bytes(dest), expected);
    }
  });

  it('without a flag is the sum on an engine, and adds the destination on the processor (XR-03, X-25)', () => {
    const world = new AsyncWorld(platform);
    const [a, b, dest] = [1, 2, 3].map((seed) => world.noise(seed));
    const added = engines > 0 ? [a, b] : [a, b, dest];
    const expected = xorModel(added.map((page) => world.bytes(page)));
    xor(world, dest, [a, b], 0);
    expectBytes(world.bytes(dest), expected);
  });

  it('of a single source is a BUG (XR-01)', () => {
    const world = new AsyncWorld(platform);
    const [a, dest] = [world.noise(1), world.noise(2)];
    expect(() => xor(world, dest, [a], XOR_ZERO_DST)).toThrow(expect.objectContaining({ rule: 'XR-01' }));
  });

  it('gives the caller its flags and its callback back', () => {
    const world = new AsyncWorld(platform);
    const sources = Array.from({ length: 20 }, (__, i) => world.noise(i));
    const callback = (): void => undefined;
    const submit = initAsyncSubmit(ACK | XOR_DROP_DST, null, callback);
    world.call(() => asyncXor(world.api, sources[0], sources, 0, 64, submit));
    expect(submit).toMatchObject({ flags: ACK | XOR_DROP_DST, callback });
    world.finish();
  });
});

describe('the batches of an xor with more sources than a descriptor has', () => {
  it('are 1 up to 16 sources, then one more for each 15 (XR-09)', () => {
    const world = new AsyncWorld();
    const sources = Array.from({ length: 50 }, (_, i) => world.noise(i));
    const dest = world.page();
    const counts = [2, 15, 16, 17, 30, 31, 32, 40, 46, 47].map((count) => {
      const { cookies } = world;
      xor(world, dest, sources.slice(0, count), XOR_ZERO_DST, 0, 64);
      return [count, world.cookies - cookies];
    });
    expect(counts).toEqual([
      ...[2, 15, 16].map((count) => [count, 1]),
      ...[17, 30, 31].map((count) => [count, 2]),
      ...[32, 40, 46].map((count) => [count, 3]),
      [47, 4],
    ]);
  });

  it('do not count holes (XR-06, XR-09)', () => {
    const world = new AsyncWorld();
    const sources = Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? world.noise(i) : undefined));
    const { cookies } = world;
    xor(world, world.page(), sources, XOR_ZERO_DST, 0, 64);
    expect(world.cookies - cookies).toBe(1);
  });

  it('read the result of the batch before as their first source, fenced from the first on; only the last interrupts (XR-08, XR-11, AX-09, X-18)', () => {
    const world = new AsyncWorld();
    const sources = Array.from({ length: 34 }, (_, i) => world.noise(i));
    const dest = world.page();
    const [device] = [...new Set(world.chans.map((chan) => chan.device))];
    world.api.channel = device.channels[0];
    const prep = jest.spyOn(device, 'devicePrepDmaXor');
    xor(world, dest, sources, XOR_ZERO_DST);
    const { PREP_FENCE, PREP_INTERRUPT } = DmaCtrl;
    const bus = sources.map(({ address }) => address);
    expect(prep.mock.calls.map(([, to, from, count, , flags]) => ({ to, from, count, flags }))).toEqual([
      { to: dest.address, from: bus.slice(0, 16), count: 16, flags: PREP_FENCE },
      { to: dest.address, from: [dest.address, ...bus.slice(16, 31)], count: 16, flags: PREP_FENCE },
      // The fence of the batches before stays set (XR-11).
      { to: dest.address, from: [dest.address, ...bus.slice(31)], count: 4, flags: PREP_FENCE | PREP_INTERRUPT },
    ]);
  });

  it('are acked one by one, the last as the caller says (XR-08, XR-10)', () => {
    const world = new AsyncWorld();
    const sources = Array.from({ length: 40 }, (_, i) => world.noise(i));
    let called = 0;
    const tx = world.call(() =>
      asyncXor(
        world.api,
        world.page(),
        sources,
        0,
        64,
        initAsyncSubmit(XOR_ZERO_DST, null, () => called++),
      ),
    );
    world.finish();
    expect(called).toBe(1);
    expect(tx!.flags & DmaCtrl.CTRL_ACK).toBe(0);
    expect(tx!.chan).toBe(world.chans.find(({ chain }) => chain.first === tx)!);
  });

  it('start behind what the xor depends on (XR-10)', () => {
    const world = new AsyncWorld(PLATFORMS.iop342);
    const sources = Array.from({ length: 40 }, (_, i) => world.noise(i));
    const [middle, end] = [world.noise(50), world.noise(51)];
    const model = xorModel(sources.map((page) => world.bytes(page)));
    const twice = xorModel([model, ...sources.slice(1).map((page) => world.bytes(page))]);
    world.call(() => {
      const first = asyncXor(world.api, middle, sources, 0, 4096, initAsyncSubmit(XOR_ZERO_DST));
      [, world.api.channel] = world.chans;
      asyncXor(world.api, end, [middle, ...sources.slice(1)], 0, 4096, initAsyncSubmit(ACK | XOR_ZERO_DST, first));
    });
    world.finish();
    expectBytes(world.bytes(middle), model);
    expectBytes(world.bytes(end), twice);
    expect(world.leftovers()).toEqual(nothingLeft(3));
  });
});

it('the processor takes four sources a pass, and clears the destination before the first alone (XR-14)', () => {
  const world = new AsyncWorld(PLATFORMS.none);
  const sources = Array.from({ length: 9 }, (_, i) => world.noise(i));
  const dest = world.page();
  const touches = jest.spyOn(world.kernel.dma, 'processorTouches');
  for (let count = 2; count <= 9; count++) {
    for (const [flags, dropped, cleared] of [
      [XOR_ZERO_DST, 0, 1],
      [XOR_DROP_DST, 1, 0],
    ]) {
      touches.mockClear();
      const list = dropped > 0 ? [dest, ...sources.slice(1, count)] : sources.slice(0, count);
      xor(world, dest, list, flags, 0, 64);
      const writes = touches.mock.calls.filter(([address, write]) => address === dest.address && write);
      expect(writes).toHaveLength(cleared + Math.ceil((count - dropped) / 4));
    }
  }
});
