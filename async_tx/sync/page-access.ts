import type { Kernel } from '../../emulator/kernel/kernel';
import type { Page } from '../../emulator/kernel/pages';

/** A stretch of a page. */
export interface PageSpan {
  readonly page: Page;
  /** bytes from the start of the page */
  readonly offset: number;
}

/** How the software path gets at pages: checked for ownership, and paid for. */
export abstract class PageAccess {
  protected readonly bytes: Uint8Array;
  private readonly base: number;
  /** When the latest piece of work began. */
  private since = 0;

  constructor(protected readonly kernel: Kernel) {
    this.bytes = kernel.machine.dram.bytes;
    this.base = kernel.machine.dram.base;
  }

  /** Where a span starts in `bytes`; a page that a device owns is a finding (KS-04). */
  protected touch({ page, offset }: PageSpan, write: boolean): number {
    const address = page.address + offset;
    this.kernel.dma.processorTouches(address, write, 'async_tx software path');
    return address - this.base;
  }

  /**
   * The processor's time for a piece of work: its own cost, or what the memory bus takes when others keep it busy.
   * @param traffic bytes that cross the memory bus, and so delay the engines as they delay it
   */
  protected spend(perByte: number, bytes: number, traffic: number): void {
    const { machine, now } = this.kernel;
    const end = machine.bus.transfer(now, traffic, 'core');
    this.since = now;
    this.kernel.spend(Math.max(perByte * bytes, end - now));
  }

  /** Records what the latest piece of work wrote. @param start in `bytes` */
  protected wrote(call: string, start: number, bytes: number): void {
    const address = this.base + start;
    this.kernel.machine.trace?.emit('async_tx.software', { call, address, bytes, since: this.since });
  }
}
