/** Metadata on their way to the members: ordinary disk requests from pages in DRAM (`md_write_metadata`, `md_super_wait`). */
import type { Kernel } from '../../emulator/kernel/kernel';
import type { WaitQueue } from '../../emulator/kernel/wait';
import { SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import type { Member } from '../member';

export class MetadataIo {
  /** `pending_writes`. */
  private pending = 0;
  private readonly finished: WaitQueue;

  /** @param failed a member did not take its metadata (`super_written`) */
  constructor(
    private readonly kernel: Kernel,
    private readonly failed: (member: Member) => void,
  ) {
    this.finished = kernel.waitQueue();
  }

  /** Submits whole blocks of 4 KiB. @param sector of the disk, a multiple of 8 */
  write(member: Member, sector: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += STRIPE_SIZE) {
      this.writeBlock(member, sector + (at / STRIPE_SIZE) * STRIPE_SECTORS, bytes.subarray(at, at + STRIPE_SIZE));
    }
  }

  /** Waits until everything submitted has ended. */
  *wait(): Generator<void, void, void> {
    yield* this.finished.wait(() => this.pending === 0);
  }

  private writeBlock(member: Member, sector: number, bytes: Uint8Array): void {
    const { kernel } = this;
    const { dram } = kernel.machine;
    const page = kernel.pages.alloc();
    kernel.dma.processorTouches(page.address, true, 'md_write_metadata');
    dram.bytes.set(bytes, page.address - dram.base);
    kernel.spend(kernel.costs.copy * SECTOR + kernel.costs.bio / 2);
    this.pending++;
    member.pending++;
    member.disk.submit({
      write: true,
      sector,
      page,
      endIo: (failed) => {
        kernel.pages.free(page);
        member.pending--;
        if (failed) this.failed(member);
        if (--this.pending === 0) this.finished.wake();
      },
    });
  }
}
