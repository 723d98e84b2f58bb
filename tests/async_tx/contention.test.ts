import { Kernel } from '../../emulator/kernel/kernel';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { SyncKernels } from '../../async_tx/sync/kernels';

/** Picoseconds of one software copy of 4 KiB, with the DRAM taken for `busy` bytes before. */
function copyTime(busy: number): number {
  const kernel = new Kernel(new Machine(PLATFORMS.none, { dramBytes: 1 << 20 }));
  const software = new SyncKernels(kernel);
  const [from, to] = [kernel.pages.alloc(), kernel.pages.alloc()];
  if (busy > 0) kernel.machine.bus.transfer(kernel.now, busy, 'disk0');
  const before = kernel.now;
  software.copy({ page: to, offset: 0 }, { page: from, offset: 0 }, 4096);
  return kernel.now - before;
}

it('the processor’s bulk work takes its own time on a free bus, and waits for a bus that others keep busy', () => {
  expect(copyTime(4096)).toBe(copyTime(0));
  // 64 KiB at 3.2 GB/s are 20 µs, twice what the copy costs the processor
  expect(copyTime(65536)).toBeGreaterThan(1.5 * copyTime(0));
});
