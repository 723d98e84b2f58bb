/** `adma replay`: any block trace, MSR Cambridge CSV or fio iolog. */
import { PLATFORMS } from '../../emulator/platforms';
import { FieldError } from '../../raid5/workload/input-error';
import { commandLine } from '../console/command-line';
import type { ExitCode } from '../console/exit-code';
import { hostRun } from '../console/host-run';
import { DEFAULTS, fields, forOption } from '../input/fields';
import type { ArrayOptions } from './array-options';
import { GivenOptions, readArrayOptions } from './array-options';
import { loadTrace } from './trace-input';

export interface ReplayOptions extends ArrayOptions {
  readonly pace?: string;
  readonly speed?: string;
  readonly depth?: string;
}

/** Replays the trace and prints its report. Throws FieldError for anything wrong with file or options. */
export function replay(file: string, options: ReplayOptions): Promise<ExitCode> {
  const reader = new GivenOptions(options);
  const pace = reader.read('pace', fields.pace, DEFAULTS.pace);
  const speed = reader.read('speed', fields.speed, DEFAULTS.speed);
  const depth = reader.read('depth', fields.depth, DEFAULTS.depth);
  if (pace === 'asap' && options.speed !== undefined) refuse('--speed', 'asap', 'trace');
  if (pace === 'trace' && options.depth !== undefined) refuse('--depth', 'trace', 'asap');
  const array = readArrayOptions(reader, options.check === true);
  const trace = loadTrace(file, pace, speed, undefined);
  return hostRun(
    { ...array, ...trace, pace, speed, depth },
    {
      title: `replay of ${file} on ${PLATFORMS[array.platform].title}`,
      format: options.json === true ? 'json' : 'text',
      trace: options,
      command: commandLine(['replay', file, ...reader.given]),
    },
  );
}

function refuse(flag: string, pace: string, needed: string): never {
  return forOption(flag, () => {
    throw new FieldError(`it means nothing with pace ${pace}`, `it only with --pace ${needed}`);
  });
}
