/** The results of a job file, one for each job or, without `group_reporting`, for each of its clones. */
import { SECTOR } from '../../geometry';
import type { BlockFailure } from '../block-check';
import type { FioJob } from './job';
import { ThreadStatistics } from './statistics';
import type { ThreadSource } from './thread-source';

export interface JobResult {
  readonly job: FioJob;
  /** Which stage it ran in, from 0. */
  readonly stage: number;
  readonly statistics: ThreadStatistics;
  /** fio's errno: 84 (EILSEQ) when a block of the job did not check, 5 (EIO) when a request failed. */
  readonly error: 0 | 5 | 84;
}

/** @param failures blocks that did not check */
export function jobResults(
  stages: readonly (readonly ThreadSource[])[],
  failures: readonly BlockFailure[],
): JobResult[] {
  return stages.flatMap((sources, stage) => {
    const groups = new Map<FioJob | ThreadSource, ThreadSource[]>();
    for (const source of sources) {
      const { job } = source.thread;
      const key = job.groupReporting ? job : source;
      groups.set(key, [...(groups.get(key) ?? []), source]);
    }
    return [...groups.values()].map((threads) => {
      const statistics = new ThreadStatistics();
      for (const thread of threads) statistics.merge(thread.statistics);
      return { job: threads[0].thread.job, stage, statistics, error: errorOf(threads, statistics, failures) };
    });
  });
}

function errorOf(
  threads: readonly ThreadSource[],
  { read, write }: ThreadStatistics,
  failures: readonly BlockFailure[],
): JobResult['error'] {
  const unchecked = threads.some(
    ({ thread: { job, region } }) =>
      job.verify !== undefined &&
      failures.some(({ sector }) => region.start <= sector * SECTOR && sector * SECTOR < region.start + region.length),
  );
  if (unchecked) return 84;
  return read.failed + write.failed > 0 ? 5 : 0;
}
