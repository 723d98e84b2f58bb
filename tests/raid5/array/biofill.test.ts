import { analyse } from '../../../raid5/handler/state';
import type { StripeSteps } from '../../../raid5/steps';
import { STRIPE_STEPS } from '../../../raid5/steps';
import { R5, STRIPE } from '../../../raid5/stripe/flags';
import { BIO, stripeOf, viewOf } from '../handler/stripes';
import { ArrayWorld, read, write } from '../world';

/** The first blocks of three members, written and cached; the fourth has failed, so that reads go through the cache (IO-07). */
function cached(steps: Partial<StripeSteps> = {}): ArrayWorld {
  const world = new ArrayWorld({ disks: 4, chunk: 4096, sectors: 24, steps });
  world.play([write(0, 24)]);
  world.array.error(3);
  world.play([read(0, 24)]);
  world.rest();
  return world;
}

/** Reads a cached block, and a second time while the copy of the first is on its way: how many of both have ended. */
function twice(world: ArrayWorld): number {
  const flights = world.thread(
    (function* () {
      const first = yield* world.start(read(0, 8));
      const copying = (): boolean => world.stripe(0)!.has(STRIPE.BIOFILL_RUN);
      while (!copying()) yield* world.kernel.scheduler.sleep(100_000);
      const second = yield* world.start(read(2, 4));
      expect([copying(), first.ended]).toEqual([true, false]);
      yield* world.kernel.scheduler.sleep(20_000_000_000);
      return [first, second];
    })(),
  );
  expect(flights.flatMap(({ wrong }) => wrong)).toEqual([]);
  return flights.filter(({ ended }) => ended).length;
}

/** Reads a cached block: how often the handler looked at the stripe for it. */
function passes(world: ArrayWorld): number {
  const before = world.array.statistics.handled;
  const [flight] = world.play([read(0, 8)]);
  world.rest();
  expect([flight.failed, flight.wrong]).toEqual([false, []]);
  return world.array.statistics.handled - before;
}

describe('the completion of a biofill', () => {
  it('answers every block that was filled, also when another read has been queued for it (OP-03, R-01)', () => {
    const world = cached();
    expect(twice(world)).toBe(2);
    expect(world.broken()).toEqual([]);
  });

  it('as it was before the seed patch, passes over such a block, and its read is never answered (R-01, R-02)', () => {
    const world = cached({ answersFill: (dev) => dev.toread.length === 0 });
    expect(twice(world)).toBe(1);
    expect(world.inFlight).toBe(1);
  });

  it('has the stripe handled again whatever it saw (OP-03, R-01)', () => {
    const world = cached();
    expect(passes(world)).toBe(2);
    expect(world.broken()).toEqual([]);
  });

  it('as it was before the seed patch, decides by itself that nobody waits (R-01)', () => {
    const world = cached({
      fillEnded: (array, stripe) => {
        if (stripe.dev.some((dev) => dev.toread.length > 0)) STRIPE_STEPS.fillEnded(array, stripe);
        else array.cache.release(stripe);
      },
    });
    expect(passes(world)).toBe(1);
    // Whoever queues a read asks for the handler too, so that on one processor nothing is lost by it.
    expect(twice(world)).toBe(2);
    expect(world.broken()).toEqual([]);
  });

  it('never sees a block marked after it was started (AN-01, OP-04)', () => {
    const stripe = stripeOf(3);
    stripe.dev[1].set(R5.UPTODATE);
    stripe.dev[1].toread = BIO;
    const view = viewOf([true, true, true]);
    stripe.set(STRIPE.BIOFILL_RUN);
    expect([analyse(stripe, view).toFill, stripe.dev[1].has(R5.Wantfill)]).toEqual([0, false]);
    stripe.clear(STRIPE.BIOFILL_RUN);
    expect([analyse(stripe, view).toFill, stripe.dev[1].has(R5.Wantfill)]).toEqual([1, true]);
  });
});
