/** iop-adma: an emulator of the Intel XScale I/O processors' DMA and RAID engines. */
export { createTarget } from './emulator/platforms/target';
export type { Target, TargetOptions } from './emulator/platforms/target';
export { PLATFORM_NAMES } from './emulator/platforms';
export type { PlatformName } from './emulator/platforms';
export type { BusFault, BusFaultKind } from './emulator/faults/bus-faults';
export type { Finding } from './emulator/findings';
