/** `adma run` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Run from '../run';
import type { RunOptions } from '../run';
import { ARRAY_OPTIONS } from './shared';

export const RUN: CommandSpec = {
  arguments: [{ name: '<file>', says: 'scenario.yaml or job.fio', values: 'file' }],
  options: [
    ...ARRAY_OPTIONS,
    { name: '--size <size>', says: 'with a job file: bytes the array offers (default: what the jobs need)' },
    {
      name: '--output-format <format>',
      says: 'with fio jobs: normal, or json as fio prints it',
      values: ['normal', 'json'],
    },
  ],
  notes:
    'A scenario describes array, workload and faults itself; of the options it takes --seed, --json, --trace and --trace-filter, and with fio jobs --output-format.',
  examples: [
    'adma run scripts/scenarios/first-light.yaml',
    'adma run scripts/scenarios/random-write.fio --disk ssd --output-format json',
  ],
  run: ([file], options: RunOptions) => (require('../run') as typeof Run).run(file!, options),
};
