/** The cases of the driver contract, by group. A new group is a row in each list. */
import type { ConformanceCase } from '../case';
import { ACK } from './ack';
import { APPEND } from './append';
import { CAPABILITIES } from './capabilities';
import { COMPLETION } from './completion';
import { COOKIES } from './cookies';
import { DATA_MOVES } from './data-moves';
import { DATA_PQ } from './data-pq';
import { DATA_SUMS } from './data-sums';
import { DEPENDENCIES } from './dependencies';
import { ERRORS } from './errors';
import { EXCLUSIVE } from './exclusive';
import { EXHAUSTION } from './exhaustion';
import { GROUPS } from './groups';
import { INTERRUPTS } from './interrupts';
import { MAPPING } from './mapping';
import { ORDER } from './order';
import { REGISTRATION } from './registration';
import { SELF_TEST } from './self-test';
import { TEARDOWN } from './teardown';
import { THRESHOLD } from './threshold';

/** What the groups are about. */
export const DRIVER_GROUPS = {
  cookies: 'cookies: the names of requests',
  order: 'the order in which a channel does what it was given',
  append: 'appending to a chain that runs, has just finished, or was finished long ago',
  threshold: 'when work starts: thresholds and flushes',
  completion: 'how a client learns that work is done',
  ack: 'how long a descriptor is its client’s, and what it is like when it comes back',
  registration: 'what a driver brings along when it is probed and registered',
  'self-test': 'what the self-tests of iop-adma ask of a device',
  capabilities: 'what a device says it can do, it does',
  groups: 'operations that are longer than one descriptor',
  dependencies: 'operations that wait for one on another channel',
  exclusive: 'channels that one client has for itself',
  mapping: 'mappings that a descriptor carries',
  errors: 'engines that stop with an error',
  exhaustion: 'what happens when there is no descriptor left',
  teardown: 'channels that lose their last client, and get a new one',
  interrupts: 'interrupts: lost, doubled, late, for nothing, two at once',
  copy: 'data of copies',
  fill: 'data of fills',
  interrupt: 'interrupt descriptors, which have no data',
  xor: 'data of sums',
  'xor-val': 'answers of checks of sums',
  pq: 'data of P+Q',
  'pq-val': 'answers of checks of P+Q',
} as const satisfies Readonly<Record<string, string>>;

export const DRIVER_CASES: readonly ConformanceCase[] = [
  ...REGISTRATION,
  ...SELF_TEST,
  ...CAPABILITIES,
  ...COOKIES,
  ...ORDER,
  ...APPEND,
  ...THRESHOLD,
  ...COMPLETION,
  ...ACK,
  ...DEPENDENCIES,
  ...ERRORS,
  ...MAPPING,
  ...EXCLUSIVE,
  ...GROUPS,
  ...EXHAUSTION,
  ...TEARDOWN,
  ...INTERRUPTS,
  ...DATA_MOVES,
  ...DATA_SUMS,
  ...DATA_PQ,
];
