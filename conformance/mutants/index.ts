/** Every mutant. */
import { ASYNC_MUTANTS } from './async';
import { DRIVER_MUTANTS } from './driver';
import type { Mutant } from './mutant';
import { RAID5_MUTANTS } from './raid5';

export const MUTANTS: readonly Mutant[] = [...DRIVER_MUTANTS, ...ASYNC_MUTANTS, ...RAID5_MUTANTS];
