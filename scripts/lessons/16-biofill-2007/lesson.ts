import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '16-biofill-2007',
  title: 'The biofill bugs of 2007',
  rules: ['OP-03', 'OP-04', 'AN-01'],
  kernel: ['ops_run_biofill', 'ops_complete_biofill', 'handle_stripe', 'raid5_release_stripe'],
  hints: [
    'Which reads are in `dev.read` when the completion runs, and which in `dev.toread`? Which of them have their data?',
    'While BIOFILL_RUN is set the handler marks no new block Wantfill. So every block that the completion finds marked is one that *this* fill has copied. Is there anything left to decide?',
    'Answer every filled block: `answersFill` is true. And leave it to the handler, under the lock of the stripe, to find out whether there is more: set HANDLE whatever you see, then release.',
  ],
};
