import type { DmaStatus } from '../cookie';

/** `enum dma_status` of 2007 (CK-15). */
export const LegacyStatus = { SUCCESS: 0, IN_PROGRESS: 1, ERROR: 2 } as const;
export type LegacyStatus = (typeof LegacyStatus)[keyof typeof LegacyStatus];

/** What each of today's answers was in 2007; a channel that could pause or overtake had not come to its end. */
export const STATUS_OF_2007: Readonly<Record<DmaStatus, LegacyStatus>> = {
  complete: LegacyStatus.SUCCESS,
  in_progress: LegacyStatus.IN_PROGRESS,
  paused: LegacyStatus.IN_PROGRESS,
  error: LegacyStatus.ERROR,
  out_of_order: LegacyStatus.IN_PROGRESS,
};
