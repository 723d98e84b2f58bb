import type { FindingLog } from '../findings';
import { GuestPanic } from '../findings';
import type { Dram } from '../memory/dram';

export const PAGE_SIZE = 4096;

/** A page frame of DRAM. */
export interface Page {
  /** physical address, a multiple of 4096 */
  readonly address: number;
}

/** The page allocator: hands out frames of DRAM, the first frame (address 0) never. */
export class PageAllocator {
  private readonly freePages: Page[] = [];
  private readonly live = new Set<Page>();
  private next: number;

  constructor(
    private readonly dram: Dram,
    private readonly findings: FindingLog,
    private readonly mapped: (address: number) => boolean,
  ) {
    this.next = dram.base + PAGE_SIZE;
  }

  /** Pages in use. */
  get used(): number {
    return this.live.size;
  }

  /** One page, its contents whatever they were. Panics when DRAM is exhausted. */
  alloc(): Page {
    return this.take(this.freePages.pop() ?? this.fresh());
  }

  /**
   * `dma_alloc_coherent`, as far as frames go: pages side by side, lowest first. More than one come from frames that
   * were never in use, since those given back are handed out singly. Panics when DRAM is exhausted.
   */
  allocContiguous(count: number): readonly Page[] {
    if (count === 1) return [this.alloc()];
    return Array.from({ length: count }, () => this.take(this.fresh()));
  }

  /** Gives a page back. */
  free(page: Page): void {
    if (!this.live.delete(page)) {
      this.findings.add('rule', 'KS-06', 'pages', `page 0x${page.address.toString(16)} is freed twice`);
      return;
    }
    if (this.mapped(page.address)) {
      this.findings.add('rule', 'KS-06', 'pages', `page 0x${page.address.toString(16)} is freed while mapped for DMA`);
    }
    this.freePages.push(page);
  }

  private take(page: Page): Page {
    this.live.add(page);
    return page;
  }

  private fresh(): Page {
    if (!this.dram.contains(this.next, PAGE_SIZE)) throw new GuestPanic('KS-06', 'out of memory', 'pages');
    const page: Page = { address: this.next };
    this.next += PAGE_SIZE;
    return page;
  }
}
