import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '15-rmw-or-rcw',
  title: 'Read-modify-write or reconstruct-write',
  rules: ['WR-02', 'WR-03', 'WR-04', 'WR-09', 'WR-15'],
  kernel: ['handle_stripe_dirtying', 'schedule_reconstruction', 'R5_OVERWRITE'],
  hints: [
    'Write down both sums for one block of four. Which old blocks stand in each? Whatever stands there must be in memory first.',
    'Taking out and putting in starts from the old parity, and takes out the old contents of each block that is written. Summing all anew starts from nothing: which data does it need that no request brings?',
    'Reconstruct-write does not need the parity, which it makes, nor a block that is written from the first byte to the last (`R5.OVERWRITE`). A block of which a part is written it needs: the rest of it counts.',
    '`rmw: (dev, parity) => parity || dev.towrite.length > 0` and `rcw: (dev, parity) => !parity && !dev.has(R5.OVERWRITE)`.',
  ],
};
