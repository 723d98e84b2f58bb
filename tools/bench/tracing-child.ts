/**
 * One side of a pair: prints the least processor seconds of several executions, of three channels in chains of descriptors
 * or of a part of the default workload on the array. Arguments: which, the workload, and the file to record in, if any.
 */
import { WorkloadRun } from '../../raid5/workload/run';
import { CHAIN_BENCHMARKS } from '../../scripts/bench/chains';
import { loadTrace } from '../../scripts/commands/trace-input';
import { openRecorder } from '../../scripts/console/recorder';
import { DEFAULTS } from '../../scripts/input/fields';

const TIMES = { chains: 8, array: 2 } as const;
const REQUESTS = 400;

const [, threeChannels] = CHAIN_BENCHMARKS;

/** The workload phase, and the end of the recording. */
function array(workload: string, file: string | undefined): number {
  const { requests, ...trace } = loadTrace(workload, 'asap', 1, undefined);
  const recorder = openRecorder(file === undefined ? {} : { trace: file });
  const run = new WorkloadRun({
    ...{ ...DEFAULTS, ...trace, requests: requests.slice(0, REQUESTS), pace: 'asap', platform: 'iop342' },
    ...{ diskModel: 'hdd-7200', layout: 'left-symmetric', failures: [], check: false, recording: recorder.machine },
  });
  while (run.phase === 'boot') run.advance(1);
  return processorSeconds(() => {
    while (run.phase === 'workload' && run.advance(100)) continue;
    recorder.close();
  });
}

function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const [, , which, workload, file] = process.argv;
const once = which === 'array' ? () => array(workload, file) : () => processorSeconds(() => threeChannels.run());
let least = Infinity;
for (let i = 0; i < TIMES[which as keyof typeof TIMES]; i++) least = Math.min(least, once());
process.stdout.write(String(least));
