/** `adma raid6test` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Raid6Test from '../raid6test';
import type { Raid6TestOptions } from '../raid6test';
import { JSON_OPTION, PLATFORM, TRACE_OPTIONS } from './shared';

export const RAID6TEST: CommandSpec = {
  options: [
    PLATFORM,
    { name: '--disks <list>', says: 'disks of the stripes, P and Q included (default 4,5,11,12,24,64)' },
    { name: '--extended', says: 'then DDF stripes with holes, failing preps, operations on channels of their own' },
    { name: '--seed <n>', says: 'decides the data (default 1)' },
    ...TRACE_OPTIONS,
    JSON_OPTION,
  ],
  examples: ['adma raid6test --platform iop321 --disks 4,5,11'],
  run: (_, options: Raid6TestOptions) => (require('../raid6test') as typeof Raid6Test).raid6test(options),
};
