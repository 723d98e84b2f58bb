import fc from 'fast-check';
import { StripeHead } from '../../../raid5/stripe/stripe-head';
import { StripeList } from '../../../raid5/stripe/stripe-list';

it('keeps the order of coming whatever is taken off, and knows its length and each stripe its list', () => {
  const move = fc.tuple(fc.boolean(), fc.nat({ max: 7 }));
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const list = new StripeList();
      const stripes = Array.from({ length: 8 }, () => new StripeHead([]));
      let model: StripeHead[] = [];
      for (const [add, index] of moves) {
        const stripe = stripes[index];
        if (add && !model.includes(stripe)) {
          list.add(stripe);
          model.push(stripe);
        } else if (!add && model.includes(stripe)) {
          list.remove(stripe);
          model = model.filter((other) => other !== stripe);
        }
        expect([...list]).toEqual(model);
        expect([list.size, list.first]).toEqual([model.length, model[0]]);
        expect(stripes.filter((other) => other.list === list)).toHaveLength(model.length);
      }
    }),
  );
});

it('can be emptied while it is walked', () => {
  const list = new StripeList();
  for (let i = 0; i < 3; i++) list.add(new StripeHead([]));
  for (const stripe of list) list.remove(stripe);
  expect([list.size, list.first]).toEqual([0, undefined]);
});

it('refuses a stripe that is on a list already', () => {
  const stripe = new StripeHead([]);
  new StripeList().add(stripe);
  expect(() => new StripeList().add(stripe)).toThrow('one list');
});
