import { IOP341, IOP342, IOP348, NONE } from './iop13xx';
import { IOP321, IOP331 } from './iop3xx';
import type { PlatformName } from './names';
import type { PlatformRecord } from './platform';

export { PLATFORM_NAMES } from './names';
export type { PlatformName } from './names';

/** Every platform by name. */
export const PLATFORMS = {
  iop342: IOP342,
  iop341: IOP341,
  iop348: IOP348,
  iop331: IOP331,
  iop321: IOP321,
  none: NONE,
} as const satisfies Record<PlatformName, PlatformRecord>;
