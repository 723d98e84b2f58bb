import { SyncKernels } from '../../../async_tx/sync/kernels';
import { Kernel } from '../../../emulator/kernel/kernel';
import { Machine } from '../../../emulator/platforms/machine';
import { PLATFORMS } from '../../../emulator/platforms';

describe('page_is_zero', () => {
  const kernel = new Kernel(new Machine(PLATFORMS.none));
  const software = new SyncKernels(kernel);
  const page = kernel.pages.alloc();
  const { dram } = kernel.machine;
  const start = page.address - dram.base;

  it.each([
    ['whole words', 64, 32],
    ['bytes at an odd place', 61, 32],
    ['an odd number of bytes', 64, 13],
  ])('sees each byte of %s, and none beside them', (_, offset, length) => {
    const answers = Array.from({ length: length + 2 }, (__, i) => {
      const at = start + offset - 1 + i;
      dram.bytes[at] = 0x80;
      const zero = software.isZero({ page, offset }, length);
      dram.bytes[at] = 0;
      return zero;
    });
    expect(answers).toEqual(answers.map((__, i) => i === 0 || i === length + 1));
  });
});
