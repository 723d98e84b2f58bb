import fc from 'fast-check';
import { Kernel } from '../../../emulator/kernel/kernel';
import { GuestPanic } from '../../../emulator/findings';
import { Dram } from '../../../emulator/memory/dram';
import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import { Geometry } from '../../../raid5/geometry';
import { STRIPE } from '../../../raid5/stripe/flags';
import { StripeCache } from '../../../raid5/stripe/stripe-cache';
import type { StripeHead } from '../../../raid5/stripe/stripe-head';

const dram = new Dram(0, 1024 * 1024);

class CacheWorld {
  readonly kernel = new Kernel(new Machine(PLATFORMS.none, { dram }));
  readonly cache: StripeCache;
  wakeUps = 0;

  constructor(size = 8) {
    const geometry = new Geometry(5, 3, 4096, 'left-symmetric');
    this.cache = new StripeCache(this.kernel, geometry, size, () => this.wakeUps++);
  }

  /** Asks for a stripe in a thread of its own; undefined as long as the thread waits. */
  ask(sector: number): { stripe?: StripeHead } {
    const answer: { stripe?: StripeHead } = {};
    const { cache } = this;
    this.kernel.scheduler.spawn(
      `ask ${sector}`,
      (function* () {
        answer.stripe = yield* cache.getActive(sector);
      })(),
    );
    this.settle();
    return answer;
  }

  get(sector: number): StripeHead {
    const { stripe } = this.ask(sector);
    if (stripe === undefined) throw new Error('no stripe is free');
    return stripe;
  }

  release(stripe: StripeHead): void {
    this.cache.release(stripe);
    this.settle();
  }

  /** Holds a stripe and lets it go for handling with these flags. */
  queue(sector: number, flags = 0): StripeHead {
    const stripe = this.get(sector);
    stripe.set(STRIPE.HANDLE | flags);
    this.release(stripe);
    return stripe;
  }

  /** Runs threads until all of them wait. */
  settle(): void {
    let rested = false;
    this.kernel.scheduler.spawn('rest', this.kernel.scheduler.sleep(1_000_000_000));
    const end = this.kernel.now + 1_000_000_000;
    this.kernel.scheduler.run(() => (rested ||= this.kernel.now >= end));
  }

  /** Takes the next stripe as raid5d does and lets it retire. */
  handleNext(): number | undefined {
    const stripe = this.cache.nextToHandle();
    if (stripe === undefined) return undefined;
    stripe.clear(STRIPE.HANDLE);
    this.release(stripe);
    return stripe.sector;
  }
}

describe('getActive (SC-02)', () => {
  it('gives the same head for the same sector, held once for each caller', () => {
    const world = new CacheWorld();
    const first = world.get(16);
    expect(world.get(16)).toBe(first);
    expect(first.count).toBe(2);
    expect(world.cache.active).toBe(1);
  });

  it('waits when no head is free, and goes on only below three quarters of the cache', () => {
    const world = new CacheWorld(8);
    const held = Array.from({ length: 8 }, (_, i) => world.get(8 * i));
    const waiting = world.ask(800);
    const alsoWaiting = world.ask(808);
    expect(world.wakeUps).toBeGreaterThan(0);
    const resumed = held.map((stripe) => {
      world.release(stripe);
      return [waiting.stripe?.sector, alsoWaiting.stripe?.sector];
    });
    // 7 and 6 heads in use are not below 6; 5 are.
    expect(resumed.slice(0, 3)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [800, 808],
    ]);
  });

  it('refuses even a free head while it is blocked, but not a stripe that is cached', () => {
    const world = new CacheWorld(8);
    const held = Array.from({ length: 8 }, (_, i) => world.get(8 * i));
    world.ask(800);
    world.release(held[0]);
    expect(world.ask(808).stripe).toBeUndefined();
    expect(world.ask(0).stripe).toBe(held[0]);
    expect(world.ask(8).stripe).toBe(held[1]);
  });

  it('gives two waiters for one sector the same head', () => {
    const world = new CacheWorld(4);
    const held = Array.from({ length: 4 }, (_, i) => world.get(8 * i));
    const waiters = [world.ask(800), world.ask(800), world.ask(800)];
    held.forEach((stripe) => world.release(stripe));
    expect(new Set(waiters.map(({ stripe }) => stripe)).size).toBe(1);
    expect(waiters[0].stripe?.count).toBe(3);
  });

  it('reuses the head that was unused longest, and keeps the contents of the others', () => {
    const world = new CacheWorld(4);
    const held = Array.from({ length: 4 }, (_, i) => world.get(8 * i));
    for (const i of [2, 0, 3, 1]) world.release(held[i]);
    world.release(world.get(16));
    expect(world.get(800)).toBe(held[0]);
    expect(world.get(808)).toBe(held[3]);
    expect(world.get(16)).toBe(held[2]);
  });

  it('forgets unused stripes on request and no others', () => {
    const world = new CacheWorld(4);
    const busy = world.get(0);
    const idle = world.get(8);
    world.release(idle);
    world.cache.dropCached();
    expect(world.get(0)).toBe(busy);
    expect(world.get(8)).not.toBe(idle);
  });
});

describe('release (SC-03)', () => {
  it('queues a stripe with HANDLE and wakes the thread, once nobody holds it', () => {
    const world = new CacheWorld();
    const stripe = world.get(0);
    world.get(0);
    stripe.set(STRIPE.HANDLE);
    world.release(stripe);
    expect([world.wakeUps, world.cache.hasWork]).toEqual([0, false]);
    world.release(stripe);
    expect([world.wakeUps, world.cache.hasWork]).toEqual([1, true]);
    expect(world.cache.nextToHandle()).toBe(stripe);
    expect(stripe.count).toBe(1);
  });

  it('keeps a stripe that waits to be handled active', () => {
    const world = new CacheWorld();
    world.queue(0);
    expect(world.cache.active).toBe(1);
    world.handleNext();
    expect(world.cache.active).toBe(0);
  });

  it('puts a stripe with DELAYED and PREREAD_ACTIVE on the handle list, so that it does not block itself (R-28)', () => {
    const world = new CacheWorld();
    const stripe = world.queue(0, STRIPE.DELAYED);
    world.cache.activateDelayed();
    expect(world.cache.nextToHandle()).toBe(stripe);
    stripe.set(STRIPE.DELAYED | STRIPE.HANDLE);
    world.release(stripe);
    expect(world.cache.nextToHandle()).toBe(stripe);
    expect(stripe.has(STRIPE.DELAYED)).toBe(false);
  });

  it('takes a listed stripe off its list when somebody looks it up', () => {
    const world = new CacheWorld();
    const stripe = world.queue(0);
    expect(world.get(0)).toBe(stripe);
    expect(world.cache.nextToHandle()).toBeUndefined();
  });

  it('panics when a stripe is released more often than held', () => {
    const world = new CacheWorld();
    const stripe = world.get(0);
    world.release(stripe);
    expect(() => world.cache.release(stripe)).toThrow(GuestPanic);
  });

  it.each([
    ['a check', (stripe: StripeHead) => (stripe.checkState = 'run')],
    ['a reconstruction', (stripe: StripeHead) => (stripe.reconstructState = 'drain_run')],
    ['a fill', (stripe: StripeHead) => stripe.set(STRIPE.BIOFILL_RUN)],
    ['a compute', (stripe: StripeHead) => stripe.set(STRIPE.COMPUTE_RUN)],
  ])('panics when a stripe is let go while %s is active', (_, operate) => {
    const world = new CacheWorld();
    const stripe = world.get(0);
    operate(stripe);
    expect(() => world.cache.release(stripe)).toThrow(expect.objectContaining({ rule: 'SC-03' }));
  });
});

describe('delayed stripes (SC-04)', () => {
  it('all become PREREAD_ACTIVE at once when no stripe is', () => {
    const world = new CacheWorld();
    const stripes = [0, 8, 16].map((sector) => world.queue(sector, STRIPE.DELAYED));
    expect(world.cache.nextToHandle()).toBeUndefined();
    expect(world.cache.hasWork).toBe(true);
    world.cache.activateDelayed();
    expect(stripes.map(({ state }) => state & (STRIPE.DELAYED | STRIPE.PREREAD_ACTIVE))).toEqual(
      stripes.map(() => STRIPE.PREREAD_ACTIVE),
    );
    expect([world.handleNext(), world.handleNext(), world.handleNext()]).toEqual([0, 8, 16]);
  });

  it('stay while one stripe is PREREAD_ACTIVE, and the last one that stops being so wakes the thread', () => {
    const world = new CacheWorld();
    world.queue(0, STRIPE.DELAYED);
    world.cache.activateDelayed();
    world.queue(8, STRIPE.DELAYED);
    world.cache.activateDelayed();
    expect(world.handleNext()).toBe(0);
    expect(world.cache.hasWork).toBe(true);
    world.cache.activateDelayed();
    expect(world.handleNext()).toBe(8);
  });

  it('count as often as they are dropped: by the write they were for, or when they retire (R-57)', () => {
    const world = new CacheWorld();
    for (let round = 0; round < 5; round++) {
      const stripe = world.queue(8 * round, STRIPE.DELAYED);
      world.cache.activateDelayed();
      expect(world.cache.nextToHandle()).toBe(stripe);
      if (round % 2 === 0 && stripe.testAndClear(STRIPE.PREREAD_ACTIVE)) world.cache.dropPreread();
      stripe.clear(STRIPE.HANDLE);
      world.release(stripe);
    }
    world.queue(800, STRIPE.DELAYED);
    expect(world.cache.hasWork).toBe(true);
  });
});

describe('the order of handling (SC-05)', () => {
  function withHold(world: CacheWorld): void {
    world.queue(0, STRIPE.DELAYED);
    world.cache.activateDelayed();
  }

  it('is first come first served, the hold list after the handle list', () => {
    const world = new CacheWorld();
    withHold(world);
    world.queue(8);
    world.queue(16);
    expect([world.handleNext(), world.handleNext(), world.handleNext()]).toEqual([8, 16, 0]);
  });

  it('leaves the hold list alone while full writes are under way', () => {
    const world = new CacheWorld();
    withHold(world);
    world.cache.pendingFullWrites = 1;
    expect(world.cache.hasWork).toBe(false);
    expect(world.handleNext()).toBeUndefined();
    world.cache.pendingFullWrites = 0;
    expect(world.handleNext()).toBe(0);
  });

  it.each([
    [2, 0, undefined],
    [3, 0, 0],
    [3, STRIPE.IO_STARTED, undefined],
  ])('after %i stripes of the handle list with state %i takes %s past full writes', (passes, state, taken) => {
    const world = new CacheWorld();
    withHold(world);
    world.cache.pendingFullWrites = 1;
    for (let i = 1; i <= passes; i++) {
      world.queue(8 * i, state);
      expect(world.handleNext()).toBe(8 * i);
    }
    expect(world.handleNext()).toBe(taken);
  });
});

it('never has two heads for one sector and counts every reference (SC-02, SC-03)', () => {
  const step = fc.record({ take: fc.boolean(), sector: fc.nat({ max: 11 }), flags: fc.constantFrom(0, STRIPE.HANDLE) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = new CacheWorld(6);
      const held: StripeHead[] = [];
      for (const { take, sector, flags } of steps) {
        if (take) {
          const { stripe } = world.ask(8 * sector);
          if (stripe === undefined) break;
          expect(stripe.sector).toBe(8 * sector);
          held.push(stripe);
        } else if (held.length > 0) {
          const [stripe] = held.splice(sector % held.length, 1);
          stripe.set(flags);
          world.release(stripe);
          if (stripe.count === 0 && stripe.has(STRIPE.HANDLE)) world.handleNext();
        }
        const heads = new Set(held);
        expect(new Set([...heads].map((head) => head.sector)).size).toBe(heads.size);
        for (const head of heads) expect(head.count).toBe(held.filter((other) => other === head).length);
        expect(world.cache.active).toBe(heads.size);
      }
    }),
    { numRuns: 60 },
  );
});
