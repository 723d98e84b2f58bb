import { asyncGenSyndrome } from '../../async_tx/pq';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { DmaCapability } from '../../dmaengine/capability';
import { DmaCtrl } from '../../dmaengine/flags';
import { dmaSetMaxPq } from '../../dmaengine/pq';
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import { PLATFORMS } from '../../emulator/platforms';
import { boardWith, BOTH, expectBytes, noiseByte, nothingLeft } from './world';
import type { Blocks } from './raid6-world';
import { pModel, qModel, Raid6World } from './raid6-world';

const { ACK, PQ_XOR_DST } = AsyncTxFlags;
const DISABLE = DmaCtrl.PREP_PQ_DISABLE_P | DmaCtrl.PREP_PQ_DISABLE_Q;

/** A stripe whose P and Q hold other things. */
function spoiled(world: Raid6World, disks: number, holes: readonly number[] = []): Blocks {
  const blocks = world.stripe(disks, holes);
  for (const page of blocks.slice(-2)) world.bytes(page!).fill(0xee);
  return blocks;
}

/** Whether P and Q are what the model says, those that are there. */
function expectSums(world: Raid6World, blocks: Blocks, before = world.contents(blocks)): void {
  const data = before.slice(0, -2);
  const [p, q] = blocks.slice(-2);
  if (p !== undefined) expectBytes(world.span(p), pModel(data, world.length));
  if (q !== undefined) expectBytes(world.span(q), qModel(data, world.length));
}

/** The calls of the P+Q prep: how many sources each had, and its flags. */
function preps(world: Raid6World): { sources: number; flags: number }[] {
  const calls: { sources: number; flags: number }[] = [];
  for (const { device } of world.chans) {
    const { devicePrepDmaPq: prep } = device;
    if (prep === undefined) continue;
    device.devicePrepDmaPq = (...call) => {
      calls.push({ sources: call[3], flags: call[6] });
      return prep(...call);
    };
  }
  return calls;
}

describe.each(BOTH)('P and Q %s', (_, platform) => {
  const engines = platform.engines.length;
  const idle = (world: Raid6World): void => {
    expect(world.kernel.dma.live).toBe(0);
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  };

  it.each([3, 4, 5, 11, 12, 18, 19, 24, 32, 64])('of %i disks are sum and weighted sum (PQ-01)', (disks) => {
    const world = new Raid6World(platform);
    const blocks = spoiled(world, disks);
    const tx = world.generate(blocks);
    expect(tx === null).toBe(engines === 0);
    expectSums(world, blocks);
    expect(world.called).toBe(1);
    idle(world);
  });

  it.each([
    [6, [1, 3]],
    [7, [0, 2]],
    [24, [0, 1, 2, 10, 21]],
    [40, [5, 20, 37]],
  ])('of %i entries with holes %j keep the powers of the slots (PQ-04, X-13, X-14)', (disks, holes) => {
    const world = new Raid6World(platform);
    const blocks = spoiled(world, disks, holes);
    world.generate(blocks);
    expectSums(world, blocks);
    idle(world);
  });

  it.each([5, 12, 24, 40])('of %i disks, one of them alone, are the same (PQ-05, I-13, O-07, O-08)', (disks) => {
    const world = new Raid6World(platform);
    for (const missing of [disks - 2, disks - 1]) {
      const blocks = spoiled(world, disks);
      const gone = blocks[missing]!;
      blocks[missing] = undefined;
      world.generate(blocks);
      expectSums(world, blocks);
      expect(world.bytes(gone).every((byte) => byte === 0xee)).toBe(true);
      idle(world);
    }
    // Frame 0 belongs to nobody: a disabled Q is not written there.
    expect(world.machine.dram.bytes.subarray(0, 4096).every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    [0, 64],
    [512, 1024],
    [1, 77],
    [4, 6],
  ])('stay within their range: %i, %i bytes (PQ-03)', (offset, length) => {
    const world = new Raid6World(platform, length, offset);
    const blocks = spoiled(world, 9);
    world.generate(blocks);
    expectSums(world, blocks);
    for (const page of blocks.slice(-2)) {
      const outside = world.bytes(page!).filter((_byte, i) => i < offset || i >= offset + length);
      expect(outside.every((byte) => byte === 0xee)).toBe(true);
    }
    idle(world);
  });

  it('of no data at all are zero, and call back (PQ-11)', () => {
    const world = new Raid6World(platform);
    const blocks = spoiled(world, 4, [0, 1]);
    world.generate(blocks);
    expectSums(world, blocks);
    expect(world.called).toBe(1);
    idle(world);
  });

  it('are added to what is there with PQ_XOR_DST, by the processor (PQ-10)', () => {
    const world = new Raid6World(platform);
    const blocks = world.stripe(9);
    const [, , changed, , , other] = blocks;
    // xor out, change, xor in
    const some = blocks.map((page, slot) => (slot === 2 || slot === 5 || slot > 6 ? page : undefined));
    expect(world.generate(some, ACK | PQ_XOR_DST)).toBeNull();
    world.bytes(changed!).forEach((_byte, i, bytes) => (bytes[i] = noiseByte(999, i)));
    world.bytes(other!).fill(3);
    expect(world.generate(some, ACK | PQ_XOR_DST)).toBeNull();
    expectSums(world, blocks);
    idle(world);
  });

  it('wait for what they depend on (PQ-09, AX-05)', () => {
    const world = new Raid6World(platform);
    const blocks = spoiled(world, 6);
    const source = world.noise(4242);
    world.call(() => {
      const copy = asyncMemcpy(world.api, blocks[1]!, source, 0, 0, 4096, initAsyncSubmit(0));
      asyncGenSyndrome(world.api, world.list(blocks), 4096, initAsyncSubmit(ACK, copy));
    });
    world.finish();
    expectBytes(world.bytes(blocks[1]!), world.bytes(source));
    expectSums(world, blocks);
    idle(world);
  });

  it('are a BUG without P and without Q, and beyond 255 entries (PQ-02)', () => {
    const world = new Raid6World(platform);
    const one = world.noise(1);
    const generate = (blocks: Blocks): unknown =>
      world.call(() => asyncGenSyndrome(world.api, world.list(blocks), 64, initAsyncSubmit(ACK)));
    expect(() => generate([one, one, undefined, undefined])).toThrow(expect.objectContaining({ rule: 'PQ-02' }));
    expect(() => generate(Array.from({ length: 256 }, () => one))).toThrow(expect.objectContaining({ rule: 'PQ-02' }));
  });
});

it('an engine has P and Q mapped both ways and the data to it, each once (PQ-06)', () => {
  const world = new Raid6World();
  const blocks = world.stripe(24);
  const map = jest.spyOn(world.kernel.dma, 'map');
  world.generate(blocks);
  const { bidirectional, toDevice } = DmaDirection;
  const expected = blocks.map((page, slot) => [page, slot < 22 ? toDevice : bidirectional]);
  expect(map.mock.calls.map(([page, , , direction]) => [page, direction])).toEqual(expected);
});

describe('more sources than a descriptor has', () => {
  it.each([
    [16, 0, [16]],
    [17, 0, [16, 1]],
    [29, 0, [16, 13]],
    [30, 0, [16, 13, 1]],
    [62, 0, [16, 13, 13, 13, 7]],
    [17, DmaCtrl.PREP_PQ_DISABLE_P, [16, 1]],
    [32, DmaCtrl.PREP_PQ_DISABLE_P, [16, 15, 1]],
    [32, DmaCtrl.PREP_PQ_DISABLE_Q, [16, 13, 3]],
  ])('%i of them, flags %i: descriptors of %j (PQ-07, CF-09)', (sources, missing, expected) => {
    const world = new Raid6World();
    const calls = preps(world);
    const blocks = spoiled(world, sources + 2);
    if (missing & DmaCtrl.PREP_PQ_DISABLE_P) blocks[sources] = undefined;
    if (missing & DmaCtrl.PREP_PQ_DISABLE_Q) blocks[sources + 1] = undefined;
    world.generate(blocks);
    expect(calls.map((call) => call.sources)).toEqual(expected);
    expect(new Set(calls.map(({ flags }) => flags & DISABLE))).toEqual(new Set([missing]));
    expectSums(world, blocks);
    expect(world.called).toBe(1);
    expect(world.leftovers()).toEqual(nothingLeft(3));
    expect(world.rules()).toEqual([]);
  });

  it('continue from the second on, with a fence on all but the last, the interrupt on the last alone (X-18, PQ-07)', () => {
    const world = new Raid6World();
    const calls = preps(world);
    world.generate(spoiled(world, 64));
    const has = (flag: number): boolean[] => calls.map(({ flags }) => (flags & flag) !== 0);
    expect(has(DmaCtrl.PREP_CONTINUE)).toEqual([false, true, true, true, true]);
    expect(has(DmaCtrl.PREP_FENCE).slice(0, -1)).toEqual([true, true, true, true]);
    expect(has(DmaCtrl.PREP_INTERRUPT)).toEqual([false, false, false, false, true]);
  });

  it('take no room where the engine continues by itself (CF-08, CF-09)', () => {
    const world = new Raid6World();
    const calls = preps(world);
    for (const { device } of world.chans) Object.assign(device, { maxPq: dmaSetMaxPq(8, true) });
    world.call(() => asyncGenSyndrome(world.api, world.list(spoiled(world, 26)), 64, initAsyncSubmit(ACK)));
    world.finish();
    expect(calls.map((call) => call.sources)).toEqual([8, 8, 8]);
  });

  it('are the processor’s on an engine too narrow to continue (PQ-03)', () => {
    const world = new Raid6World();
    for (const { device } of world.chans) Object.assign(device, { maxPq: 3 });
    const narrow = spoiled(world, 5);
    expect(world.generate(narrow)).not.toBeNull();
    const wide = spoiled(world, 6);
    expect(world.generate(wide)).toBeNull();
    expectSums(world, narrow);
    expectSums(world, wide);
  });

  it('and so is what is not aligned (PQ-03)', () => {
    const world = new Raid6World(undefined, 64, 4);
    for (const { device } of world.chans) Object.assign(device, { pqAlign: 3 });
    const blocks = spoiled(world, 6);
    expect(world.generate(blocks)).toBeNull();
    expectSums(world, blocks);
  });

  // A descriptor of 5 slots that stays in the middle leaves 5 together from 14 slots on.
  it.each([14, 20])('get through a pool of %i slots (PQ-08, IA-13)', (slots) => {
    const world = new Raid6World(boardWith([{}, {}, { slots }]));
    const stripes = [64, 40, 64].map((disks) => spoiled(world, disks));
    world.call(() => {
      for (const blocks of stripes) {
        asyncGenSyndrome(
          world.api,
          world.list(blocks),
          4096,
          initAsyncSubmit(ACK, null, () => world.called++),
        );
      }
    });
    world.finish();
    expect(world.called).toBe(3);
    for (const blocks of stripes) expectSums(world, blocks);
    expect(world.leftovers()).toEqual(nothingLeft(3));
    expect(world.rules()).toEqual([]);
  });
});

it('the last channel of an IOP342 has all P+Q, and is of the kind that never needs a channel switch (IA-27, RG-03)', () => {
  const world = new Raid6World();
  const { PQ, PQ_VAL, ASYNC_TX } = DmaCapability;
  const [, , last] = world.chans;
  expect([PQ, PQ_VAL, ASYNC_TX].map((capability) => world.dma.findChannel(capability))).toEqual([last, last, last]);
});

it('the IOP331, whose driver has no P+Q, leaves them to the processor (IA-26, IA-27)', () => {
  const world = new Raid6World(PLATFORMS.iop331);
  const blocks = spoiled(world, 8);
  expect(world.generate(blocks)).toBeNull();
  expectSums(world, blocks);
});
