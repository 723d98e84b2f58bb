/** Every case, by group. A new group is a row here. */
import type { ConformanceCase } from '../case';
import { ASYNC_CASES, ASYNC_GROUPS } from './async';
import { CHECK_CASES } from './checks';
import { DRIVER_CASES, DRIVER_GROUPS } from './driver';
import { STRIPE_CASES } from './stripes';
import { THREE_POINTS } from './three-points';

/** Groups of cases: the first part of their ids, and what they are about. */
export const CASE_GROUPS = {
  'three-points': 'the three conformance points of the API document',
  ...DRIVER_GROUPS,
  ...ASYNC_GROUPS,
  stripes: 'stripes of md on the engines: writes, missing members, checks and repairs',
} as const satisfies Readonly<Record<string, string>>;

/** All cases, in the order in which they run. */
export const CASES: readonly ConformanceCase[] = [
  ...THREE_POINTS,
  ...DRIVER_CASES,
  ...ASYNC_CASES,
  ...STRIPE_CASES,
  ...CHECK_CASES,
];
