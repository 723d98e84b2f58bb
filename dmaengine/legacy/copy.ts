/** The core's own copy helpers of 2007, for clients without async_tx, and what they count (SW-12). */
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import type { Page } from '../../emulator/kernel/pages';
import type { DmaCookie } from '../cookie';
import { asyncTxAck } from '../descriptor';
import type { DmaChan } from '../device';
import { Errno } from '../device';
import type { DmaEngine } from '../engine';

/** A buffer in kernel memory: where it starts. */
export interface KernelBuffer {
  readonly page: Page;
  /** bytes */
  readonly offset: number;
}

/** `struct dma_chan_percpu`, summed over the processors as the attributes show it. */
export interface ChannelStatistics {
  memcpyCount: number;
  bytesTransferred: number;
}

export class CopyHelpers {
  private readonly counted = new WeakMap<DmaChan, ChannelStatistics>();

  constructor(private readonly dma: DmaEngine) {}

  /** The `memcpy_count` and `bytes_transferred` attributes. */
  statistics(chan: DmaChan): Readonly<ChannelStatistics> {
    return this.counted.get(chan) ?? { memcpyCount: 0, bytesTransferred: 0 };
  }

  /** `dma_async_memcpy_buf_to_buf`: the cookie, or -ENOMEM. @param len bytes */
  dmaAsyncMemcpyBufToBuf(chan: DmaChan, dest: KernelBuffer, src: KernelBuffer, len: number): DmaCookie {
    return this.dmaAsyncMemcpyPgToPg(chan, dest.page, dest.offset, src.page, src.offset, len);
  }

  /** `dma_async_memcpy_buf_to_pg`. */
  dmaAsyncMemcpyBufToPg(chan: DmaChan, page: Page, offset: number, src: KernelBuffer, len: number): DmaCookie {
    return this.dmaAsyncMemcpyPgToPg(chan, page, offset, src.page, src.offset, len);
  }

  /** `dma_async_memcpy_pg_to_pg`: maps, prepares, acks at once, submits, counts. */
  dmaAsyncMemcpyPgToPg(
    chan: DmaChan,
    dest: Page,
    destOffset: number,
    src: Page,
    srcOffset: number,
    len: number,
  ): DmaCookie {
    const { kernel, unmapPools } = this.dma;
    const unmap = unmapPools.take(2);
    const from = kernel.dma.map(src, srcOffset, len, DmaDirection.toDevice);
    const to = kernel.dma.map(dest, destOffset, len, DmaDirection.fromDevice);
    unmap.addr.push(from, to);
    unmap.toCnt = 1;
    unmap.fromCnt = 1;
    unmap.len = len;
    const tx = chan.device.devicePrepDmaMemcpy?.(chan, to, from, len, 0) ?? null;
    if (tx !== null) tx.unmap = unmap.get();
    unmap.put();
    if (tx === null) return Errno.ENOMEM;
    asyncTxAck(tx);
    const cookie = tx.txSubmit(tx);
    const { memcpyCount, bytesTransferred } = this.statistics(chan);
    this.counted.set(chan, { memcpyCount: memcpyCount + 1, bytesTransferred: bytesTransferred + len });
    return cookie;
  }
}
