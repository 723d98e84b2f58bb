import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '02-reading-status',
  title: 'Reading status, and writing one to clear it',
  rules: ['hw-iop13xx 2.2', 'IA-71'],
  kernel: ['iop_adma_eot_handler', 'iop_adma_device_clear_eot_status', 'iop_chan_is_busy'],
  hints: [
    'A bit that is cleared by writing one to it is not cleared by writing zero. What does a read-modify-write do to its neighbours?',
    'Write a word in which only the bit that you mean is one. Do not write back what you read.',
    '`acknowledge` is `target.write32(ACSR, END_OF_TRANSFER)`, and nothing else. `isBusy` masks what `target.read32(ACSR)` says with ACTIVE.',
  ],
};
