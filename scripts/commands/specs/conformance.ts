/** `adma conformance` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Conformance from '../conformance';
import type { ConformanceOptions } from '../conformance';
import { JSON_OPTION, PLATFORM, TRACE_OPTIONS } from './shared';

export const CONFORMANCE: CommandSpec = {
  options: [
    { name: '--driver <file.ts>', says: 'a module that exports a driver (default: iop-adma)', values: 'file' },
    { name: '--client <file.ts>', says: 'instead, code that uses async_tx, on all kinds of machines', values: 'file' },
    PLATFORM,
    { name: '--filter <name>', says: 'only these: a case, a group or a rule; * stands for anything' },
    { name: '--list', says: 'list the cases with their rules, and run none' },
    { name: '--explore <n>', says: 'run each small case in up to n orders of events, all that differ if n is enough' },
    {
      name: '--strategy <name>',
      says: 'which orders: exhaustive, random or pct (default exhaustive)',
      values: ['exhaustive', 'random', 'pct'],
    },
    { name: '--replay <choices>', says: 'run one case in the order that a failure printed' },
    { name: '--mutants', says: 'run broken stacks instead, and say which case notices which' },
    {
      name: '--format <format>',
      says: 'human, ktap, junit or json (default human)',
      values: ['human', 'ktap', 'junit', 'json'],
    },
    { name: '--seed <n>', says: 'decides the data that are moved (default 1)' },
    ...TRACE_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    'adma conformance',
    'adma conformance --platform iop321 --filter three-points',
    'adma conformance --filter SW-13 --format ktap',
    'adma conformance --filter three-points/callback-in-tasklet --explore 300',
    'adma conformance --mutants',
  ],
  run: (_, options: ConformanceOptions) => (require('../conformance') as typeof Conformance).conformance(options),
};
