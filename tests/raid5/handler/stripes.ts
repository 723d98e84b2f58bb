/** Stripes in any state, without an array around them, and what the handler decides about them. */
import { Bio } from '../../../raid5/bio';
import { handleDirtying } from '../../../raid5/handler/dirtying';
import { handleFill } from '../../../raid5/handler/fill';
import type { ArrayView, StripeState } from '../../../raid5/handler/state';
import { analyse } from '../../../raid5/handler/state';
import type { SyncAction } from '../../../raid5/handler/sync-pass';
import { OP, R5, STRIPE } from '../../../raid5/stripe/flags';
import { STRIPE_STEPS } from '../../../raid5/steps';
import { R5Dev, StripeHead } from '../../../raid5/stripe/stripe-head';
import type { Block, Decided, Given } from './rules';

export const BIO = [new Bio(true, 0, 8, [], () => undefined)];
export const NONE: Bio[] = [];

export function stripeOf(members: number): StripeHead {
  return new StripeHead(Array.from({ length: members }, (_, i) => new R5Dev({ address: 4096 * i })));
}

/** An array as the handler sees it. @param dirty whether the stripe is at or beyond recovery_cp */
export function viewOf(
  insync: readonly boolean[],
  {
    rmwLevel = 1,
    dirty = false,
    action = 'check',
  }: { rmwLevel?: 0 | 1 | 2; dirty?: boolean; action?: SyncAction } = {},
): ArrayView {
  return {
    members: insync.map((inSync) => ({ faulty: !inSync, inSync, recoveryOffset: Infinity, blocked: false })),
    recoveryCp: dirty ? -Infinity : Infinity,
    rmwLevel,
    syncPass: { action, mismatchSectors: 0, interrupted: false },
    steps: STRIPE_STEPS,
  };
}

/** The disks of a bit mask. */
export function disksOf(mask: number): number[] {
  return Array.from({ length: 31 }, (_, i) => i).filter((i) => mask & (1 << i));
}

export function maskOf(disks: readonly number[]): number {
  return disks.reduce((mask, disk) => mask | (1 << disk), 0);
}

/** Brings a stripe into the given state and lets the handler's own functions decide, in the order of HS-10, HS-11. */
export function decideByCode(stripe: StripeHead, given: Given): { decided: Decided; state: StripeState } {
  const { blocks, preread, syncing } = given;
  stripe.pdIdx = given.p;
  stripe.qdIdx = given.q;
  stripe.checkState = 'idle';
  stripe.reconstructState = 'idle';
  stripe.targets = [];
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
  const view = viewOf(
    blocks.map(({ insync }) => insync),
    given,
  );
  const state = analyse(stripe, view);
  const filling =
    state.toRead > 0 ||
    state.nonOverwrite > 0 ||
    (state.toWrite > 0 && state.failed > 0) ||
    (state.syncing && state.uptodate + state.compute < stripe.disks);
  if (filling) handleFill(stripe, state, view);
  const write = state.toWrite > 0 ? handleDirtying(stripe, state, view) : undefined;
  const having = (flag: number): number => stripe.dev.reduce((mask, dev, i) => mask | (dev.has(flag) ? 1 << i : 0), 0);
  const decided: Decided = {
    reads: having(R5.Wantread),
    computes: state.ops & OP.COMPUTE ? maskOf(stripe.targets) : 0,
    fills: having(R5.Wantfill),
    delayed: stripe.has(STRIPE.DELAYED),
    write: write ?? 'none',
    drains: having(R5.Wantdrain),
  };
  return { decided, state };
}

/** Every way a data block can be, Insync or not; OVERWRITE only with a write. */
export const DATA_BLOCKS: readonly Block[] = [true, false].flatMap((insync) =>
  [false, true].flatMap((uptodate) =>
    [false, true].flatMap((locked) =>
      [false, true].flatMap((toread) =>
        [0, 1, 2].map((writing) => ({
          uptodate,
          locked,
          overwrite: writing === 2,
          insync,
          toread,
          towrite: writing > 0,
          wantcompute: false,
        })),
      ),
    ),
  ),
);
export const PARITY_BLOCKS = DATA_BLOCKS.filter(({ toread, towrite }) => !toread && !towrite);

/** What a stripe is in, besides its blocks. */
export type Around = Omit<Given, 'blocks'>;

/** How many stripes there are with these parities, and the n-th of them. */
export function stripesOf(members: number, p: number, q: number): { total: number; at: (n: number) => Block[] } {
  const choices = Array.from({ length: members }, (_, i) => (i === p || i === q ? PARITY_BLOCKS : DATA_BLOCKS));
  return {
    total: choices.reduce((product, list) => product * list.length, 1),
    at: (n) =>
      choices.map((list) => {
        const block = { ...list[n % list.length] };
        n = Math.floor(n / list.length);
        return block;
      }),
  };
}

/** The same stripes one after the other, with at most as many failed members as the level survives. */
export function* everyStripe(members: number, arounds: readonly Around[]): Generator<Given, void, void> {
  for (const around of arounds) {
    const { total, at } = stripesOf(members, around.p, around.q);
    for (let n = 0; n < total; n++) {
      const blocks = at(n);
      if (survives(blocks, around.q)) yield { ...around, blocks };
    }
  }
}

export function survives(blocks: readonly Block[], q: number): boolean {
  return blocks.filter(({ insync }) => !insync).length <= (q < 0 ? 1 : 2);
}
