import { asyncGenSyndrome } from '../../async_tx/pq';
import { asyncSyndromeVal } from '../../async_tx/pq-val';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import type { PageSpan } from '../../async_tx/sync/page-access';
import { asyncXorOffs } from '../../async_tx/xor';
import { asyncXorValOffs } from '../../async_tx/xor-val';
import { SumCheck } from '../../dmaengine/flags';
import type { Page } from '../../emulator/kernel/pages';
import type { Blocks } from './raid6-world';
import { pModel, qModel, Raid6World } from './raid6-world';
import { AsyncWorld, BOTH, expectBytes, noiseByte, nothingLeft } from './world';

const { ACK, PQ_XOR_DST, XOR_DROP_DST, XOR_ZERO_DST } = AsyncTxFlags;
const { P_RESULT, Q_RESULT } = SumCheck;
const LENGTH = 96;

/** Offset of the n-th operand: no two of 29 alike, some of them odd. */
function offsetOf(n: number): number {
  return (n * 137 + 11) % 3989;
}

function spansIn(world: AsyncWorld, count: number, first = 0): PageSpan[] {
  return Array.from({ length: count }, (_, i) => ({ page: world.noise(first + i), offset: offsetOf(first + i) }));
}

/** The XOR of stretches, byte by byte. */
function sumOf(world: AsyncWorld, spans: readonly PageSpan[]): Uint8Array {
  return Uint8Array.from({ length: LENGTH }, (_, i) =>
    spans.reduce((sum, { page, offset }) => sum ^ world.bytes(page)[offset + i], 0),
  );
}

/** A page as it has to be when `bytes` were written to a stretch of it. */
function written(world: AsyncWorld, { page, offset }: PageSpan, bytes: Uint8Array): Uint8Array {
  const whole = world.bytes(page).slice();
  whole.set(bytes, offset);
  return whole;
}

/** A RAID-6 world in which neighbouring pages differ in their offset. */
function apart(platform: ConstructorParameters<typeof Raid6World>[0]): Raid6World {
  return new Raid6World(platform, LENGTH, 24, 104);
}

describe.each(BOTH)('with an offset of its own for each page, %s,', (_, platform) => {
  const engines = platform.engines.length;
  const idle = (world: AsyncWorld): void => {
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  };

  it.each([2, 3, 5, 16, 17, 28])('an xor of %i sources is the sum of their stretches (XR-05, XR-08)', (count) => {
    const world = new AsyncWorld(platform);
    const sources = spansIn(world, count);
    const [dest] = spansIn(world, 1, count);
    const expected = written(world, dest, sumOf(world, sources));
    const withHoles = sources.flatMap((span, i) => (i % 3 === 1 ? [undefined, span] : [span]));
    const before = sources.map(({ page }) => world.bytes(page).slice());
    world.call(() => asyncXorOffs(world.api, dest, withHoles, LENGTH, initAsyncSubmit(ACK | XOR_ZERO_DST)));
    world.finish();
    expectBytes(world.bytes(dest.page), expected);
    sources.forEach(({ page }, i) => expectBytes(world.bytes(page), before[i]));
    idle(world);
  });

  it.each([2, 3, 5, 28])('a dropped destination takes its offset along, %i sources (X-19, XR-02)', (count) => {
    const world = new AsyncWorld(platform);
    const sources = spansIn(world, count);
    const [dest] = sources;
    const expected = written(world, dest, sumOf(world, sources));
    world.call(() => asyncXorOffs(world.api, dest, sources, LENGTH, initAsyncSubmit(ACK | XOR_DROP_DST)));
    world.finish();
    expectBytes(world.bytes(dest.page), expected);
    idle(world);
  });

  it('an xor takes several stretches of one page (XR-05)', () => {
    const world = new AsyncWorld(platform);
    const page = world.noise(1);
    const sources = [0, 1000, 3001].map((offset) => ({ page, offset }));
    const dest = { page, offset: 2000 };
    const expected = written(world, dest, sumOf(world, sources));
    world.call(() => asyncXorOffs(world.api, dest, sources, LENGTH, initAsyncSubmit(ACK | XOR_ZERO_DST)));
    world.finish();
    expectBytes(world.bytes(page), expected);
  });

  it.each([2, 4, 16, 20])('a check of %i sources looks at their stretches only (XV-01, XV-02)', (count) => {
    const world = new AsyncWorld(platform);
    for (const wrong of [false, true]) {
      const group = spansIn(world, count, wrong ? 40 : 0);
      const [dest, ...data] = group;
      world.bytes(dest.page).set(sumOf(world, data), dest.offset);
      for (const { page, offset } of group) {
        world.bytes(page)[offset - 1] ^= 1;
        world.bytes(page)[offset + LENGTH] ^= 1;
      }
      const { page, offset } = group[count - 1];
      if (wrong) world.bytes(page)[offset + LENGTH - 1] ^= 4;
      const result = { value: 77 };
      world.call(() => asyncXorValOffs(world.api, dest, group, LENGTH, result, initAsyncSubmit(ACK)));
      world.finish();
      expect(result.value).toBe(wrong ? P_RESULT : 0);
    }
    idle(world);
  });

  it('a check is a BUG when source 0 is another stretch of the destination (XV-01)', () => {
    const world = new AsyncWorld(platform);
    const [a, b] = spansIn(world, 2);
    const moved = (): unknown =>
      asyncXorValOffs(world.api, { ...a, offset: 0 }, [a, b], LENGTH, { value: 0 }, initAsyncSubmit(ACK));
    expect(() => world.call(moved)).toThrow(expect.objectContaining({ rule: 'XV-01' }));
  });

  it.each([
    [4, []],
    [11, []],
    [9, [0, 3]],
    [28, [5]],
  ])('P and Q of %i entries, holes %j, are those of the stretches (PQ-02, PQ-09)', (disks, holes) => {
    const world = apart(platform);
    const complete = world.stripe(disks, holes);
    for (const missing of [undefined, disks - 2, disks - 1]) {
      const blocks: Blocks = complete.map((page, slot) => (slot === missing ? undefined : page));
      for (const page of complete.slice(-2)) world.bytes(page!).fill(0xee);
      world.generate(blocks);
      const data = world.contents(blocks).slice(0, -2);
      const [p, q] = blocks.slice(-2);
      if (p !== undefined) expectBytes(world.bytes(p), aroundWith(world, p, pModel(data, LENGTH)));
      if (q !== undefined) expectBytes(world.bytes(q), aroundWith(world, q, qModel(data, LENGTH)));
    }
    idle(world);
  });

  it('P and Q are updated in place (PQ-10)', () => {
    const world = apart(platform);
    const blocks = world.stripe(7);
    const some = blocks.map((page, slot) => (slot === 1 || slot === 3 || slot > 4 ? page : undefined));
    world.generate(some, ACK | PQ_XOR_DST);
    for (const page of [blocks[1], blocks[3]]) world.bytes(page!).forEach((__, i, to) => (to[i] = noiseByte(7, i)));
    world.generate(some, ACK | PQ_XOR_DST);
    const data = world.contents(blocks).slice(0, -2);
    expectBytes(world.span(blocks[5]!), pModel(data, LENGTH));
    expectBytes(world.span(blocks[6]!), qModel(data, LENGTH));
    idle(world);
  });

  it.each([4, 12, 30])('a P+Q check of %i entries finds what is wrong in the stretches (PV-02, PV-05)', (disks) => {
    const world = apart(platform);
    const blocks = world.stripe(disks);
    const spoilt = (slot: number, at: number): number => {
      const page = blocks[slot]!;
      const { offset } = world.at(page);
      world.bytes(page)[offset + at] ^= 0x40;
      const before = world.contents(blocks);
      const result = world.check(blocks);
      world.contents(blocks).forEach((after, i) => expectBytes(after!, before[i]!));
      world.bytes(page)[offset + at] ^= 0x40;
      return result;
    };
    for (const [slot, expected] of [
      [0, P_RESULT | Q_RESULT],
      [disks - 3, P_RESULT | Q_RESULT],
      [disks - 2, P_RESULT],
      [disks - 1, Q_RESULT],
    ]) {
      expect([-1, 0, LENGTH - 1, LENGTH].map((at) => spoilt(slot, at))).toEqual([0, expected, expected, 0]);
    }
    idle(world);
  });
});

/** A page of 0xEE with `bytes` in its stretch. */
function aroundWith(world: Raid6World, page: Page, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(4096).fill(0xee);
  whole.set(bytes, world.at(page).offset);
  return whole;
}

describe('one offset that is not aligned', () => {
  /** Engines that want multiples of 8, operands that are such and differ, and one of them moved by 4. */
  function aligned(count: number, moved: number): { world: Raid6World; spans: PageSpan[] } {
    const world = new Raid6World(undefined, LENGTH);
    for (const { device } of world.chans) Object.assign(device, { xorAlign: 3, pqAlign: 3 });
    const spans = Array.from({ length: count }, (_, i) => ({
      page: world.noise(i),
      offset: 8 * i + (i === moved ? 4 : 0),
    }));
    return { world, spans };
  }
  const submit = (flags = 0) => initAsyncSubmit(ACK | flags);

  it.each([
    ['xor', 4, ({ api }: Raid6World, [dest, ...from]: PageSpan[]) => asyncXorOffs(api, dest, from, LENGTH, submit(1))],
    [
      'xor_val',
      4,
      ({ api }: Raid6World, all: PageSpan[]) =>
        asyncXorValOffs(api, all[0], all, LENGTH, { value: 0 }, submit(XOR_DROP_DST)),
    ],
    ['gen_syndrome', 5, ({ api }: Raid6World, all: PageSpan[]) => asyncGenSyndrome(api, all, LENGTH, submit())],
    [
      'syndrome_val',
      5,
      ({ api, spare }: Raid6World, all: PageSpan[]) =>
        asyncSyndromeVal(api, all, LENGTH, { value: 0 }, { page: spare, offset: 0 }, submit()),
    ],
  ])('makes %s the processor’s, whichever of %i it is (CF-07, XR-05, XV-02, PQ-03, PV-01)', (_, count, operation) => {
    const ways = Array.from({ length: count + 1 }, (__, moved) => {
      const { world, spans } = aligned(count, moved);
      const tx = world.call(() => operation(world, spans));
      world.finish();
      return tx === null ? 'software' : 'engine';
    });
    expect(ways).toEqual([...new Array<string>(count).fill('software'), 'engine']);
  });

  it('gives the same bytes (XR-05)', () => {
    const { world, spans } = aligned(5, 3);
    const [dest, ...sources] = spans;
    const expected = written(world, dest, sumOf(world, sources));
    world.call(() => asyncXorOffs(world.api, dest, sources, LENGTH, submit(XOR_ZERO_DST)));
    expectBytes(world.bytes(dest.page), expected);
  });
});
