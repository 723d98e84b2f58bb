import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '06-cookies',
  title: 'Cookies',
  rules: ['CK-01', 'CK-05', 'CK-09', 'CK-10', 'CK-11', 'CK-12', 'CK-14'],
  kernel: ['dma_cookie_assign', 'dma_async_is_complete', 'dma_cookie_status'],
  hints: [
    'What follows 0x7fffffff must be a cookie again. Which values are none?',
    '`next < 1 ? 1 : next`. For the status ask two things: is it at or before lastComplete, is it behind lastUsed? In the first picture, which of the two make it done?',
    'As long as lastComplete <= lastUsed, either makes it done. When the numbers have wrapped, lastComplete > lastUsed, it must be both.',
    'const before = cookie <= lastComplete, after = cookie > lastUsed; done is `lastComplete <= lastUsed ? before || after : before && after`. The predictions follow from it.',
  ],
};
