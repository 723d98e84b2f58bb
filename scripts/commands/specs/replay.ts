/** `adma replay` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Replay from '../replay';
import type { ReplayOptions } from '../replay';
import { ARRAY_OPTIONS } from './shared';

export const REPLAY: CommandSpec = {
  arguments: [
    { name: '<trace>', says: 'MSR Cambridge CSV, or fio iolog version 2 or 3; plain or gzip', values: 'file' },
  ],
  options: [
    ...ARRAY_OPTIONS,
    {
      name: '--pace <pace>',
      says: 'trace: recorded arrivals; asap: as fast as the array takes them (default trace)',
      values: ['trace', 'asap'],
    },
    { name: '--speed <n>', says: 'with pace trace: n times faster than recorded (default 1)' },
    { name: '--depth <n>', says: 'with pace asap: requests in flight (default 32)' },
  ],
  examples: ['adma replay scripts/workloads/sqlite.csv.gz --pace asap --fail 2@1.5'],
  run: ([trace], options: ReplayOptions) => (require('../replay') as typeof Replay).replay(trace!, options),
};
