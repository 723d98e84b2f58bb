import type { DmaChan } from '../device';
import type { LegacyCapMask } from './capability';

/** `enum dma_state`: what happened to a channel (CL-03). The core itself sends only the last two. */
export const DmaState = { SUSPEND: 0, RESUME: 1, AVAILABLE: 2, REMOVED: 3 } as const;
export type DmaState = (typeof DmaState)[keyof typeof DmaState];

/**
 * `enum dma_state_client`: what the client says to it (CL-03). `ACK`: I use it, or used it. `DUP`: I know
 * it already, or do not use it. `NAK`: I have channels enough. Mind that ACK is 0.
 */
export const DmaStateClient = { ACK: 0, DUP: 1, NAK: 2 } as const;
export type DmaStateClient = (typeof DmaStateClient)[keyof typeof DmaStateClient];

/** `struct dma_client`: who wants channels, of which kind, and how it is told (CL-01). */
export interface DmaClient {
  readonly capMask: LegacyCapMask;
  /** `dma_event_callback`: also where a platform's own filter goes (section 4.2 of the 2007 document). */
  eventCallback(client: DmaClient, chan: DmaChan, state: DmaState): DmaStateClient;
}
