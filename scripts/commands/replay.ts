/** `adma replay`: any block trace in the MSR Cambridge format. */
import { defaultLayout } from '../../raid5/layouts';
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import { DISK_MODEL_NAMES } from '../../raid5/disks/models';
import type { Level } from '../../raid5/layouts';
import { FieldError } from '../../raid5/workload/input-error';
import { commandLine } from '../console/command-line';
import type { ExitCode } from '../console/exit-code';
import { hostRun } from '../console/host-run';
import type { DiskFailure, Field } from '../input/fields';
import {
  DEFAULTS,
  fields,
  forOption,
  oneOf,
  requireDisk,
  requireDisks,
  requireLayout,
  requireSurvivable,
} from '../input/fields';
import { loadTrace } from './trace-input';

/** Options as commander hands them over: text, absent where not given. */
export interface ReplayOptions {
  readonly platform?: string;
  readonly level?: string;
  readonly disks?: string;
  readonly chunk?: string;
  readonly layout?: string;
  readonly cache?: string;
  readonly disk?: string;
  readonly pace?: string;
  readonly speed?: string;
  readonly depth?: string;
  readonly fail?: string;
  readonly seed?: string;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly trace?: string;
}

/** Replays the trace and prints its report. Throws FieldError for anything wrong with file or options. */
export function replay(file: string, options: ReplayOptions): Promise<ExitCode> {
  const given: string[] = [];
  const read = <T>(name: keyof ReplayOptions, field: Field<T>, fallback: T): T => {
    const text = options[name];
    if (typeof text !== 'string') return fallback;
    given.push(`--${name}`, text);
    return forOption(`--${name}`, () => field.parse(text));
  };
  const platform = read('platform', oneOf(PLATFORM_NAMES), 'iop342');
  const level = read<Level>('level', fields.level, DEFAULTS.level);
  const disks = read('disks', fields.disks, DEFAULTS.disks);
  const chunk = read('chunk', fields.chunk, DEFAULTS.chunk);
  const layout = read('layout', fields.layout, defaultLayout(level));
  forOption('--disks', () => requireDisks(disks, level));
  forOption('--layout', () => requireLayout(layout, level));
  const cache = read('cache', fields.cache, DEFAULTS.cache);
  const diskModel = read('disk', oneOf(DISK_MODEL_NAMES), DISK_MODEL_NAMES[0]);
  const pace = read('pace', fields.pace, DEFAULTS.pace);
  const speed = read('speed', fields.speed, DEFAULTS.speed);
  const depth = read('depth', fields.depth, DEFAULTS.depth);
  const failures = read<readonly DiskFailure[]>('fail', fields.fail, []);
  failures.forEach(({ disk }, index) =>
    forOption('--fail', () => {
      requireDisk(disk, disks);
      requireSurvivable(index, level);
    }),
  );
  if (pace === 'asap' && options.speed !== undefined) refuse('--speed', 'asap', 'trace');
  if (pace === 'trace' && options.depth !== undefined) refuse('--depth', 'trace', 'asap');
  const seed = read('seed', fields.seed, DEFAULTS.seed);
  if (options.seed === undefined) given.push('--seed', String(seed));
  if (options.check === true) given.push('--check');
  const trace = loadTrace(file, pace, speed, undefined);
  return hostRun(
    {
      platform,
      seed,
      level,
      disks,
      chunk,
      layout,
      cache,
      diskModel,
      ...trace,
      pace,
      speed,
      depth,
      failures,
      check: options.check === true,
    },
    {
      title: `replay of ${file} on ${PLATFORMS[platform].title}`,
      json: options.json === true,
      traceFile: options.trace,
      command: commandLine(['replay', file, ...given]),
    },
  );
}

function refuse(flag: string, pace: string, needed: string): never {
  return forOption(flag, () => {
    throw new FieldError(`it means nothing with pace ${pace}`, `it only with --pace ${needed}`);
  });
}
