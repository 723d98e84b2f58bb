import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '09-thresholds-and-doorbells',
  title: 'Thresholds and doorbells',
  rules: ['IA-43', 'IA-44', 'IA-45', 'IA-47', 'AX-12'],
  kernel: ['iop_adma_check_threshold', 'iop_adma_issue_pending', 'dma_async_issue_pending'],
  hints: [
    'Follow `pending` through the picture. Where in your code does it become 0?',
    'issue_pending is for those who do not want to wait until there is enough. From how many pending slots on does it ring?',
    'Both steps: `chan.pending = 0;` before `chan.steps.append(chan);`. `issuePending` returns early only when `chan.pending === 0`.',
    'The client calls `chan.device.deviceIssuePending?.(chan);` once, behind the loop. For the predictions: a sum of five sources takes 2 slots, and whoever is linked before the old tail is fetched needs no doorbell (lesson 4, case 1).',
  ],
};
