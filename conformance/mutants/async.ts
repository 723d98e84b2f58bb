/** Broken async_tx. */
import { ASYNC_DATA_MUTANTS } from './async-data';
import { ASYNC_SUBMISSION_MUTANTS } from './async-submission';
import { ASYNC_WAITING_MUTANTS } from './async-waiting';
import type { Mutant } from './mutant';

export const ASYNC_MUTANTS: readonly Mutant[] = [
  ...ASYNC_SUBMISSION_MUTANTS,
  ...ASYNC_WAITING_MUTANTS,
  ...ASYNC_DATA_MUTANTS,
];
