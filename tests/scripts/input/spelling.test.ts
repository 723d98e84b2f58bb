import { didYouMean } from '../../../scripts/input/spelling';

const WORDS = ['level', 'disks', 'chunk', 'layout'];

it.each([
  ['chnk', 'chunk'],
  ['chunks', 'chunk'],
  ['chukn', 'chunk'],
  ['Level', 'level'],
  ['disk', 'disks'],
])('knows that %s was meant to be %s', (word, meant) => {
  expect(didYouMean(word, WORDS)).toBe(` (did you mean '${meant}'?)`);
});

it.each(['raid', '', 'x', 'l', 'chunk'.repeat(1000)])('has no hint for %.20j', (word) => {
  expect(didYouMean(word, WORDS)).toBe('');
});

it('prefers the nearest word', () => {
  expect(didYouMean('iop343', ['iop348', 'iop342', 'iop3433'])).toBe(" (did you mean 'iop348'?)");
  expect(didYouMean('iop34', ['iop3421', 'iop342'])).toBe(" (did you mean 'iop342'?)");
});
