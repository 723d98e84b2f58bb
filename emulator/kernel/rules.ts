/** The rules the kernel slice itself checks, under ids of its own; all others are cited by their own id. */
export const KERNEL_RULES = {
  'KS-01': 'code that may sleep runs only in a thread, without a lock held and with bottom halves enabled',
  'KS-02': 'a spinlock is not taken twice',
  'KS-03': 'a lock is released only by its holder',
  'KS-04': 'the processor does not touch a page while a device owns it',
  'KS-05': 'every DMA mapping is undone once, with the direction it was made with',
  'KS-06': 'a page is freed once, and unmapped',
  'KS-07': 'an interrupt has a handler before it is enabled',
  'KS-08': 'something can always wake the guest',
} as const;

export type KernelRule = keyof typeof KERNEL_RULES;
