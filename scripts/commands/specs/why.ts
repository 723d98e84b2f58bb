/** `adma why` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Why from '../why';
import type { WhyOptions } from '../why';
import { JSON_OPTION } from './shared';

export const WHY: CommandSpec = {
  arguments: [{ name: '<trace>', says: 'text that --trace has written', values: 'file' }],
  options: [
    { name: '--byte <disk:sector:offset>', says: 'like disk1:8:17' },
    { name: '--descriptor <address>', says: 'like 0x7040: its latest life' },
    JSON_OPTION,
  ],
  examples: ['adma why run.txt --byte disk1:8:17', 'adma why run.txt --descriptor 0x1040'],
  run: ([file], options: WhyOptions) => (require('../why') as typeof Why).why(file!, options),
};
