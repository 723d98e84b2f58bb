import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '03-chaining',
  title: 'Chaining',
  rules: ['hw-iop13xx 4.1', 'hw-iop13xx 4.5', 'IA-10'],
  kernel: ['iop_desc_set_next_desc', 'iop_chan_set_next_descriptor', 'iop_desc_init_zero_sum'],
  hints: [
    'The descriptors of the timeline that were never written: where did the channel get their address from?',
    'The last descriptor is not like the others, in two words. Which of the moves is the last one?',
    'With `const last = i === moves.length - 1`: word 0 is `last ? 0 : address + DESCRIPTOR_BYTES`.',
    'And word 1 is `last ? COPY_AND_TELL : COPY`. For the predictions: a descriptor is fetched whole, `next` included, when it begins; nothing of it is read again.',
  ],
};
