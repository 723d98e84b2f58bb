import { bugOn } from '../emulator/kernel/bug';
import type { DmaAsyncTxDescriptor } from './descriptor';
import type { DmaChan } from './device';

/**
 * `dma_cookie_t`: a signed 32-bit integer (CK-01). Above 0 it names a request, 0 means no live request,
 * below 0 it is an error code.
 */
export type DmaCookie = number;

/** `DMA_MIN_COOKIE` (CK-04). */
export const DMA_MIN_COOKIE: DmaCookie = 1;

/** The cookie of a descriptor between prep and submit, or waiting on a dependency (CK-02). */
export const EBUSY_COOKIE: DmaCookie = -16;

/** `enum dma_status` (CK-15). */
export type DmaStatus = 'complete' | 'in_progress' | 'paused' | 'error' | 'out_of_order';

/** `struct dma_tx_state` (CK-13). */
export interface DmaTxState {
  last: DmaCookie;
  used: DmaCookie;
  residue: number;
}

/** `dma_cookie_init` (CK-04). */
export function dmaCookieInit(chan: DmaChan): void {
  chan.cookie = DMA_MIN_COOKIE;
  chan.completedCookie = DMA_MIN_COOKIE;
}

/** `dma_cookie_assign`: the next cookie after the channel's last one, 1 after 0x7fffffff (CK-03, CK-05). */
export function dmaCookieAssign(tx: DmaAsyncTxDescriptor): DmaCookie {
  const next = (tx.chan.cookie + 1) | 0;
  const cookie = next < DMA_MIN_COOKIE ? DMA_MIN_COOKIE : next;
  tx.cookie = cookie;
  tx.chan.cookie = cookie;
  return cookie;
}

/** `dma_cookie_complete`: the channel has come this far, and the descriptor cannot complete twice (CK-07). */
export function dmaCookieComplete(tx: DmaAsyncTxDescriptor): void {
  bugOn(tx.cookie < DMA_MIN_COOKIE, 'CK-07', `cookie ${tx.cookie} completes`, 'dma_cookie_complete');
  tx.chan.completedCookie = tx.cookie;
  tx.cookie = 0;
}

/** `dma_async_is_complete`: the decision table of CK-09 and CK-10. */
export function dmaAsyncIsComplete(cookie: DmaCookie, lastComplete: DmaCookie, lastUsed: DmaCookie): DmaStatus {
  const before = cookie <= lastComplete;
  const after = cookie > lastUsed;
  const complete = lastComplete <= lastUsed ? before || after : before && after;
  return complete ? 'complete' : 'in_progress';
}

/** `dma_cookie_status`: reads last-used first, then last-completed, without a lock (CK-13). */
export function dmaCookieStatus(chan: DmaChan, cookie: DmaCookie, state?: DmaTxState): DmaStatus {
  const used = chan.cookie;
  const last = chan.completedCookie;
  if (state !== undefined) {
    state.last = last;
    state.used = used;
    state.residue = 0;
  }
  return dmaAsyncIsComplete(cookie, last, used);
}
