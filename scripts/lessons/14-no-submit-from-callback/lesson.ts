import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '14-no-submit-from-callback',
  title: 'Nothing is submitted from a callback',
  rules: ['AX-11', 'IA-64', 'AX-04', 'SW-13', 'KS-02'],
  kernel: ['iop_adma_tasklet', 'iop_adma_tx_submit', 'ops_complete_biofill', 'raid5_release_stripe', 'raid5d'],
  hints: [
    'Who holds the lock of the channel while your callback runs, and who wants it to prepare and submit a descriptor?',
    'A callback may do little: note that something is done and wake somebody. Who could that somebody be? It already sleeps at the end of `carryAll`.',
    'Let the callback put the job back: `queue.push(job); wait.wake();`. The thread takes jobs off the queue and calls `step` for each.',
    'In `carryAll`: `while (left > 0) { for (const job of queue.splice(0)) step(job); api.issuePendingAll(); yield* wait.wait(() => queue.length > 0 || left === 0); }`. `step` counts `left` down where a job has arrived.',
  ],
};
