/** The default workload as fast as the array takes it, on engines and in software. */
import { defaultLayout } from '../../raid5/layouts';
import type { PlatformName } from '../../emulator/platforms';
import { WorkloadRun } from '../../raid5/workload/run';
import { loadTrace } from '../commands/trace-input';
import { DEFAULTS } from '../input/fields';
import type { Benchmark } from './harness';
import { timed } from './harness';
import { projectFile } from './project';

const TRACE = projectFile('scripts', 'workloads', 'sqlite.csv.gz');

/** The workload phase only: boot before it and verification after it are not measured. */
export function defaultWorkload(platform: PlatformName): Benchmark {
  return {
    name: `default workload, asap, ${platform}`,
    run() {
      const trace = loadTrace(TRACE, 'asap', 1, undefined);
      const run = new WorkloadRun({
        ...DEFAULTS,
        ...trace,
        platform,
        pace: 'asap',
        diskModel: 'hdd-7200',
        layout: defaultLayout(DEFAULTS.level),
        failures: [],
        check: false,
      });
      while (run.phase === 'boot') run.advance(1);
      const seconds = timed(() => {
        while (run.phase === 'workload' && run.advance(100)) continue;
      });
      const { writes } = run.array!.statistics;
      return {
        seconds,
        amounts: { requests: trace.requests.length, 'stripe writes': writes.full + writes.rmw + writes.rcw },
      };
    },
  };
}
