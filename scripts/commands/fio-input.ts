/** The jobs of a run: read, checked and placed on the array before anything is built. */
import { placeThreads } from '../../raid5/workload/fio/regions';
import type { RunConfig } from '../../raid5/workload/run';
import { parseFioJobs } from '../input/fio-jobs';
import { DEFAULTS } from '../input/fields';
import { readInput } from '../input/read-input';

/** The part of a run that a job file decides. */
export type FioInput = Pick<RunConfig, 'arrayBytes' | 'requests' | 'fio' | 'pace' | 'speed' | 'depth'>;

/**
 * Reads a job file.
 * @param size bytes the array shall have; undefined: what the jobs need
 * @throws InputError
 */
export function loadFioJobs(file: string, size: number | undefined): FioInput {
  const { stages, arrayBytes } = placeThreads(parseFioJobs(readInput(file), file), file, size);
  const { pace, speed, depth } = DEFAULTS;
  return { arrayBytes, requests: [], fio: stages, pace, speed, depth };
}
