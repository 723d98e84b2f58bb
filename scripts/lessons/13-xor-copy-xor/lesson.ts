import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '13-xor-copy-xor',
  title: 'xor → copy → xor',
  rules: ['XR-02', 'XR-04', 'AX-09', 'AX-12', 'AX-20', 'AX-40', 'IA-45', 'IA-47'],
  kernel: ['async_xor', 'async_memcpy', 'ops_run_prexor5', 'ops_run_biodrain', 'ops_run_reconstruct5'],
  hints: [
    'The chain works on one board by luck. Which of the three may start before the one above it is complete, and what would it read then?',
    'Three links, three things to say of each: what comes before it, who reads its result, and, of a sum, whether the destination is one of the sources.',
    'On an engine a sum is made of the listed sources and nothing else; on the processor the destination counts in by itself. XOR_DROP_DST says "source 0 is the destination": the processor then leaves it out of the list, and both agree.',
    'First: `XOR_DROP_DST | FENCE` and null. Second: `FENCE` behind the first. Third: `XOR_DROP_DST | ACK` and `done`, behind the second. Then `api.issuePendingAll()`.',
  ],
};
