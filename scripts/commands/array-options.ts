/** The options of every command that builds an array: which one, what goes wrong on it, what is printed. */
import { PLATFORM_NAMES } from '../../emulator/platforms';
import { DISK_MODEL_NAMES } from '../../raid5/disks/models';
import type { RmwLevel } from '../../raid5/handler/state';
import type { Level } from '../../raid5/layouts';
import { defaultLayout } from '../../raid5/layouts';
import type { RunConfig } from '../../raid5/workload/run';
import type { TraceOptions } from '../console/recorder';
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

/** Options as commander hands them over: text, absent where not given. */
export interface ArrayOptions extends TraceOptions {
  readonly platform?: string;
  readonly level?: string;
  readonly disks?: string;
  readonly chunk?: string;
  readonly layout?: string;
  readonly cache?: string;
  readonly rmwLevel?: string;
  readonly disk?: string;
  readonly fail?: string;
  readonly seed?: string;
  readonly check?: boolean;
}

/** What the options of an array are called, for those who take none. */
export const ARRAY_FLAGS = [
  'platform',
  'level',
  'disks',
  'chunk',
  'layout',
  'cache',
  'rmwLevel',
  'disk',
  'fail',
  'check',
] as const;

/** How a user writes an option. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Options read by name, with a note of those that were given: what repeats the run. */
export class GivenOptions<Options extends object> {
  readonly given: string[] = [];

  constructor(private readonly options: Options) {}

  read<T>(name: keyof Options & string, field: Field<T>, fallback: T): T {
    const text = this.options[name];
    if (typeof text !== 'string') return fallback;
    this.given.push(flagOf(name), text);
    return forOption(flagOf(name), () => field.parse(text));
  }
}

/** The part of a run that does not depend on the workload. */
export type ArrayConfig = Pick<
  RunConfig,
  | 'platform'
  | 'seed'
  | 'level'
  | 'disks'
  | 'chunk'
  | 'layout'
  | 'cache'
  | 'rmwLevel'
  | 'diskModel'
  | 'failures'
  | 'check'
>;

/** @throws OptionError */
export function readArrayOptions(options: GivenOptions<ArrayOptions>, check: boolean): ArrayConfig {
  const platform = options.read('platform', oneOf(PLATFORM_NAMES), 'iop342');
  const level = options.read<Level>('level', fields.level, DEFAULTS.level);
  const disks = options.read('disks', fields.disks, DEFAULTS.disks);
  const chunk = options.read('chunk', fields.chunk, DEFAULTS.chunk);
  const layout = options.read('layout', fields.layout, defaultLayout(level));
  forOption('--disks', () => requireDisks(disks, level));
  forOption('--layout', () => requireLayout(layout, level));
  const cache = options.read('cache', fields.cache, DEFAULTS.cache);
  const rmwLevel = options.read<RmwLevel>('rmwLevel', fields.rmwLevel, DEFAULTS.rmwLevel);
  const diskModel = options.read('disk', oneOf(DISK_MODEL_NAMES), DISK_MODEL_NAMES[0]);
  const failures = options.read<readonly DiskFailure[]>('fail', fields.fail, []);
  failures.forEach(({ disk }, index) =>
    forOption('--fail', () => {
      requireDisk(disk, disks);
      requireSurvivable(index, level);
    }),
  );
  const seed = options.read('seed', fields.seed, DEFAULTS.seed);
  if (!options.given.includes('--seed')) options.given.push('--seed', String(seed));
  if (check) options.given.push('--check');
  return { platform, seed, level, disks, chunk, layout, cache, rmwLevel, diskModel, failures, check };
}
