import { Bio } from '../../../raid5/bio';
import { countReads, handleDirtying } from '../../../raid5/handler/dirtying';
import { handleFill } from '../../../raid5/handler/fill';
import type { StripeState } from '../../../raid5/handler/state';
import { analyse } from '../../../raid5/handler/state';
import { OP, R5, STRIPE } from '../../../raid5/stripe/flags';
import { R5Dev, StripeHead } from '../../../raid5/stripe/stripe-head';
import type { Block, Decided, Given } from './rules';
import { decideByRules } from './rules';

const BIO = [new Bio(true, 0, 8, [], () => undefined)];
const NONE: Bio[] = [];

function stripeOf(members: number): StripeHead {
  return new StripeHead(Array.from({ length: members }, (_, i) => new R5Dev({ address: 4096 * i })));
}

/** Brings a stripe into the given state and lets the handler's own functions decide, in the order of HS-10, HS-11. */
function decideByCode(stripe: StripeHead, given: Given): { decided: Decided; state: StripeState } {
  const { blocks, preread, syncing } = given;
  stripe.pdIdx = given.parity;
  stripe.checkState = 'idle';
  stripe.reconstructState = 'idle';
  stripe.target = -1;
  stripe.state = (preread ? STRIPE.PREREAD_ACTIVE : 0) | (syncing ? STRIPE.SYNCING : 0);
  blocks.forEach((block, i) => {
    const dev = stripe.dev[i];
    dev.flags =
      (block.uptodate ? R5.UPTODATE : 0) |
      (block.locked ? R5.LOCKED : 0) |
      (block.overwrite ? R5.OVERWRITE : 0) |
      (block.wantcompute ? R5.Wantcompute : 0);
    if (block.wantcompute) stripe.set(STRIPE.COMPUTE_RUN);
    dev.toread = block.toread ? BIO : NONE;
    dev.towrite = block.towrite ? BIO : NONE;
  });
  const state = analyse(stripe, (disk) => blocks[disk].insync);
  const filling =
    state.toRead > 0 ||
    state.nonOverwrite > 0 ||
    (state.toWrite > 0 && state.failed > 0) ||
    (state.syncing && state.uptodate + state.compute < stripe.disks);
  if (filling) handleFill(stripe, state);
  const write = state.toWrite > 0 ? handleDirtying(stripe, state) : undefined;
  const having = (flag: number): number => stripe.dev.reduce((mask, dev, i) => mask | (dev.has(flag) ? 1 << i : 0), 0);
  const decided: Decided = {
    reads: having(R5.Wantread),
    compute: state.ops & OP.COMPUTE ? stripe.target : -1,
    fills: having(R5.Wantfill),
    delayed: stripe.has(STRIPE.DELAYED),
    write: write ?? 'none',
    drains: having(R5.Wantdrain),
  };
  return { decided, state };
}

/** Every way a data block can be; OVERWRITE only with a write. */
const DATA_BLOCKS: readonly Block[] = [0, 1].flatMap((uptodate) =>
  [0, 1].flatMap((locked) =>
    [0, 1].flatMap((toread) =>
      [0, 1, 2].map((writing) => ({
        uptodate: uptodate === 1,
        locked: locked === 1,
        overwrite: writing === 2,
        insync: true,
        toread: toread === 1,
        towrite: writing > 0,
        wantcompute: false,
      })),
    ),
  ),
);
const PARITY_BLOCKS = DATA_BLOCKS.filter(({ toread, towrite }) => !toread && !towrite);

/** All stripes of so many members with at most one that is not Insync. */
function* everyStripe(members: number, parity: number): Generator<Given, void, void> {
  const choices = Array.from({ length: members }, (_, i) => (i === parity ? PARITY_BLOCKS : DATA_BLOCKS));
  const total = choices.reduce((product, list) => product * list.length, 1);
  for (let n = 0; n < total; n++) {
    let rest = n;
    const blocks = choices.map((list) => {
      const block = { ...list[rest % list.length] };
      rest = Math.floor(rest / list.length);
      return block;
    });
    for (let failed = -1; failed < members; failed++) {
      blocks.forEach((block, i) => (block.insync = i !== failed));
      for (const preread of [false, true]) yield { blocks, parity, preread, syncing: false };
    }
  }
}

/** The disks of a bit mask. */
function disksOf(mask: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].filter((i) => mask & (1 << i));
}

function equal(a: Decided, b: Decided): boolean {
  return (
    a.reads === b.reads &&
    a.compute === b.compute &&
    a.fills === b.fills &&
    a.delayed === b.delayed &&
    a.write === b.write &&
    a.drains === b.drains
  );
}

/** R-32 … R-34: a waiting write has something that will move it, or nothing waits. */
function moves({ blocks, preread }: Given, { write, reads, compute, delayed }: Decided): boolean {
  const acts = write !== 'none' || reads !== 0 || compute >= 0 || (delayed && !preread);
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

describe('the handler decides as AN-01, FI-01 … FI-06 and WR-02 … WR-10 say, and no write is left without anything that moves it (R-32 … R-34),', () => {
  it('for every stripe of 3 members, parity anywhere', () => {
    for (const parity of [0, 1, 2]) {
      expect(disagreements(everyStripe(3, parity), 3)).toEqual({ compared: 24 * 24 * 4 * 4 * 2, wrong: [] });
    }
  });

  it('for every stripe of 4 members', () => {
    expect(disagreements(everyStripe(4, 1), 4)).toEqual({ compared: 24 ** 3 * 4 * 5 * 2, wrong: [] });
  });

  it('for every stripe of 3 members while a check pass wants all blocks', () => {
    function* syncing(): Generator<Given, void, void> {
      for (const given of everyStripe(3, 0)) yield { ...given, syncing: true };
    }
    expect(disagreements(syncing(), 3).wrong).toEqual([]);
  });

  it('for every stripe of 3 members while one block is being computed (FI-01, WR-07)', () => {
    function* computing(): Generator<Given, void, void> {
      for (const given of everyStripe(3, 2)) {
        for (const target of [0, 1, 2]) {
          if (given.blocks[target].uptodate || given.blocks[target].locked) continue;
          const blocks = given.blocks.map((block, i) => ({ ...block, wantcompute: i === target }));
          yield { ...given, blocks };
        }
      }
    }
    expect(disagreements(computing(), 3).wrong).toEqual([]);
  });
});

describe('what follows from any decision', () => {
  it('parity and written blocks are LOCKED and not UPTODATE when a write starts (WR-08, WR-09, WR-11)', () => {
    const stripe = stripeOf(3);
    let started = 0;
    for (const given of everyStripe(3, 2)) {
      const { decided, state } = decideByCode(stripe, given);
      if (decided.write === 'none') continue;
      started++;
      const bad = [2, ...disksOf(decided.drains)].filter(
        (i) => !stripe.dev[i].has(R5.LOCKED) || stripe.dev[i].has(R5.UPTODATE),
      );
      const ops = OP.BIODRAIN | OP.RECONSTRUCT | (decided.write === 'rmw' ? OP.PREXOR : 0);
      const runs = decided.write === 'rmw' ? 'prexor_drain_run' : 'drain_run';
      if (bad.length > 0 || (state.ops & ~OP.COMPUTE) !== ops || stripe.reconstructState !== runs) {
        throw new Error(
          `${decided.write} leaves ${JSON.stringify(given)} as ${stripe.reconstructState}, ops ${state.ops}`,
        );
      }
      if (state.locked !== disksOf(decided.drains).length + 1)
        throw new Error(`${state.locked} blocks count as locked`);
    }
    expect(started).toBeGreaterThan(100);
  });

  it('a block that is read is LOCKED, was not valid and is Insync; none is read and computed (FI-04, FI-05)', () => {
    const stripe = stripeOf(3);
    let seen = 0;
    for (const given of everyStripe(3, 2)) {
      const { decided } = decideByCode(stripe, given);
      seen += disksOf(decided.reads).length;
      for (const i of disksOf(decided.reads)) {
        const { uptodate, locked, insync } = given.blocks[i];
        if (uptodate || locked || !insync || !stripe.dev[i].has(R5.LOCKED) || i === decided.compute) {
          throw new Error(`reads ${i} of ${JSON.stringify(given)}`);
        }
      }
      if (decided.compute >= 0 && given.blocks[decided.compute].insync) {
        throw new Error(`computes the readable block ${decided.compute} of ${JSON.stringify(given)}`);
      }
    }
    expect(seen).toBeGreaterThan(100);
  });
});

describe('vectors', () => {
  /** An empty cache: w blocks overwritten, v partially written, of d data members and parity. */
  function empty(d: number, w: number, v: number, failed = -1): Given {
    const blocks = Array.from({ length: d + 1 }, (_, i) => ({
      uptodate: false,
      locked: false,
      overwrite: i < w,
      insync: i !== failed,
      toread: false,
      towrite: i < w + v,
      wantcompute: false,
    }));
    return { blocks, parity: d, preread: true, syncing: false };
  }

  /** The counts alone, before anything is read for partial writes. */
  function counts(given: Given): { rmw: number; rcw: number } {
    const stripe = stripeOf(given.blocks.length);
    stripe.pdIdx = given.parity;
    given.blocks.forEach((block, i) => {
      stripe.dev[i].flags = (block.overwrite ? R5.OVERWRITE : 0) | (block.insync ? R5.Insync : 0);
      stripe.dev[i].towrite = block.towrite ? BIO : NONE;
    });
    return countReads(stripe);
  }

  it('counts rmw = w + v + 1 and rcw = d - w on an empty cache (WR-15)', () => {
    for (let d = 1; d <= 8; d++) {
      for (let w = 0; w <= d; w++) {
        for (let v = w === 0 ? 1 : 0; w + v <= d; v++) {
          expect([d, w, v, counts(empty(d, w, v))]).toEqual([d, w, v, { rmw: w + v + 1, rcw: d - w }]);
        }
      }
    }
  });

  it.each([
    [3, 1, [1, 2], 'rcw: 2 = 2 with level 1'],
    [4, 1, [0, 4], 'rmw: 2 < 3'],
    [4, 2, [2, 3], 'rcw: 2 < 3'],
    [6, 2, [0, 1, 6], 'rmw: 3 < 4'],
    [7, 3, [3, 4, 5, 6], 'rcw: 4 = 4'],
  ])('of %i data members, %i overwritten: reads %j (%s)', (d, w, reads) => {
    expect(disksOf(decideByCode(stripeOf(d + 1), empty(d, w, 0)).decided.reads)).toEqual(reads);
  });

  it('writes a full stripe without reading, and counts it as full (WR-08, WR-15)', () => {
    for (let d = 1; d <= 6; d++) {
      const { decided } = decideByCode(stripeOf(d + 1), { ...empty(d, d, 0), preread: false });
      expect(decided).toEqual({ reads: 0, compute: -1, fills: 0, delayed: false, write: 'full', drains: 2 ** d - 1 });
    }
  });

  it('prices the partially written block of a failed member at 2·disks in both counts, and so reads everything first (WR-16)', () => {
    const given = empty(3, 0, 1, 0);
    expect(counts(given)).toEqual({ rmw: 8 + 1, rcw: 8 + 2 });
    const patient = decideByCode(stripeOf(4), { ...given, preread: false }).decided;
    expect([patient.reads, patient.delayed]).toEqual([0, true]);
    expect(decideByCode(stripeOf(4), given).decided.reads).toBe(0b1110);
    const cached = given.blocks.map((block, i) => ({ ...block, uptodate: i !== 0 }));
    const { decided, state } = decideByCode(stripeOf(4), { ...given, blocks: cached });
    expect(decided).toMatchObject({ compute: 0, reads: 0, write: 'rcw', drains: 1 });
    expect(state.ops).toBe(OP.COMPUTE | OP.BIODRAIN | OP.RECONSTRUCT);
  });
});
