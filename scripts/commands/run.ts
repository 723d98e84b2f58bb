/** `adma run`: a scenario file. */
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import { DISK_MODEL_NAMES } from '../../raid5/disks/models';
import type { DiskModelName } from '../../raid5/disks/models';
import { commandLine } from '../console/command-line';
import type { ExitCode } from '../console/exit-code';
import { hostRun } from '../console/host-run';
import { fields, forOption } from '../input/fields';
import { readInput } from '../input/read-input';
import { parseScenario } from '../input/scenario';
import { loadTrace } from './trace-input';

export interface RunOptions {
  readonly seed?: string;
  readonly json?: boolean;
  readonly trace?: string;
}

/** Runs the scenario and prints its report. Throws FieldError for anything wrong with the input. */
export function runScenario(file: string, options: RunOptions): Promise<ExitCode> {
  const scenario = parseScenario(readInput(file), file, {
    platforms: PLATFORM_NAMES,
    disks: DISK_MODEL_NAMES as [DiskModelName, ...DiskModelName[]],
  });
  const { array, workload, platform, check, faults } = scenario;
  const seed = options.seed === undefined ? scenario.seed : parseSeed(options.seed);
  const trace = loadTrace(workload.trace, workload.pace, workload.speed, array.size);
  return hostRun(
    {
      platform,
      seed,
      level: array.level,
      disks: array.disks,
      chunk: array.chunk,
      layout: array.layout,
      cache: array.cache,
      diskModel: array.disk,
      ...trace,
      pace: workload.pace,
      speed: workload.speed,
      depth: workload.depth,
      failures: faults,
      check,
    },
    {
      title: `${scenario.name}: ${workload.trace} on ${PLATFORMS[platform].title}`,
      json: options.json === true,
      traceFile: options.trace,
      command: commandLine(['run', file, '--seed', String(seed)]),
    },
  );
}

function parseSeed(text: string): number {
  return forOption('--seed', () => fields.seed.parse(text));
}
