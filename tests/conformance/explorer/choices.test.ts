import * as fc from 'fast-check';
import { ChoicesError, formatChoices, parseChoices } from '../../../conformance/explorer/choices';
import { explore } from '../../../conformance/explorer/explore';
import { replay } from '../../../conformance/explorer/replay';
import type { ToyStep } from './toy';
import { Toy } from './toy';

describe('a string of choices', () => {
  it.each([
    [[], '0'],
    [[0, 0, 0], '0'],
    [[3, 0, 0, 0, 1], '3.0x3.1'],
    [[2, 2, 1, 0], '2x2.1'],
  ])('of %j is %s', (answers, text) => {
    expect(formatChoices(answers)).toBe(text);
  });

  it('says what it was made of, but for defaults at the end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 40 }), (answers) => {
        const parsed = parseChoices(formatChoices(answers));
        expect([...parsed, ...answers.slice(parsed.length)]).toEqual(answers);
        expect(answers.slice(parsed.length).every((answer) => answer === 0)).toBe(true);
      }),
      { seed: 6 },
    );
  });

  it.each([
    ['', 1],
    ['1..2', 3],
    ['1.0x', 3],
    ['0x3.y', 5],
    ['-1', 1],
    ['1.2x0', 3],
  ])('%j is refused with the column', (text, column) => {
    expect(() => parseChoices(text)).toThrow(ChoicesError);
    expect(() => parseChoices(text)).toThrow(`column ${column}:`);
  });
});

/** Two sources of events and a processor on one cell; wrong in one order of all: the processor's step last. */
function racy(): Toy {
  const add = (constant: number): ToyStep => ({ to: 0, from: 0, constant });
  const wrong = [1, 2, 5, 7].reduce((cell, constant) => 4 * cell + constant, 1);
  return new Toy({ cells: 1, actors: [[add(1), add(2)], [add(5)]], processor: [add(7)] }, ([cell]) =>
    cell === wrong ? { ok: false, rule: 'TOY-1', text: 'the processor came too late' } : { ok: true },
  );
}

describe('a failure', () => {
  const found = explore(racy(), { strategy: 'exhaustive', budget: 1000, seed: 0 });

  it('is found, and its string leads to the same verdict', () => {
    expect(found.failure?.verdict).toEqual({ ok: false, rule: 'TOY-1', text: 'the processor came too late' });
    expect(replay(racy(), found.failure!.choices)).toEqual(found.failure!.verdict);
  });

  it('is not in the default order', () => {
    expect(replay(racy(), '0')).toEqual({ ok: true });
  });

  it.each([['9'], ['0.9'], [`0x50.1`]])('%s does not fit the run and is refused', (choices) => {
    expect(() => replay(racy(), choices)).toThrow(ChoicesError);
  });

  it('with unneeded departures is minimised to those it needs, and keeps its rule', () => {
    for (const strategy of ['random', 'pct'] as const) {
      const { failure } = explore(racy(), { strategy, budget: 500, seed: 3 });
      expect(parseChoices(failure!.choices).filter((answer) => answer > 0).length).toBeLessThanOrEqual(
        failure!.minimisedFrom,
      );
      expect(failure!.verdict.rule).toBe('TOY-1');
      expect(replay(racy(), failure!.choices)).toEqual(failure!.verdict);
    }
  });
});
