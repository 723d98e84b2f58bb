import type { Kernel } from '../../emulator/kernel/kernel';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { SeededRandom } from '../../emulator/sim/random';
import type { ClientHost } from './client';

/** The pages that a client takes, by its host or from the kernel itself: full of noise, and counted. */
export class ClientPages implements ClientHost {
  /** Not freed, in the order in which they were taken. */
  readonly live: Page[] = [];
  private readonly random: SeededRandom;

  /** @param taken called with each page */
  constructor(
    private readonly kernel: Kernel,
    seed: number,
    private readonly taken: (page: Page) => void,
  ) {
    this.random = new SeededRandom(seed);
    const { pages } = kernel;
    const alloc = pages.alloc.bind(pages);
    const allocContiguous = pages.allocContiguous.bind(pages);
    const free = pages.free.bind(pages);
    pages.alloc = () => this.take(alloc());
    pages.allocContiguous = (count) =>
      count === 1 ? [pages.alloc()] : allocContiguous(count).map((page) => this.take(page));
    pages.free = (page) => {
      const index = this.live.indexOf(page);
      if (index >= 0) this.live.splice(index, 1);
      free(page);
    };
  }

  page(): Page {
    return this.kernel.pages.alloc();
  }

  free(page: Page): void {
    this.kernel.pages.free(page);
  }

  read(page: Page, offset = 0, length = PAGE_SIZE - offset): Uint8Array {
    this.kernel.dma.processorTouches(page.address + offset, false, 'client');
    return this.bytes(page).slice(offset, offset + length);
  }

  write(page: Page, bytes: ArrayLike<number>, offset = 0): void {
    this.kernel.dma.processorTouches(page.address + offset, true, 'client');
    this.bytes(page).set(bytes, offset);
  }

  /** What is in a page, whoever owns it. */
  bytes({ address }: Page): Uint8Array {
    const { dram } = this.kernel.machine;
    return dram.bytes.subarray(address - dram.base, address - dram.base + PAGE_SIZE);
  }

  private take(page: Page): Page {
    const bytes = this.bytes(page);
    for (let i = 0; i < PAGE_SIZE; i++) bytes[i] = this.random.next() >>> 24;
    this.live.push(page);
    this.taken(page);
    return page;
  }
}
