import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '10-xor-and-xor-val',
  title: 'xor and xor_val',
  rules: ['hw-iop13xx 3.1', 'hw-iop13xx 3.2', 'IA-21', 'XV-01', 'CF-06'],
  kernel: ['iop_desc_init_xor', 'iop_desc_init_zero_sum', 'iop_desc_get_zero_result'],
  hints: [
    'Three of the six are in `xor`: compare the number of sources, where they stand and what stands beside them with the table, word by word.',
    'A check has no destination: every block, P included, is a source. What does `xorVal` do with the first one?',
    'Who writes word 3 at the end? Only a descriptor with control bit 12. And `zeroResult` looks at one bit of it; the byte count stands there as well.',
    '`(srcs.length - 1) << SOURCES_SHIFT`; source i at word 6 + 2i and 0 at word 7 + 2i; `xor(kernel, phys, 0, srcs, …)` in xorVal, then CHECK | WRITE_BACK; `& NOT_ZERO` in zeroResult.',
  ],
};
