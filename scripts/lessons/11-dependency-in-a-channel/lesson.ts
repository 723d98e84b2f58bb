import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '11-dependency-in-a-channel',
  title: 'A dependency inside a channel',
  rules: ['AX-30', 'AX-31', 'AX-06', 'AX-09', 'AX-12', 'AX-40'],
  kernel: ['async_memcpy', 'async_tx_submit', 'init_async_submit', 'async_tx_ack', 'async_tx_issue_pending_all'],
  hints: [
    'ACK is a promise: "nobody will hang anything on this one". Of which link of the chain is that true?',
    'Each copy but the first has something that must come before it: what the call before returned. Each copy but the last is read by the next one: say so with a flag. Only the end of the last one is news to the caller.',
    'Keep `tx` over the turns of the loop: `tx = asyncMemcpy(…, initAsyncSubmit(flags, tx, callback))`. With `const last = i === pages.length - 1`, the flags are `last ? ACK : FENCE`, the callback is `last ? done : undefined`.',
    'And three descriptors are fewer than the driver waits for before it rings by itself: `api.issuePendingAll()` after the loop.',
  ],
};
