import type { FindingLog } from '../findings';
import type { Dram } from '../memory/dram';
import type { Costs } from './costs';
import type { Page } from './pages';
import { PAGE_SIZE } from './pages';
import type { Processor } from './processor';

/** `enum dma_data_direction`. `none`: the caller answers for the caches, nothing is done and nothing checked but balance. */
export const DmaDirection = { bidirectional: 0, toDevice: 1, fromDevice: 2, none: 3 } as const;
export type DmaDirection = (typeof DmaDirection)[keyof typeof DmaDirection];

/**
 * Streaming DMA mappings over non-coherent caches: mapping hands a page to the device and costs cache maintenance,
 * unmapping takes it back and costs nothing, since an XScale never prefetches into its caches by itself. Checked like DMA-API debug: balance for each page and direction (UM-08),
 * and the processor keeps its hands off what a device may write (KS-04).
 */
export class DmaMapping {
  private readonly mapped: readonly [Int32Array, Int32Array, Int32Array, Int32Array];
  /** How often the processor has a page for the time being, its mappings standing. */
  private readonly borrowed: Int32Array;
  /** Mappings alive. */
  live = 0;

  constructor(
    private readonly dram: Dram,
    private readonly processor: Processor,
    private readonly costs: Costs,
    private readonly findings: FindingLog,
  ) {
    const pages = Math.ceil(dram.size / PAGE_SIZE);
    this.mapped = [new Int32Array(pages), new Int32Array(pages), new Int32Array(pages), new Int32Array(pages)];
    this.borrowed = new Int32Array(pages);
  }

  /** `dma_map_page`: returns the bus address. */
  map(page: Page, offset: number, length: number, direction: DmaDirection): number {
    const address = page.address + offset;
    this.mapped[direction][this.frame(address)]++;
    this.live++;
    if (direction !== DmaDirection.none) this.processor.spend(this.costs.cacheMaintenance * length);
    return address;
  }

  /** `dma_unmap_page`. */
  unmap(address: number, length: number, direction: DmaDirection): void {
    const frame = this.frame(address);
    if (this.mapped[direction][frame] <= 0) {
      this.findings.add(
        'rule',
        'KS-05',
        'dma',
        `0x${address.toString(16)} is unmapped with direction ${direction} and is not mapped so`,
      );
      return;
    }
    this.mapped[direction][frame]--;
    this.live--;
  }

  /** `dma_sync_single_for_cpu`: the processor may touch a mapped page until it is given back; no device uses it. */
  syncForCpu(address: number, length: number): void {
    this.borrowed[this.frame(address)]++;
    this.processor.spend(this.costs.cacheMaintenance * length);
  }

  /** `dma_sync_single_for_device`. */
  syncForDevice(address: number, length: number): void {
    this.borrowed[this.frame(address)]--;
    this.processor.spend(this.costs.cacheMaintenance * length);
  }

  /** Whether any mapping of the page at this address is alive. */
  isMapped(address: number): boolean {
    const frame = this.frame(address);
    return this.mapped.some((mapped) => mapped[frame] > 0);
  }

  /** States that the processor is about to read or write here; a page a device owns is a finding. */
  processorTouches(address: number, write: boolean, where: string): void {
    this.processor.touches(address, PAGE_SIZE - (address % PAGE_SIZE), write);
    const frame = this.frame(address);
    const [bidirectional, toDevice, fromDevice] = this.mapped;
    const owned = bidirectional[frame] + fromDevice[frame] + (write ? toDevice[frame] : 0);
    if (owned > 0 && this.borrowed[frame] === 0) {
      this.findings.add(
        'rule',
        'KS-04',
        where,
        `the processor ${write ? 'writes' : 'reads'} 0x${address.toString(16)} while a device owns the page`,
      );
    }
  }

  private frame(address: number): number {
    return Math.floor((address - this.dram.base) / PAGE_SIZE);
  }
}
