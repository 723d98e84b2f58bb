/** `adma learn` as the command line knows it. */
import type { CommandRow, CommandSpec, GroupSpec, ParameterSpec } from '../../program/spec';
import type * as Learn from '../learn';
import type { LearnOptions } from '../learn';
import { JSON_OPTION } from './shared';

const learn = (): typeof Learn => require('../learn') as typeof Learn;

const DIR: ParameterSpec = {
  name: '--dir <folder>',
  says: 'of your exercises (default ./adma-lessons)',
  values: 'folder',
};
const LESSON: ParameterSpec = { name: '<n>', says: 'number of the lesson' };

function lessonCommand(name: string, says: string, spec: Omit<CommandSpec, 'arguments'>): CommandRow {
  return { name, says, load: () => ({ arguments: [LESSON], ...spec }) };
}

export const LEARN: GroupSpec = {
  options: [DIR, JSON_OPTION],
  run: (_, options: LearnOptions) => learn().list(options),
  commands: [
    lessonCommand('start', 'read a lesson, and get its exercise', {
      options: [DIR, JSON_OPTION],
      examples: ['adma learn start 1'],
      run: ([number], options: LearnOptions) => learn().start(number!, options),
    }),
    {
      name: 'check',
      says: 'run an exercise, or all that were started: 0 when they pass',
      load: () => ({
        arguments: [{ name: '[n]', says: 'number of the lesson (default: all that were started)' }],
        options: [DIR, JSON_OPTION],
        examples: ['adma learn check 1', 'adma learn check --json'],
        run: ([number], options: LearnOptions) => learn().check(number, options),
      }),
    },
    lessonCommand('hint', 'a hint; asked again, more of it', {
      options: [DIR, JSON_OPTION],
      examples: ['adma learn hint 1'],
      run: ([number], options: LearnOptions) => learn().hint(number!, options),
    }),
    {
      name: 'watch',
      says: 'check what you save, until Ctrl-C',
      load: () => ({
        options: [DIR],
        examples: ['adma learn watch'],
        run: (_, options: LearnOptions) => learn().watch(options),
      }),
    },
    lessonCommand('reset', 'begin a lesson anew; yours is kept beside it', {
      options: [DIR, JSON_OPTION],
      examples: ['adma learn reset 1'],
      run: ([number], options: LearnOptions) => learn().reset(number!, options),
    }),
    lessonCommand('solution', 'after passing: the solution, and what there is to say about it', {
      options: [DIR, JSON_OPTION],
      examples: ['adma learn solution 1'],
      run: ([number], options: LearnOptions) => learn().solution(number!, options),
    }),
  ],
  examples: ['adma learn', 'adma learn start 1', 'adma learn check 1'],
};
