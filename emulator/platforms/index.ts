import { IOP341, IOP342, IOP348, NONE } from './iop13xx';
import { IOP321, IOP331 } from './iop3xx';
import type { PlatformRecord } from './platform';

/** Every platform by name. */
export const PLATFORMS = {
  iop342: IOP342,
  iop341: IOP341,
  iop348: IOP348,
  iop331: IOP331,
  iop321: IOP321,
  none: NONE,
} as const satisfies Record<string, PlatformRecord>;

export type PlatformName = keyof typeof PLATFORMS;

/** The names, in the order help texts show them. */
export const PLATFORM_NAMES = Object.keys(PLATFORMS) as PlatformName[];
