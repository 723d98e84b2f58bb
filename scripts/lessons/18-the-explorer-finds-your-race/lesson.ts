import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '18-the-explorer-finds-your-race',
  title: 'The explorer finds your race',
  rules: ['IA-71', 'IA-73', 'IA-75', 'AX-41'],
  kernel: ['iop_adma_eot_handler', 'iop_adma_tasklet', 'disable_irq_nosync', 'enable_irq'],
  hints: [
    'Read the run that the explorer found from its end: nobody calls back any more, no line is up. Which completion was the last, and who took its bit away?',
    'A bit says "something has completed since you last looked". When you clear it you say "I have seen it". Had the tasklet?',
    'Cleanup looks at the hardware once, at its start. What completes after that look and before your `clearStatus` has raised a bit that you clear without having looked again.',
    'Clear first, look afterwards: move the line with `clearStatus` to the start of the tasklet. A completion that comes later raises the bit anew, and the line interrupts as soon as it is enabled.',
  ],
};
