import { explore } from '../../../conformance/explorer/explore';
import type { ToyStep } from './toy';
import { Toy } from './toy';

const onOneCell = (count: number, offset: number): ToyStep[] =>
  Array.from({ length: count }, (_, i) => ({ to: 0, from: 0, constant: offset + i }));

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}

const toy = (steps: number, ...events: number[]): Toy =>
  new Toy({
    cells: 1,
    actors: events.map((count, i) => onOneCell(count, 10 * i)),
    processor: onOneCell(steps, 100),
  });

describe('a bound on preemptions', () => {
  // k excursions: at k of the processor's points one or more of the events, the rest behind its last step.
  it.each([0, 1, 2, 3])('of %i leaves the orders that the formula counts, one actor beside the processor', (bound) => {
    const [steps, events] = [5, 4];
    const expected = Array.from({ length: bound + 1 }, (_, k) => choose(steps, k) * choose(events, k));
    const report = explore(toy(steps, events), { strategy: 'exhaustive', budget: 10_000, seed: 0, preemptions: bound });
    expect(report).toMatchObject({ explored: expected.reduce((sum, n) => sum + n, 0), exhausted: true, bound });
  });

  it('that is never reached leaves all of them', () => {
    const [bounded, whole] = [toy(2, 2, 2), toy(2, 2, 2)];
    const report = explore(bounded, { strategy: 'exhaustive', budget: 10_000, seed: 0, preemptions: 20 });
    expect(report).toMatchObject({ explored: 90, exhausted: true });
    expect(explore(whole, { strategy: 'exhaustive', budget: 10_000, seed: 0 })).toMatchObject({ explored: 90 });
    expect(bounded.states).toEqual(whole.states);
  });

  it('is said when all orders are more than the budget allows, and how far it came', () => {
    const report = explore(toy(6, 6), { strategy: 'exhaustive', budget: 1000, seed: 0 });
    // At most 3 preemptions are 1 + 36 + 225 + 400 orders, and the first half of the budget is gone.
    expect(report).toMatchObject({ exhausted: false, bound: 2 });
    expect(report.explored).toBeLessThanOrEqual(1000);
    // 210 orders, of which 195 have at most 3 preemptions.
    const enough = explore(toy(6, 4), { strategy: 'exhaustive', budget: 405, seed: 0 });
    expect(enough).toMatchObject({ exhausted: true, bound: 3 });
    expect(enough.explored).toBeLessThanOrEqual(210);
  });
});
