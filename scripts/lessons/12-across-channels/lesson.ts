import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '12-across-channels',
  title: 'Across channels',
  rules: ['SW-04', 'SW-05', 'SW-06', 'SW-10', 'AX-31', 'AX-35', 'AX-40'],
  kernel: ['dma_run_dependencies', 'async_tx_channel_switch', '__iop_adma_slot_cleanup', 'txd_chain'],
  hints: [
    'Cleanup comes by a completed descriptor more than once, and calls you each time. What must be different the second time?',
    'A dependant has a parent no more once you submit it: clear `parent`, or whoever attaches behind it will wait for you. And who sets its channel going?',
    'Behind the first dependant may hang a second one on the same channel: it is yours to submit as well, in order. One on another channel is not: it waits for the interrupt descriptor that you have just submitted.',
    'Clear `tx.next`. Then, as long as there is a dependant: take its own `next` if that is on the same channel (and clear that link, else keep it), clear its `parent`, submit it, go on with what you took. At the end one `chan.device.deviceIssuePending?.(chan)`.',
  ],
};
