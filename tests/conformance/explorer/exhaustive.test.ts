import * as fc from 'fast-check';
import { explore } from '../../../conformance/explorer/explore';
import type { ExploreReport } from '../../../conformance/explorer/explorer';
import type { ToyProgram, ToyStep } from './toy';
import { Toy } from './toy';

const BUDGET = 1_000_000;

const exhaust = (toy: Toy, prune: boolean): ExploreReport =>
  explore(toy, { strategy: 'exhaustive', budget: BUDGET, seed: 0, prune });

/** As many steps on a cell of their own. */
const own = (cell: number, count: number): ToyStep[] =>
  Array.from({ length: count }, (_, i) => ({ to: cell, from: cell, constant: i }));

function multinomial(...parts: number[]): number {
  let result = 1;
  let total = 0;
  for (const part of parts) for (let i = 1; i <= part; i++) result = (result * ++total) / i;
  return result;
}

describe('without pruning', () => {
  it.each([
    [1, 1, 0],
    [3, 2, 0],
    [4, 4, 0],
    [2, 2, 2],
    [5, 3, 0],
  ])('actors of %i, %i and %i events have as many orders as the multinomial coefficient says', (...lengths) => {
    const toy = new Toy({ cells: 3, actors: lengths.map((length, cell) => own(cell, length)), processor: [] });
    expect(exhaust(toy, false)).toMatchObject({ explored: multinomial(...lengths), pruned: 0, exhausted: true });
    expect(toy.runs).toBe(multinomial(...lengths));
  });

  it.each([
    [3, 2],
    [4, 3],
  ])('a processor of %i steps meets %i events of one actor at every combination of its points', (steps, events) => {
    const toy = new Toy({ cells: 2, actors: [own(0, events)], processor: own(1, steps) });
    expect(exhaust(toy, false)).toMatchObject({ explored: multinomial(steps, events), pruned: 0 });
  });
});

describe('with pruning', () => {
  it('actors on cells of their own have one order that matters', () => {
    const toy = new Toy({ cells: 4, actors: [own(0, 4), own(1, 4), own(2, 4)], processor: own(3, 4) });
    expect(exhaust(toy, true)).toMatchObject({ explored: 1, exhausted: true });
    expect(toy.runs).toBe(1);
  });

  it('actors on one cell have them all', () => {
    const toy = new Toy({ cells: 1, actors: [own(0, 3), own(0, 2)], processor: own(0, 2) });
    expect(exhaust(toy, true)).toMatchObject({ explored: multinomial(3, 2, 2), exhausted: true });
  });

  it('readers of one cell are in no order, its one writer is among them at each place', () => {
    const reader = (cell: number): ToyStep[] => [{ to: cell, from: 0, constant: 0 }];
    const toy = new Toy({
      cells: 5,
      actors: [own(0, 1), reader(1), reader(2), reader(3), reader(4)],
      processor: [],
    });
    expect(exhaust(toy, true).explored).toBe(2 ** 4);
  });

  const cells = 3;
  const step = fc.record({
    to: fc.nat(cells - 1),
    from: fc.nat(cells - 1),
    constant: fc.nat(9),
  });
  const steps = fc.array(step, { maxLength: 2 });
  const program: fc.Arbitrary<ToyProgram> = fc.record({
    cells: fc.constant(cells),
    actors: fc.array(steps, { minLength: 1, maxLength: 3 }),
    processor: fc.array(step, { maxLength: 2 }),
  });

  it('the same final states are reached as without, by one order of each kind and no other', () => {
    fc.assert(
      fc.property(program, (random) => {
        const [all, few] = [new Toy(random), new Toy(random)];
        const unpruned = exhaust(all, false);
        const pruned = exhaust(few, true);
        expect(few.states).toEqual(all.states);
        expect(pruned.explored).toBe(classes(random));
        expect(unpruned.explored).toBeGreaterThanOrEqual(pruned.explored);
      }),
      { seed: 6, numRuns: 150 },
    );
  });
});

/** How many classes of equivalent orders a program has, counted by the order of each pair of steps that depend on each other. */
function classes({ actors, processor }: ToyProgram): number {
  const all = [...actors, processor];
  const seen = new Set<string>();
  const positions = all.map(() => 0);
  const order: string[] = [];
  const visit = (): void => {
    let ended = true;
    all.forEach((list, i) => {
      if (positions[i] === list.length) return;
      ended = false;
      order.push(`${i}.${positions[i]++}`);
      visit();
      positions[i]--;
      order.pop();
    });
    if (ended) seen.add(relation());
  };
  const relation = (): string => {
    const pairs: string[] = [];
    order.forEach((later, j) => {
      for (const earlier of order.slice(0, j))
        if (depend(stepOf(earlier), stepOf(later))) pairs.push(`${earlier}<${later}`);
    });
    return pairs.sort().join(' ');
  };
  const stepOf = (name: string): ToyStep => {
    const [actor, index] = name.split('.').map(Number);
    return all[actor][index];
  };
  visit();
  return seen.size;
}

function depend(a: ToyStep, b: ToyStep): boolean {
  return a.to === b.to || a.to === b.from || a.from === b.to;
}
