/** `adma torture` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Torture from '../torture';
import type { TortureOptions } from '../torture';
import { JSON_OPTION, TRACE_OPTIONS } from './shared';

export const TORTURE: CommandSpec = {
  options: [
    { name: '--seed <n>', says: 'of the first run; each one after has the next (default 1)' },
    { name: '--runs <n>', says: 'how many (default 20)' },
    { name: '--minutes <n>', says: 'how long, in place of how many' },
    { name: '--steps <list>', says: 'only these steps of a run, like 1,4,7' },
    ...TRACE_OPTIONS,
    JSON_OPTION,
  ],
  examples: ['adma torture --runs 5', 'adma torture --seed 1000 --minutes 10'],
  run: (_, options: TortureOptions) => (require('../torture') as typeof Torture).tortureCommand(options),
};
