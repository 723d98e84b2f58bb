import type { DmaCookie, DmaStatus } from 'iop-adma';

/** The cookie after this one. */
export function nextCookie(last: DmaCookie): DmaCookie {
  // | 0 is what a 32-bit register does: 0x7fffffff + 1 is -0x80000000.
  const next = (last + 1) | 0;
  return next < 1 ? 1 : next;
}

/** Whether the request with this cookie is done: 'complete' or 'in_progress'. */
export function isComplete(cookie: DmaCookie, lastComplete: DmaCookie, lastUsed: DmaCookie): DmaStatus {
  const before = cookie <= lastComplete;
  const after = cookie > lastUsed;
  const complete = lastComplete <= lastUsed ? before || after : before && after;
  return complete ? 'complete' : 'in_progress';
}

type Answer = 'complete' | 'in_progress' | null;

/** What does `dma_async_is_complete` say? Your predictions; null is no answer. */
export const predictions = {
  /** (6, 5, 6) */
  running: 'in_progress' as Answer,
  /** (7, 5, 6): larger than any that was given out */
  beyond: 'complete' as Answer,
  /** (-16, 5, 6): the cookie of a descriptor that nobody submitted */
  neverSubmitted: 'complete' as Answer,
  /** (1, 0x7ffffffe, 1) */
  firstAfterTheWrap: 'in_progress' as Answer,
  /** (2, 0x7ffffffe, 1) */
  beforeTheWrap: 'complete' as Answer,
  /** (-16, 0x7ffffffe, 1) */
  neverSubmittedInTheWrap: 'in_progress' as Answer,
};
