import { handleDirtying } from '../../../raid5/handler/dirtying';
import { analyse } from '../../../raid5/handler/state';
import { R5, STRIPE } from '../../../raid5/stripe/flags';
import { BIO, stripeOf, viewOf } from './stripes';

it('a write whose bit is not in the bitmap yet does not start, nor change the stripe (WR-07, BM-01)', () => {
  const view = viewOf([true, true, true]);
  const stripe = stripeOf(3);
  stripe.pdIdx = 2;
  for (const dev of stripe.dev.slice(0, 2)) {
    dev.towrite = BIO;
    dev.set(R5.OVERWRITE);
  }
  stripe.set(STRIPE.BIT_DELAY);
  const flags = (): number[] => stripe.dev.map((dev) => dev.flags);
  const waiting = analyse(stripe, view);
  const before = flags();
  expect([handleDirtying(stripe, waiting, view), waiting.ops, stripe.reconstructState]).toEqual([undefined, 0, 'idle']);
  expect(flags()).toEqual(before);
  stripe.clear(STRIPE.BIT_DELAY);
  expect(handleDirtying(stripe, analyse(stripe, view), view)).toBe('full');
});
