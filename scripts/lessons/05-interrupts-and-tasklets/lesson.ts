import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '05-interrupts-and-tasklets',
  title: 'Interrupts and tasklets',
  rules: ['SW-13', 'IA-71', 'IA-73', 'IA-78'],
  kernel: ['iop_adma_eot_handler', 'iop_adma_eoc_handler', 'iop_adma_tasklet', 'tasklet_schedule'],
  hints: [
    'Whatever changes a descriptor or calls a client has no place in `eot` and `eoc`. What is left for them to do?',
    'Each of the two clears the bit that it was called for. If `eot` also clears END_OF_CHAIN, who hears of the end of the chain?',
    '`eot` and `eoc` are two lines each: `chan.kernel.tasklets.schedule(chan.tasklet);` and `chan.clearStatus(…)` of one bit.',
    "And the tasklet calls cleanup between `chan.lock.lock('iop_adma_tasklet')` and `chan.lock.unlock()`. One bit each: `chan.hw.endOfTransfer` in `eot`, `chan.hw.endOfChain` in `eoc`.",
  ],
};
