import { DmaCapability } from '../../../dmaengine/capability';
import { Errno } from '../../../dmaengine/device';
import { asyncTxTestAck } from '../../../dmaengine/descriptor';
import { CopyHelpers } from '../../../dmaengine/legacy/copy';
import { AsyncWorld } from '../../async_tx/world';
import { bareEngine, fakeDevice } from '../fake';

describe('the copy helpers of 2007', () => {
  it('copy between buffers and pages, and count copies and bytes (SW-12)', () => {
    const { dma, kernel } = new AsyncWorld();
    const helpers = new CopyHelpers(dma);
    const chan = dma.findChannel(DmaCapability.MEMCPY)!;
    const [src, ...dests] = Array.from({ length: 4 }, () => kernel.pages.alloc());
    const bytes = kernel.machine.dram.bytes;
    const at = (address: number): number => address - kernel.machine.dram.base;
    bytes.fill(0xa5, at(src.address), at(src.address) + 256);
    const cookies = [
      helpers.dmaAsyncMemcpyBufToBuf(chan, { page: dests[0], offset: 8 }, { page: src, offset: 0 }, 100),
      helpers.dmaAsyncMemcpyBufToPg(chan, dests[1], 8, { page: src, offset: 16 }, 60),
      helpers.dmaAsyncMemcpyPgToPg(chan, dests[2], 8, src, 32, 40),
    ];
    for (const cookie of cookies) expect(dma.syncWait(chan, cookie)).toBe('complete');
    const copied = dests.map(({ address }) => bytes.subarray(at(address), at(address) + 256));
    expect(copied.map((page) => page.filter((byte) => byte === 0xa5).length)).toEqual([100, 60, 40]);
    expect(helpers.statistics(chan)).toEqual({ memcpyCount: 3, bytesTransferred: 200 });
    expect(kernel.dma.live).toBe(0);
    expect(kernel.findings.all()).toEqual([]);
  });

  it('ack the descriptor before they submit it (SW-12)', () => {
    const { dma, kernel } = bareEngine();
    const device = fakeDevice(1, [DmaCapability.MEMCPY], {
      devicePrepDmaMemcpy: () => device.channels[0].prepare(kernel),
    });
    const [src, dest] = [kernel.pages.alloc(), kernel.pages.alloc()];
    new CopyHelpers(dma).dmaAsyncMemcpyPgToPg(device.channels[0], dest, 0, src, 0, 64);
    expect(device.channels[0].submitted.map((tx) => asyncTxTestAck(tx))).toEqual([true]);
  });

  it('return -ENOMEM, unmap and count nothing when there is no descriptor (SW-12)', () => {
    const { dma, kernel } = bareEngine();
    const helpers = new CopyHelpers(dma);
    const [chan] = fakeDevice().channels;
    const [src, dest] = [kernel.pages.alloc(), kernel.pages.alloc()];
    expect(helpers.dmaAsyncMemcpyPgToPg(chan, dest, 0, src, 0, 64)).toBe(Errno.ENOMEM);
    expect(kernel.dma.live).toBe(0);
    expect(helpers.statistics(chan).memcpyCount).toBe(0);
  });
});
