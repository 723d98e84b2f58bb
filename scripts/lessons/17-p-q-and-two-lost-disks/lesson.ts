import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '17-p-q-and-two-lost-disks',
  title: 'P, Q and two lost disks',
  rules: ['PQ-01', 'PQ-04', 'RR-01', 'RR-02', 'RR-07', 'RR-16'],
  kernel: ['raid6_gfmul', 'raid6_gfexp', 'raid6_gfinv', 'async_gen_syndrome', 'async_raid6_2data_recov'],
  hints: [
    'Start with `times`: eight bits, and for each one that is set in b, a shifted so far, all summed with xor. A shift that leaves the byte must come back in: what is x^8 here?',
    '`times`: `for (; b > 0; b >>= 1) { if (b & 1) sum ^= a; a = double(a); }`, where `double(a)` is `a << 1`, and 0x11d taken out of that (xor) if it has a ninth bit. `weight(slot)` doubles 1 as often as the slot says.',
    'Two unknowns, two equations: Da + Db = P′ and ga·Da + gb·Db = Q′, with ga = weight(a), gb = weight(b). Multiply the first by ga and add it to the second: Da is gone. What stands before Db, P′ and Q′?',
    '(ga + gb)·Db = ga·P′ + Q′, and + is xor. So with i = inverse(ga ^ gb): the factor of P′ is times(ga, i), the factor of Q′ is i.',
  ],
};
