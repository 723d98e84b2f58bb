/** `adma run`: a scenario, or a fio job file on an array that options describe. */
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import { DISK_MODEL_NAMES } from '../../raid5/disks/models';
import type { DiskModelName } from '../../raid5/disks/models';
import { FieldError } from '../../raid5/workload/input-error';
import { commandLine } from '../console/command-line';
import type { ExitCode } from '../console/exit-code';
import type { OutputFormat } from '../console/host-run';
import { hostRun } from '../console/host-run';
import { fields, forOption, oneOf } from '../input/fields';
import { readInput } from '../input/read-input';
import { parseScenario } from '../input/scenario';
import type { ArrayOptions } from './array-options';
import { ARRAY_FLAGS, GivenOptions, readArrayOptions } from './array-options';
import { loadFioJobs } from './fio-input';
import { loadTrace } from './trace-input';

export interface RunOptions extends ArrayOptions {
  readonly size?: string;
  readonly outputFormat?: string;
}

/** Runs the file and prints its report. Throws FieldError for anything wrong with the input. */
export function run(file: string, options: RunOptions): Promise<ExitCode> {
  return file.endsWith('.fio') ? runFio(file, options) : runScenario(file, options);
}

function runFio(file: string, options: RunOptions): Promise<ExitCode> {
  const reader = new GivenOptions(options);
  const size = reader.read('size', fields.size, undefined);
  const array = readArrayOptions(reader, options.check === true);
  return hostRun(
    { ...array, ...loadFioJobs(file, size) },
    {
      title: `${file} on ${PLATFORMS[array.platform].title}`,
      format: formatOf(options, true),
      traceFile: options.trace,
      command: commandLine(['run', file, ...reader.given]),
    },
  );
}

function runScenario(file: string, options: RunOptions): Promise<ExitCode> {
  for (const flag of [...ARRAY_FLAGS, 'size'] as const) {
    if (options[flag] !== undefined) refuse(`--${flag}`, 'a scenario says this itself', 'it only with a .fio file');
  }
  const scenario = parseScenario(readInput(file), file, {
    platforms: PLATFORM_NAMES,
    disks: DISK_MODEL_NAMES as [DiskModelName, ...DiskModelName[]],
    units: (name) => PLATFORMS[name].engines.map(({ unit }) => unit.name),
  });
  const { array, workload, platform, check, faults, engineFaults, engineErrors } = scenario;
  const seed = options.seed === undefined ? scenario.seed : parseSeed(options.seed);
  const { pace, speed, depth } = workload;
  const jobs = workload.fio === undefined ? undefined : loadFioJobs(workload.fio, array.size);
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
      ...(jobs ?? { ...loadTrace(workload.trace!, pace, speed, array.size), pace, speed, depth }),
      failures: faults,
      engineFaults,
      engineErrors,
      check,
    },
    {
      title: `${scenario.name}: ${workload.fio ?? workload.trace} on ${PLATFORMS[platform].title}`,
      format: formatOf(options, jobs !== undefined),
      traceFile: options.trace,
      command: commandLine(['run', file, '--seed', String(seed)]),
    },
  );
}

/** @param jobs whether there are fio jobs to report */
function formatOf({ json, outputFormat }: RunOptions, jobs: boolean): OutputFormat {
  if (outputFormat === undefined) return json === true ? 'json' : 'text';
  const flag = '--output-format';
  if (json === true) refuse(flag, '--json is another document', 'one of the two');
  const format = forOption(flag, () => oneOf(['normal', 'json']).parse(outputFormat));
  if (!jobs) refuse(flag, 'there are no fio jobs to report', 'it only with fio jobs');
  return format === 'json' ? 'fio' : 'text';
}

function parseSeed(text: string): number {
  return forOption('--seed', () => fields.seed.parse(text));
}

function refuse(flag: string, problem: string, expected: string): never {
  return forOption(flag, () => {
    throw new FieldError(problem, expected);
  });
}
