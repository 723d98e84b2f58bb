import { DmaCapability } from '../capability';
import type { DmaDevice } from '../device';

/** `enum dma_transaction_type` of 2.6.23 and 2.6.24 (CF-01). */
export const LegacyCapability = {
  MEMCPY: 0,
  XOR: 1,
  PQ_XOR: 2,
  DUAL_XOR: 3,
  PQ_UPDATE: 4,
  ZERO_SUM: 5,
  PQ_ZERO_SUM: 6,
  MEMSET: 7,
  MEMCPY_CRC32C: 8,
  INTERRUPT: 9,
} as const;
export type LegacyCapability = (typeof LegacyCapability)[keyof typeof LegacyCapability];

/** A client's `cap_mask`. */
export type LegacyCapMask = ReadonlySet<LegacyCapability>;

/** What each is called today; undefined for what no driver ever offered and the kernel dropped again. */
export const TODAY: Readonly<Record<LegacyCapability, DmaCapability | undefined>> = {
  [LegacyCapability.MEMCPY]: DmaCapability.MEMCPY,
  [LegacyCapability.XOR]: DmaCapability.XOR,
  [LegacyCapability.PQ_XOR]: DmaCapability.PQ,
  [LegacyCapability.DUAL_XOR]: undefined,
  [LegacyCapability.PQ_UPDATE]: undefined,
  [LegacyCapability.ZERO_SUM]: DmaCapability.XOR_VAL,
  [LegacyCapability.PQ_ZERO_SUM]: DmaCapability.PQ_VAL,
  [LegacyCapability.MEMSET]: DmaCapability.MEMSET,
  [LegacyCapability.MEMCPY_CRC32C]: undefined,
  [LegacyCapability.INTERRUPT]: DmaCapability.INTERRUPT,
};

/** `dma_has_cap`. */
export function dmaHasCap(device: DmaDevice, capability: LegacyCapability): boolean {
  const today = TODAY[capability];
  return today !== undefined && device.capMask.has(today);
}

/** `dma_chan_satisfies_mask`: an empty mask matches every channel (CL-01). */
export function satisfiesMask(device: DmaDevice, mask: LegacyCapMask): boolean {
  return [...mask].every((capability) => dmaHasCap(device, capability));
}
