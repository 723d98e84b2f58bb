import { bug, bugOn } from '../emulator/kernel/bug';
import type { DmaMapping } from '../emulator/kernel/dma-mapping';
import { DmaDirection } from '../emulator/kernel/dma-mapping';
import type { Page } from '../emulator/kernel/pages';

/** Pools of unmap records, by how many addresses they hold (UM-02). */
const POOLS = [2, 16, 128, 256] as const;

/**
 * `struct dmaengine_unmap_data`: mappings that one or more descriptors share, undone when the last lets go
 * (UM-01, UM-05). Addresses stand in the order to-device, from-device, bidirectional.
 */
export class DmaUnmapData {
  toCnt = 0;
  fromCnt = 0;
  bidiCnt = 0;
  /** bytes of every mapping */
  len = 0;
  /** Every mapping has direction none: the caller answers for the caches (MC-02). */
  coherent = false;
  readonly addr: number[] = [];
  private references = 1;

  constructor(
    private readonly mapping: DmaMapping,
    private readonly home: DmaUnmapData[],
  ) {}

  /** Maps for this record; the caller puts the address where its direction belongs. */
  map(page: Page, offset: number, len: number, direction: DmaDirection): number {
    return this.mapping.map(page, offset, len, this.coherent ? DmaDirection.none : direction);
  }

  /** `dma_set_unmap`'s reference: another descriptor uses the mappings. */
  get(): this {
    this.references++;
    return this;
  }

  /** `dmaengine_unmap_put`: the last one unmaps everything and gives the record back (UM-03, UM-04). */
  put(): void {
    bugOn(this.references <= 0, 'UM-05', 'an unmap record is let go more often than taken', 'dmaengine_unmap_put');
    if (--this.references > 0) return;
    let index = 0;
    for (let i = 0; i < this.toCnt; i++) this.unmap(this.addr[index++], DmaDirection.toDevice);
    for (let i = 0; i < this.fromCnt; i++) this.unmap(this.addr[index++], DmaDirection.fromDevice);
    for (let i = 0; i < this.bidiCnt; i++, index++) {
      if (this.addr[index] !== 0) this.unmap(this.addr[index], DmaDirection.bidirectional);
    }
    this.home.push(this);
  }

  /** `dma_sync_single_for_cpu` of every mapping: the processor has them until `syncForDevice`. */
  syncForCpu(): void {
    for (const address of this.addr) if (address !== 0) this.mapping.syncForCpu(address, this.len);
  }

  /** `dma_sync_single_for_device` of every mapping. */
  syncForDevice(): void {
    for (const address of this.addr) if (address !== 0) this.mapping.syncForDevice(address, this.len);
  }

  /** Makes the record as good as new, with one reference. */
  renew(): this {
    this.toCnt = 0;
    this.fromCnt = 0;
    this.bidiCnt = 0;
    this.addr.length = 0;
    this.coherent = false;
    this.references = 1;
    return this;
  }

  private unmap(address: number, direction: DmaDirection): void {
    this.mapping.unmap(address, this.len, this.coherent ? DmaDirection.none : direction);
  }
}

/** `dmaengine_get_unmap_data`: the record pools of one dmaengine. */
export class UnmapPools {
  private readonly pools = POOLS.map((size) => ({ size, free: [] as DmaUnmapData[] }));

  constructor(private readonly mapping: DmaMapping) {}

  /** A record for up to `count` addresses; asking for more than 256 is a BUG (UM-02). */
  take(count: number): DmaUnmapData {
    const pool = this.pools.find(({ size }) => count <= size);
    if (pool === undefined) bug('UM-02', `an unmap record of ${count} addresses`, 'dmaengine_get_unmap_data');
    const record = pool.free.pop() ?? new DmaUnmapData(this.mapping, pool.free);
    return record.renew();
  }
}
