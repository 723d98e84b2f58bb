import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '08-slot-pools-and-groups',
  title: 'Slot pools and groups',
  rules: ['IA-03', 'IA-05', 'IA-06', 'IA-07', 'IA-11', 'IA-20', 'IA-21', 'IA-22'],
  kernel: ['iop_adma_alloc_slots', 'iop_chan_xor_slot_count', 'iop_desc_is_aligned'],
  hints: [
    'Three things are missing: consecutive, aligned, and going round. Begin with the first: what does a busy slot mean for the run that was being counted?',
    'A busy slot sets `found` back to 0. A run may only begin where `aligned(index, slotsPerOp)` holds; once it has begun, the slots that follow need not be aligned.',
    'So a free slot counts when `found > 0 || aligned(index, slotsPerOp)`. And the search begins at `lastUsed + 1`; when it comes to the end, once more at 0.',
    'Put `for (const first of [lastUsed + 1, 0]) { let found = 0; for (let index = first; …) }` around it. For the predictions: words are 6 + 2n, a slot has 8; on the AAU look at the table, and a check of 4096 bytes is a group of 4.',
  ],
};
