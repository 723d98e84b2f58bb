import type { DmaCookie, DmaStatus } from 'iop-adma';

/** The cookie after this one. */
export function nextCookie(last: DmaCookie): DmaCookie {
  // | 0 is what a 32-bit register does: 0x7fffffff + 1 is -0x80000000.
  return (last + 1) | 0;
}

/** Whether the request with this cookie is done: 'complete' or 'in_progress'. */
export function isComplete(cookie: DmaCookie, lastComplete: DmaCookie, lastUsed: DmaCookie): DmaStatus {
  void lastUsed;
  return cookie <= lastComplete ? 'complete' : 'in_progress';
}

type Answer = 'complete' | 'in_progress' | null;

/** What does `dma_async_is_complete` say? Your predictions; null is no answer. */
export const predictions = {
  /** (6, 5, 6) */
  running: null as Answer,
  /** (7, 5, 6): larger than any that was given out */
  beyond: null as Answer,
  /** (-16, 5, 6): the cookie of a descriptor that nobody submitted */
  neverSubmitted: null as Answer,
  /** (1, 0x7ffffffe, 1) */
  firstAfterTheWrap: null as Answer,
  /** (2, 0x7ffffffe, 1) */
  beforeTheWrap: null as Answer,
  /** (-16, 0x7ffffffe, 1) */
  neverSubmittedInTheWrap: null as Answer,
};
