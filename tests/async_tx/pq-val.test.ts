import { asyncSyndromeVal } from '../../async_tx/pq-val';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { SumCheck } from '../../dmaengine/flags';
import { BOTH, expectBytes, nothingLeft } from './world';
import { Raid6World } from './raid6-world';

const { P_RESULT, Q_RESULT } = SumCheck;

describe.each(BOTH)('syndrome_val %s', (_, platform) => {
  const engines = platform.engines.length;

  it.each([4, 5, 11, 12, 16, 17, 24, 64])(
    'of %i disks tells what is wrong and writes nothing (PV-02, PV-04, PV-05, X-20)',
    (disks) => {
      const world = new Raid6World(platform);
      const blocks = world.stripe(disks);
      const [first, p, q] = [blocks[0]!, blocks[disks - 2]!, blocks[disks - 1]!];
      const spoiledBy = (...pages: (typeof p)[]): number => {
        for (const page of pages) world.bytes(page)[4095] ^= 0x10;
        const before = world.contents(blocks);
        const result = world.check(blocks);
        world.contents(blocks).forEach((after, slot) => expectBytes(after!, before[slot]!));
        for (const page of pages) world.bytes(page)[4095] ^= 0x10;
        return result;
      };
      expect(spoiledBy()).toBe(0);
      expect(spoiledBy(p)).toBe(P_RESULT);
      expect(spoiledBy(q)).toBe(Q_RESULT);
      expect(spoiledBy(p, q)).toBe(P_RESULT | Q_RESULT);
      expect(spoiledBy(first)).toBe(P_RESULT | Q_RESULT);
      expect(world.called).toBe(5);
      expect(world.kernel.dma.live).toBe(0);
      expect(world.leftovers()).toEqual(nothingLeft(engines));
      expect(world.rules()).toEqual([]);
    },
  );

  it.each([
    [6, [1, 3]],
    [7, [0, 2]],
    [9, [0, 1, 6]],
    [30, [3, 4]],
  ])('of %i entries with holes %j is right, without P or Q too (PV-02, X-13, I-12)', (disks, holes) => {
    const world = new Raid6World(platform);
    const blocks = world.stripe(disks, holes);
    const [p, q] = [disks - 2, disks - 1];
    const without = (slot: number) => blocks.map((page, i) => (i === slot ? undefined : page));
    expect([blocks, without(p), without(q)].map((list) => world.check(list))).toEqual([0, 0, 0]);
    world.bytes(blocks[p]!)[5] ^= 1;
    expect([blocks, without(p), without(q)].map((list) => world.check(list))).toEqual([P_RESULT, 0, P_RESULT]);
    world.bytes(blocks[q]!)[5] ^= 1;
    expect([blocks, without(p), without(q)].map((list) => world.check(list))).toEqual([3, Q_RESULT, P_RESULT]);
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  });

  it('looks at its range only (PV-02)', () => {
    const world = new Raid6World(platform, 512, 1024);
    const blocks = world.stripe(6);
    world.bytes(blocks[5]!)[1023] ^= 1;
    world.bytes(blocks[4]!)[1536] ^= 1;
    expect(world.check(blocks)).toBe(0);
  });

  it('is a BUG with fewer than 4 or more than 255 entries (PV-01)', () => {
    const world = new Raid6World(platform);
    const one = world.noise(1);
    for (const disks of [3, 256]) {
      const blocks = Array.from({ length: disks }, () => one);
      expect(() => world.check(blocks)).toThrow(expect.objectContaining({ rule: 'PV-01' }));
    }
  });
});

it('a check without an engine needs a spare page, one on an engine does not (PV-03)', () => {
  for (const [, platform] of BOTH) {
    const world = new Raid6World(platform);
    const blocks = world.stripe(5);
    const result = { value: 9 };
    const check = (): unknown =>
      world.call(() =>
        asyncSyndromeVal(world.api, world.list(blocks), 4096, result, undefined, initAsyncSubmit(AsyncTxFlags.ACK)),
      );
    if (platform.engines.length === 0) {
      expect(check).toThrow(expect.objectContaining({ rule: 'PV-03' }));
    } else {
      check();
      world.finish();
      expect(result.value).toBe(0);
    }
  }
});
