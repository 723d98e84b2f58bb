/** `adma run`: a scenario, or a fio job file on an array that options describe. */
import { DEFAULT_DRAM_BYTES } from '../../emulator/memory/dram';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import { DISK_MODEL_NAMES } from '../../raid5/disks/models';
import type { DiskModelName } from '../../raid5/disks/models';
import { Geometry } from '../../raid5/geometry';
import type { BenchPlan } from '../../raid5/life/bench';
import { metadataOf } from '../../raid5/life/bench';
import { ThreadSource } from '../../raid5/workload/fio/thread-source';
import { InputError } from '../../raid5/workload/input-error';
import { TraceSource } from '../../raid5/workload/request-source';
import { DRIVERS } from '../../raid5/workload/run';
import { commandLine } from '../console/command-line';
import type { ExitCode } from '../console/exit-code';
import type { HostOptions, OutputFormat } from '../console/host-run';
import { hostLife, hostRun } from '../console/host-run';
import { fields, forOption, oneOf, refuseOption } from '../input/fields';
import { readInput } from '../input/read-input';
import type { Scenario, ScenarioLife } from '../input/scenario';
import { readScenario } from '../input/scenario';
import type { YamlSource } from '../input/schema';
import type { ArrayOptions } from './array-options';
import { ARRAY_FLAGS, flagOf, GivenOptions, readArrayOptions } from './array-options';
import type { FioInput } from './fio-input';
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
      trace: options,
      command: commandLine(['run', file, ...reader.given]),
    },
  );
}

function runScenario(file: string, options: RunOptions): Promise<ExitCode> {
  for (const flag of [...ARRAY_FLAGS, 'size'] as const) {
    if (options[flag] !== undefined)
      refuseOption(flagOf(flag), 'a scenario says this itself', 'it only with a .fio file');
  }
  const { scenario, source } = readScenario(readInput(file), file, {
    platforms: PLATFORM_NAMES,
    disks: DISK_MODEL_NAMES as [DiskModelName, ...DiskModelName[]],
    units: (name) => PLATFORMS[name].engines.map(({ unit }) => unit.name),
  });
  const { array, workload, platform, check, faults, engineFaults, engineErrors, life } = scenario;
  const seed = options.seed === undefined ? scenario.seed : parseSeed(options.seed);
  const { pace, speed, depth } = workload;
  const jobs = workload.fio === undefined ? undefined : loadFioJobs(workload.fio, array.size);
  const input = jobs ?? { ...loadTrace(workload.trace!, pace, speed, array.size), pace, speed, depth };
  const host = {
    title: `${scenario.name}: ${workload.fio ?? workload.trace} on ${PLATFORMS[platform].title}`,
    format: formatOf(options, jobs !== undefined),
    trace: options,
    command: commandLine(['run', file, '--seed', String(seed)]),
  };
  if (life !== undefined) return runLife({ ...scenario, seed, life }, source, input, host);
  return hostRun(
    {
      platform,
      seed,
      level: array.level,
      disks: array.disks,
      chunk: array.chunk,
      layout: array.layout,
      cache: array.cache,
      rmwLevel: array.rmwLevel,
      diskModel: array.disk,
      ...input,
      failures: faults,
      engineFaults,
      engineErrors,
      check,
    },
    host,
  );
}

/** The numbers of an array with metadata have to fit each other: what does not is said where it stands. */
function runLife(
  scenario: Scenario<PlatformName, DiskModelName> & { readonly life: ScenarioLife },
  source: YamlSource,
  input: FioInput,
  host: HostOptions,
): Promise<ExitCode> {
  const { platform, seed, engineErrors, life, array, workload } = scenario;
  const { level, disks, chunk, layout, cache, rmwLevel, disk: model } = array;
  if (host.format === 'fio') refuseOption('--output-format', 'fio’s report knows no power cuts', 'normal, or --json');
  const unlike = input.fio?.flat().find(({ job }) => job.verify !== undefined)?.job;
  if (unlike !== undefined) {
    const problem = `verify=${unlike.verify}: every byte on an array with metadata carries the number of its write`;
    throw new InputError(workload.fio!, unlike.line, 1, problem, 'a job without, as all is compared anyway');
  }
  const size = new Geometry(level, disks, chunk, layout).memberSectors(input.arrayBytes);
  const { bitmapChunk } = life;
  const plan: BenchPlan = {
    ...{ seed, platform, level, layout, disks, chunk, size, bitmapChunk, cache, model, rmwLevel },
    dramBytes: DEFAULT_DRAM_BYTES,
    driver: DRIVERS[engineErrors],
  };
  source.at(bitmapChunk === undefined ? 'array' : 'array.bitmapChunk', () => metadataOf(plan));
  const { requests, pace, speed, depth } = input;
  const stages = input.fio?.map((threads) => threads.map((thread) => new ThreadSource(thread, seed))) ?? [
    [new TraceSource(requests, pace, speed, depth)],
  ];
  return hostLife({ plan, spares: life.spares, stages, events: life.events, checks: life.checks }, host);
}

/** @param jobs whether there are fio jobs to report */
function formatOf({ json, outputFormat }: RunOptions, jobs: boolean): OutputFormat {
  if (outputFormat === undefined) return json === true ? 'json' : 'text';
  const flag = '--output-format';
  if (json === true) refuseOption(flag, '--json is another document', 'one of the two');
  const format = forOption(flag, () => oneOf(['normal', 'json']).parse(outputFormat));
  if (!jobs) refuseOption(flag, 'there are no fio jobs to report', 'it only with fio jobs');
  return format === 'json' ? 'fio' : 'text';
}

function parseSeed(text: string): number {
  return forOption('--seed', () => fields.seed.parse(text));
}
