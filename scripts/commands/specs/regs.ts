/** `adma regs` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Regs from '../regs';
import type { RegsOptions } from '../regs';
import { ANY_PLATFORM, JSON_OPTION } from './shared';

export const REGS: CommandSpec = {
  arguments: [{ name: '[unit]', says: 'like adma0, aau, intc, timers' }],
  options: [ANY_PLATFORM, { name: '--fields', says: 'the fields of every register as well' }, JSON_OPTION],
  examples: ['adma regs --platform iop342', 'adma regs adma0 --fields'],
  run: ([unit], options: RegsOptions) => (require('../regs') as typeof Regs).regs(unit, options),
};
