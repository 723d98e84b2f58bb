import { SeededRandom } from '../../../emulator/sim/random';
import { OP, R5 } from '../../../raid5/stripe/flags';
import type { Decided, Given } from './rules';
import { decideByRules } from './rules';
import type { Around } from './stripes';
import { decideByCode, disksOf, everyStripe, stripeOf, stripesOf, survives } from './stripes';

/** RAID-5, rmw when it reads less, no pass, a clean array. */
const PLAIN: Around = { p: 0, q: -1, preread: true, syncing: false, rmwLevel: 1, dirty: false };

function equal(a: Decided, b: Decided): boolean {
  return (
    a.reads === b.reads &&
    a.computes === b.computes &&
    a.fills === b.fills &&
    a.delayed === b.delayed &&
    a.write === b.write &&
    a.drains === b.drains
  );
}

/** R-32 … R-34: a waiting write has something that will move it, or nothing waits. */
function moves({ blocks, preread }: Given, { write, reads, computes, delayed }: Decided): boolean {
  const acts = write !== 'none' || reads !== 0 || computes !== 0 || (delayed && !preread);
  return acts || !blocks.some(({ towrite }) => towrite) || blocks.some(({ locked }) => locked);
}

function disagreements(stripes: Iterable<Given>, members: number): { compared: number; wrong: unknown[] } {
  const stripe = stripeOf(members);
  const wrong: unknown[] = [];
  let compared = 0;
  for (const given of stripes) {
    compared++;
    const code = decideByCode(stripe, given).decided;
    const rules = decideByRules(given);
    const running = given.blocks.some(({ wantcompute }) => wantcompute);
    if (equal(code, rules) && (running || moves(given, code))) continue;
    if (wrong.length < 3) wrong.push({ given: structuredClone(given), code, rules });
  }
  return { compared, wrong };
}

/** Random stripes in random surroundings. */
function* sampled(members: number, q: boolean, count: number, seed: number): Generator<Given, void, void> {
  const random = new SeededRandom(seed);
  const flip = (): boolean => random.below(2) === 1;
  while (count > 0) {
    const p = random.below(members);
    const around: Around = {
      p,
      q: q ? (p + 1 + random.below(members - 1)) % members : -1,
      preread: flip(),
      syncing: flip(),
      rmwLevel: random.below(3) as 0 | 1 | 2,
      dirty: flip(),
    };
    const { total, at } = stripesOf(members, around.p, around.q);
    const blocks = at(Math.floor((random.below(2 ** 26) / 2 ** 26) * total));
    if (!survives(blocks, around.q)) continue;
    if (random.below(8) === 0) {
      for (const block of blocks) block.wantcompute = !block.uptodate && !block.locked && random.below(3) === 0;
      if (blocks.filter(({ wantcompute }) => wantcompute).length > 2) continue;
    }
    count--;
    yield { ...around, blocks };
  }
}

describe('the handler decides as AN-01, FI-01 … FI-06 and WR-01 … WR-12 say, and no write is left without anything that moves it (R-32 … R-34),', () => {
  /** Stripes of a RAID-5 of 3 with at most one failed member: all Insync, or one of them not. */
  const OF_3 = 24 * 24 * 4 * 4;

  it('for every stripe of a RAID-5 of 3, parity anywhere', () => {
    const arounds = [0, 1, 2].flatMap((p) => [true, false].map((preread) => ({ ...PLAIN, p, preread })));
    expect(disagreements(everyStripe(3, arounds), 3)).toEqual({ compared: OF_3 * 6, wrong: [] });
  });

  it('for every stripe of a RAID-5 of 3 at every rmw level, clean and dirty, with and without a pass (WR-01, WR-12)', () => {
    const arounds = ([0, 1, 2] as const).flatMap((rmwLevel) =>
      [true, false].flatMap((dirty) => [true, false].map((syncing) => ({ ...PLAIN, p: 1, rmwLevel, dirty, syncing }))),
    );
    expect(disagreements(everyStripe(3, arounds), 3)).toEqual({ compared: OF_3 * 12, wrong: [] });
  });

  it('for every stripe of a RAID-6 of 4, up to two members failed', () => {
    const arounds = [true, false].map((preread) => ({ ...PLAIN, p: 1, q: 2, preread }));
    // Two data blocks and two parities, and all, all but one or all but two of the four Insync.
    expect(disagreements(everyStripe(4, arounds), 4)).toEqual({ compared: 24 * 24 * 4 * 4 * 11 * 2, wrong: [] });
  });

  it.each([
    [5, false, 60_000],
    [6, false, 30_000],
    [4, true, 40_000],
    [5, true, 60_000],
    [7, true, 30_000],
  ])('for random stripes of %i members, with Q: %s, in random surroundings, %i of them', (members, q, count) => {
    expect(disagreements(sampled(members, q, count, members), members)).toEqual({ compared: count, wrong: [] });
  });

  it('for every stripe of a RAID-5 of 3 while one block is being computed (FI-01, WR-07)', () => {
    function* computing(): Generator<Given, void, void> {
      for (const given of everyStripe(3, [{ ...PLAIN, p: 2 }])) {
        for (const target of [0, 1, 2]) {
          if (given.blocks[target].uptodate || given.blocks[target].locked) continue;
          yield { ...given, blocks: given.blocks.map((block, i) => ({ ...block, wantcompute: i === target })) };
        }
      }
    }
    expect(disagreements(computing(), 3).wrong).toEqual([]);
  });
});

describe.each([
  ['RAID-5 of 3', { ...PLAIN, p: 2 }, 3],
  ['RAID-6 of 4', { ...PLAIN, p: 2, q: 3 }, 4],
])('what follows from any decision about a %s', (_, around, members) => {
  it('parity and written blocks are LOCKED and not UPTODATE when a write starts (WR-08, WR-09, WR-11)', () => {
    const stripe = stripeOf(members);
    const parities = [around.p, ...(around.q < 0 ? [] : [around.q])];
    let started = 0;
    for (const given of everyStripe(members, [around])) {
      const { decided, state } = decideByCode(stripe, given);
      if (decided.write === 'none') continue;
      started++;
      const bad = [...parities, ...disksOf(decided.drains)].filter(
        (i) => !stripe.dev[i].has(R5.LOCKED) || stripe.dev[i].has(R5.UPTODATE),
      );
      const ops = OP.BIODRAIN | OP.RECONSTRUCT | (decided.write === 'rmw' ? OP.PREXOR : 0);
      const runs = decided.write === 'rmw' ? 'prexor_drain_run' : 'drain_run';
      if (bad.length > 0 || (state.ops & ~OP.COMPUTE) !== ops || stripe.reconstructState !== runs) {
        throw new Error(
          `${decided.write} leaves ${JSON.stringify(given)} as ${stripe.reconstructState}, ops ${state.ops}`,
        );
      }
      if (state.locked !== disksOf(decided.drains).length + parities.length)
        throw new Error(`${state.locked} blocks count as locked`);
    }
    expect(started).toBeGreaterThan(100);
  });

  it('a block that is read is LOCKED, was not valid and is Insync; none is read and computed (FI-04)', () => {
    const stripe = stripeOf(members);
    let seen = 0;
    for (const given of everyStripe(members, [around])) {
      const { decided } = decideByCode(stripe, given);
      seen += disksOf(decided.reads).length;
      for (const i of disksOf(decided.reads)) {
        const { uptodate, locked, insync } = given.blocks[i];
        if (uptodate || locked || !insync || !stripe.dev[i].has(R5.LOCKED) || decided.computes & (1 << i)) {
          throw new Error(`reads ${i} of ${JSON.stringify(given)}`);
        }
      }
    }
    expect(seen).toBeGreaterThan(100);
  });

  it('with one member missing no block that can be read is computed, but P of a RAID-6 (FI-05, R-10, R-56)', () => {
    const stripe = stripeOf(members);
    let computed = 0;
    for (const given of everyStripe(members, [around])) {
      if (given.blocks.filter(({ insync }) => !insync).length > 1) continue;
      const { decided } = decideByCode(stripe, given);
      for (const i of disksOf(decided.computes)) {
        computed++;
        if (given.blocks[i].insync && !(around.q >= 0 && i === around.p))
          throw new Error(`computes the readable block ${i} of ${JSON.stringify(given)}`);
      }
    }
    expect(computed).toBeGreaterThan(50);
  });
});
