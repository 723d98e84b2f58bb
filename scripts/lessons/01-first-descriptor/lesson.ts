import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '01-first-descriptor',
  title: 'The first descriptor, by hand',
  rules: ['hw-iop13xx 2.1', 'hw-iop13xx 3.1', 'IA-41'],
  kernel: ['iop_desc_init_memcpy', 'iop_chan_set_next_descriptor', 'iop_chan_enable'],
  hints: [
    'The engine knows nothing but an address. What must lie at that address before you give it away?',
    'Words 0, 1, 3, 4 and 6 matter: next, control, byte count, destination, source. Zero ends a chain.',
    'Write 0x7 into word 1 (interrupt at the end, local memory to local memory), then the address of the descriptor into ANDAR, then 1 into ACCR. The order of the two registers matters: the enable bit starts the engine at once.',
  ],
};
