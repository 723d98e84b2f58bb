/** `adma bugs` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Bugs from '../bugs';
import type { BugsOptions } from '../bugs';
import { JSON_OPTION, TRACE_OPTIONS } from './shared';

export const BUGS: CommandSpec = {
  arguments: [
    { name: '[what]', says: 'list them (default), show one, or run one', values: ['list', 'show', 'run'] },
    { name: '[id]', says: 'which: X-01, R-09, …' },
  ],
  options: [
    { name: '--seed <n>', says: 'with run: decides the bytes that are moved (default 1)' },
    ...TRACE_OPTIONS,
    JSON_OPTION,
  ],
  notes:
    'With --trace both runs are recorded, the one without the bug behind the other. A run ends with 0 when it fails with the bug and is good without, else with 1.',
  examples: ['adma bugs', 'adma bugs show R-09', 'adma bugs run X-04'],
  run: ([what, id], options: BugsOptions) => (require('../bugs') as typeof Bugs).bugs(what, id, options),
};
