/** Cases that go through async_tx on the driver under test. A new group is a row here. */
import type { ConformanceCase } from '../case';
import { CHANNEL_SWITCHES } from './async/channel-switches';
import { ASYNC_DEPENDENCIES } from './async/dependencies';
import { ASYNC_PQ } from './async/pq';
import { ASYNC_RECOVERY } from './async/recovery';
import { SOFTWARE } from './async/software';
import { ASYNC_SUBMISSION } from './async/submission';
import { WAITING } from './async/waiting';
import { ASYNC_XOR } from './async/xor';

export const ASYNC_GROUPS = {
  'async-dependencies': 'async_tx: operations behind others',
  'channel-switches': 'async_tx: chains that change channels',
  waiting: 'async_tx: waiting for an operation and letting go of it',
  'async-submission': 'async_tx: flags, callbacks, descriptors that are not to be had',
  'async-data': 'async_tx: sums, P+Q and their checks, in batches and with holes',
  'async-recovery': 'async_tx: two lost blocks of a RAID-6 stripe',
  software: 'async_tx: what the processor does without engines',
} as const;

export const ASYNC_CASES: readonly ConformanceCase[] = [
  ...ASYNC_DEPENDENCIES,
  ...CHANNEL_SWITCHES,
  ...WAITING,
  ...ASYNC_SUBMISSION,
  ...ASYNC_XOR,
  ...ASYNC_PQ,
  ...ASYNC_RECOVERY,
  ...SOFTWARE,
];
