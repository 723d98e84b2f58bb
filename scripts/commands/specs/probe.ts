/** `adma probe` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Probe from '../probe';
import type { ProbeOptions } from '../probe';
import { JSON_OPTION, PLATFORM, TRACE_OPTIONS } from './shared';

export const PROBE: CommandSpec = {
  options: [PLATFORM, ...TRACE_OPTIONS, JSON_OPTION],
  examples: ['adma probe --platform iop331'],
  run: (_, options: ProbeOptions) => (require('../probe') as typeof Probe).probe(options),
};
