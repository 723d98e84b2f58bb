import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncRaid62dataRecov, asyncRaid6DatapRecov } from '../../async_tx/raid6-recov';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { DmaCtrl } from '../../dmaengine/flags';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { boardWith, BOTH, expectBytes, nothingLeft, withSlots } from './world';
import { APART, pairs, Raid6World } from './raid6-world';

const WORLDS: readonly (readonly [string, PlatformRecord])[] = [...BOTH, ['with a channel for each kind', APART]];

/** Disks, holes, and how many pairs at most. */
const SHAPES: readonly (readonly [disks: number, holes: readonly number[], most: number])[] = [
  [4, [], Infinity],
  [5, [], Infinity],
  // DDF: 4 and 5 members in 6 and 7 entries
  [6, [1, 2], Infinity],
  [6, [0, 3], Infinity],
  [7, [0, 3], Infinity],
  [7, [2, 4], Infinity],
  [11, [], Infinity],
  [12, [], Infinity],
  [24, [], 25],
  [64, [], 12],
];

describe.each(WORLDS)('two lost blocks %s', (_, platform) => {
  it.each(SHAPES)('of %i entries, holes %j, each page with its own offset, come back (RR-15)', (disks, holes, most) => {
    const world = new Raid6World(platform, 256, 9, 272);
    const blocks = world.stripe(disks, holes);
    for (const [i, j] of pairs(blocks, most)) world.loseAndRecover(blocks, i, j);
    expect(world.leftovers()).toEqual(nothingLeft(platform.engines.length));
    expect(world.rules()).toEqual([]);
  });

  it.each(SHAPES)('of %i entries, holes %j, come back (RR-02 … RR-10, RR-16)', (disks, holes, most) => {
    const world = new Raid6World(platform, 512, 1024);
    const blocks = world.stripe(disks, holes);
    for (const [i, j] of pairs(blocks, most)) world.loseAndRecover(blocks, i, j);
    expect(world.kernel.dma.live).toBe(0);
    expect(world.leftovers()).toEqual(nothingLeft(platform.engines.length));
    expect(world.rules()).toEqual([]);
  });
});

/** Counts every prep of a world, and lets some of them fail. */
class Preps {
  readonly flags: number[] = [];
  private count = 0;

  /** @param fails whether the n-th prep, from 0 on, with these flags, grants nothing */
  constructor(world: Raid6World, fails: (index: number, flags: number) => boolean) {
    for (const { device } of world.chans) {
      for (const name of ['devicePrepDmaMemcpy', 'devicePrepDmaXor', 'devicePrepDmaPq', 'devicePrepDmaInterrupt']) {
        const prep = (device as unknown as Record<string, ((...call: unknown[]) => unknown) | undefined>)[name];
        if (prep === undefined) continue;
        const wrapped = (...call: unknown[]): unknown => {
          const flags = call.at(-1) as number;
          if (fails(this.count++, flags)) return null;
          if (name !== 'devicePrepDmaInterrupt') this.flags.push(flags);
          return prep(...call);
        };
        Object.assign(device, { [name]: wrapped });
      }
    }
  }

  get total(): number {
    return this.count;
  }
}

const FORMS: readonly (readonly [string, number, readonly [number, number]])[] = [
  ['4-disk 2data', 4, [0, 1]],
  ['5-disk 2data', 5, [0, 2]],
  ['general 2data', 11, [3, 7]],
  ['2data in batches', 24, [3, 20]],
  ['4-disk datap', 4, [1, 2]],
  ['general datap', 11, [3, 9]],
];

describe.each(FORMS)('the %s form', (_, disks, [i, j]) => {
  /** How many preps it takes, and whether data and mappings come out right. */
  function run(platform: PlatformRecord, fails: (index: number, flags: number) => boolean): Preps {
    const world = new Raid6World(platform, 512);
    const blocks = world.stripe(disks);
    const before = world.contents(blocks);
    const preps = new Preps(world, fails);
    world.call(() => world.recover(blocks, i, j, AsyncTxFlags.ACK));
    world.finish();
    world.contents(blocks).forEach((after, slot) => expectBytes(after!, before[slot]!));
    expect(world.called).toBe(1);
    expect(world.kernel.dma.live).toBe(0);
    expect(world.leftovers()).toEqual(nothingLeft(platform.engines.length));
    expect(world.rules()).toEqual([]);
    return preps;
  }

  it.each([
    ['on engines', PLATFORMS.iop342],
    ['with a channel for each kind', APART],
  ])('survives one failing prep wherever it is, %s (RR-12, X-17, UM-08)', (_name, platform) => {
    const { total } = run(platform, () => false);
    expect(total).toBeGreaterThan(1);
    for (let failing = 0; failing < total; failing++) run(platform, (index) => index === failing);
  });

  it('survives products that are never granted (RR-12, X-17)', () => {
    run(PLATFORMS.iop342, (_index, flags) => (flags & DmaCtrl.PREP_PQ_DISABLE_P) !== 0);
  });

  it('fences every step but the last, which alone interrupts (RR-11, X-18)', () => {
    for (const platform of [PLATFORMS.iop342, APART]) {
      const { flags } = run(platform, () => false);
      expect(flags.length).toBeGreaterThan(1);
      const before = flags.slice(0, -1);
      expect(before.every((flag) => (flag & DmaCtrl.PREP_FENCE) !== 0)).toBe(true);
      expect(before.every((flag) => (flag & DmaCtrl.PREP_INTERRUPT) === 0)).toBe(true);
      expect(flags.at(-1)! & (DmaCtrl.PREP_FENCE | DmaCtrl.PREP_INTERRUPT)).toBe(DmaCtrl.PREP_INTERRUPT);
    }
  });

  it('gets through a small pool, many at once (PQ-08, XR-12)', () => {
    const world = new Raid6World(withSlots(PLATFORMS.iop342, 16), 512);
    const stripes = Array.from({ length: 5 }, () => world.stripe(disks));
    const before = stripes.map((blocks) => world.contents(blocks));
    world.call(() => {
      for (const blocks of stripes) world.recover(blocks, i, j, AsyncTxFlags.ACK);
    });
    world.finish();
    stripes.forEach((blocks, s) =>
      world.contents(blocks).forEach((after, slot) => expectBytes(after!, before[s][slot]!)),
    );
    expect(world.called).toBe(stripes.length);
    expect(world.leftovers()).toEqual(nothingLeft(3));
    expect(world.rules()).toEqual([]);
  });
});

describe('a recovery', () => {
  it.each([
    ['4-disk 2data', 4, [], [0, 1], 6, [1, 2], [0, 3]],
    ['5-disk 2data', 5, [], [0, 2], 7, [0, 3], [1, 4]],
    ['4-disk datap', 4, [], [1, 2], 6, [1, 2], [3, 4]],
  ] as const)(
    'takes the %s form by its blocks, not by its entries (RR-06, X-15)',
    (_, few, none, pair, many, holes, other) => {
      const kinds = [[few, none, pair] as const, [many, holes, other] as const].map(([disks, without, [i, j]]) => {
        const world = new Raid6World(undefined, 512);
        const preps = new Preps(world, () => false);
        world.call(() => world.recover(world.stripe(disks, without), i, j, AsyncTxFlags.ACK));
        world.finish();
        return preps.flags;
      });
      expect(kinds[1]).toEqual(kinds[0]);
    },
  );

  it('has the engine do products that are not aligned as it needs P+Q (RR-14)', () => {
    const world = new Raid6World(undefined, 500, 12);
    for (const { device } of world.chans) Object.assign(device, { pqAlign: 6 });
    const blocks = world.stripe(4);
    const before = world.contents(blocks);
    const products = world.chans
      .map(({ device }) => device)
      .flatMap((device) => (device.devicePrepDmaPq === undefined ? [] : [jest.spyOn(device, 'devicePrepDmaPq')]));
    expect(world.generate(blocks)).toBeNull();
    world.call(() => world.recover(blocks, 0, 1, AsyncTxFlags.ACK));
    world.finish();
    expect(products.flatMap(({ mock }) => mock.calls)).toHaveLength(1);
    world.contents(blocks).forEach((after, slot) => expectBytes(after!, before[slot]!));
  });

  it('leaves the block list and its offsets alone: they are frozen here (RR-15)', () => {
    for (const [, platform] of BOTH) {
      const world = new Raid6World(platform, 256, 8, 264);
      const blocks = world.stripe(11);
      expect([world.list(blocks), ...world.list(blocks)].every((part) => Object.isFrozen(part))).toBe(true);
      world.loseAndRecover(blocks, 2, 6);
      world.loseAndRecover(blocks, 2, 9);
    }
  });

  it('without a P+Q channel is the processor’s, after what it depends on (RR-05)', () => {
    const world = new Raid6World(boardWith([{ capabilities: ['memcpy', 'interrupt'] }]));
    const blocks = world.stripe(5);
    const before = world.contents(blocks);
    const good = world.page();
    world.bytes(good).set(world.bytes(blocks[1]!));
    world.bytes(blocks[1]!).fill(0);
    world.call(() => {
      const copy = asyncMemcpy(world.api, blocks[1]!, good, 0, 0, 4096, initAsyncSubmit(0));
      const submit = initAsyncSubmit(AsyncTxFlags.ACK, copy, () => world.called++);
      expect(asyncRaid62dataRecov(world.api, world.list(blocks), 0, 2, 4096, submit)).toBeNull();
      expect(world.called).toBe(1);
    });
    world.finish();
    world.contents(blocks).forEach((after, slot) => expectBytes(after!, before[slot]!));
    expect(world.leftovers()).toEqual(nothingLeft(1));
    expect(world.rules()).toEqual([]);
  });

  it('on an engine ignores what it is told to wait for, which is a finding (RR-13, X-24)', () => {
    const world = new Raid6World();
    const blocks = world.stripe(5);
    world.call(() => {
      const copy = asyncMemcpy(world.api, world.page(), world.page(), 0, 0, 4096, initAsyncSubmit(0));
      asyncRaid62dataRecov(world.api, world.list(blocks), 0, 2, 4096, initAsyncSubmit(AsyncTxFlags.ACK, copy));
    });
    world.finish();
    expect(world.machine.findings.all().map(({ rule }) => rule)).toEqual(['RR-13']);
  });

  it.each(BOTH)('of one block twice, of a hole, or without P is a BUG, %s (RR-05, RR-06)', (_, platform) => {
    const world = new Raid6World(platform);
    const blocks = world.stripe(6, [1]);
    const submit = () => initAsyncSubmit(AsyncTxFlags.ACK);
    const two = (list: typeof blocks, a: number, b: number): unknown =>
      world.call(() => asyncRaid62dataRecov(world.api, world.list(list), a, b, 64, submit()));
    expect(() => two(blocks, 2, 2)).toThrow(expect.objectContaining({ rule: 'RR-05' }));
    expect(() => two(blocks, 1, 2)).toThrow(expect.objectContaining({ rule: 'RR-06' }));
    expect(() => two(blocks, 2, 4)).toThrow(expect.objectContaining({ rule: 'RR-06' }));
    const noP = blocks.map((page, slot) => (slot === 4 ? undefined : page));
    expect(() => two(noP, 0, 2)).toThrow(expect.objectContaining({ rule: 'PQ-02' }));
    expect(() => world.call(() => asyncRaid6DatapRecov(world.api, world.list(noP), 0, 64, submit()))).toThrow(
      expect.objectContaining({ rule: 'PQ-02' }),
    );
  });
});
