import fc from 'fast-check';
import { Bio } from '../../../raid5/bio';
import { Geometry } from '../../../raid5/geometry';
import { R5, STRIPE } from '../../../raid5/stripe/flags';
import { R5Dev, StripeHead } from '../../../raid5/stripe/stripe-head';

const geometry = new Geometry(5, 4, 8192, 'left-symmetric');
/** The block of disk 0 at member sector 8 starts at array sector 8. */
const FIRST = 8;

function stripe(): StripeHead {
  const head = new StripeHead(Array.from({ length: 4 }, (_, i) => new R5Dev({ address: 4096 * i })));
  head.init(8, geometry);
  return head;
}

function bio(write: boolean, sector: number, sectors: number): Bio {
  return new Bio(write, sector, sectors, [], () => undefined);
}

it('stands for the sectors that LO-03 puts at its place, and forgets what it was (R5-01)', () => {
  const head = stripe();
  head.set(STRIPE.DELAYED);
  head.dev[0].set(R5.UPTODATE);
  head.init(24, geometry);
  expect([head.sector, head.state & ~STRIPE.BATCH_READY, head.pdIdx]).toEqual([24, 0, 2]);
  expect(head.dev.map(({ flags }) => flags)).toEqual([0, 0, 0, 0]);
  expect([3, 0, 1].map((disk) => head.dev[disk].sector)).toEqual([56, 72, 88]);
});

it('refuses a request that overlaps one in the same list, and marks the block (BQ-02)', () => {
  const head = stripe();
  expect(head.addBio(bio(true, FIRST, 4), 0)).toBe(true);
  expect(head.dev[0].has(R5.Overlap)).toBe(false);
  expect(head.addBio(bio(true, FIRST + 3, 2), 0)).toBe(false);
  expect(head.dev[0].has(R5.Overlap)).toBe(true);
  expect(head.dev[0].towrite).toHaveLength(1);
});

it('joins no batch once it has a read (BQ-04)', () => {
  const head = stripe();
  head.addBio(bio(true, FIRST, 8), 0);
  expect(head.has(STRIPE.BATCH_READY)).toBe(true);
  head.addBio(bio(false, FIRST, 8), 0);
  expect(head.has(STRIPE.BATCH_READY)).toBe(false);
});

it('lets a read and a write of the same sectors wait side by side (BQ-01)', () => {
  const head = stripe();
  expect(head.addBio(bio(true, FIRST, 8), 0)).toBe(true);
  expect(head.addBio(bio(false, FIRST, 8), 0)).toBe(true);
});

it('keeps lists sorted, refuses exactly overlaps and finds OVERWRITE exactly when the block is covered (BQ-01 … BQ-03)', () => {
  const piece = fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 1, max: 16 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, writing) => {
      const head = stripe();
      const dev = head.dev[0];
      const taken = new Set<number>();
      for (const [sector, sectors] of pieces) {
        // Only requests that touch the block of sectors 8 … 15 get here.
        if (sector >= FIRST + 8 || sector + sectors <= FIRST) continue;
        const covered = Array.from({ length: sectors }, (_, i) => sector + i);
        const free = covered.every((at) => !taken.has(at));
        expect(head.addBio(bio(writing, sector, sectors), 0)).toBe(free);
        if (free) covered.forEach((at) => taken.add(at));
      }
      const list = writing ? dev.towrite : dev.toread;
      const starts = list.map(({ sector }) => sector);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      const whole = Array.from({ length: 8 }, (_, i) => FIRST + i).every((at) => taken.has(at));
      expect(dev.has(R5.OVERWRITE)).toBe(writing && whole);
    }),
    { numRuns: 500 },
  );
});

it('ends a request once, when its last piece and its submitter are done, failed if any piece was', () => {
  const ends: boolean[] = [];
  const request = new Bio(true, 0, 24, [], (failed) => ends.push(failed));
  request.take();
  request.take();
  request.done();
  request.done(true);
  expect(ends).toEqual([]);
  request.done();
  expect(ends).toEqual([true]);
});
