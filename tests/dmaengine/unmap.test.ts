import { UnmapPools } from '../../dmaengine/unmap';
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import type { Kernel } from '../../emulator/kernel/kernel';
import { bareKernel } from './fake';

function world(): { kernel: Kernel; pools: UnmapPools } {
  const kernel = bareKernel();
  return { kernel, pools: new UnmapPools(kernel.dma) };
}

describe('an unmap record', () => {
  it('undoes its mappings group by group, each with its direction (UM-01, UM-04)', () => {
    const { kernel, pools } = world();
    const { toDevice, fromDevice, bidirectional } = DmaDirection;
    const record = pools.take(4);
    record.len = 512;
    record.addr.push(
      ...[toDevice, toDevice, fromDevice, bidirectional].map((direction) =>
        kernel.dma.map(kernel.pages.alloc(), 64, record.len, direction),
      ),
    );
    record.toCnt = 2;
    record.fromCnt = 1;
    record.bidiCnt = 1;
    expect(kernel.dma.live).toBe(4);
    record.put();
    expect(kernel.dma.live).toBe(0);
    expect(kernel.findings.all()).toEqual([]);
  });

  it('skips a bidirectional address of 0, for there P or Q is missing (UM-04)', () => {
    const { kernel, pools } = world();
    const record = pools.take(2);
    record.len = 4096;
    record.addr.push(0, kernel.dma.map(kernel.pages.alloc(), 0, 4096, DmaDirection.bidirectional));
    record.bidiCnt = 2;
    record.put();
    expect(kernel.dma.live).toBe(0);
    expect(kernel.findings.all()).toEqual([]);
  });

  it('lets go when the last of its users does (UM-05)', () => {
    const { kernel, pools } = world();
    const record = pools.take(1);
    record.len = 4096;
    record.addr.push(kernel.dma.map(kernel.pages.alloc(), 0, 4096, DmaDirection.fromDevice));
    record.fromCnt = 1;
    expect(record.get()).toBe(record);
    record.get();
    record.put();
    record.put();
    expect(kernel.dma.live).toBe(1);
    record.put();
    expect(kernel.dma.live).toBe(0);
  });

  it('is a BUG when it is let go once too often (UM-05)', () => {
    const record = world().pools.take(1);
    record.put();
    expect(() => record.put()).toThrow(expect.objectContaining({ rule: 'UM-05' }));
  });
});

describe('the pools of unmap records', () => {
  it('keep records for up to 2, 16, 128 and 256 addresses apart (UM-02)', () => {
    const { pools } = world();
    const sizes = [1, 2, 3, 16, 17, 128, 129, 256];
    const poolOf = sizes.map((size) => {
      const record = pools.take(size);
      record.put();
      // A record that is free again is the one handed out to the next of its pool.
      return sizes.filter((other) => {
        const next = pools.take(other);
        next.put();
        return next === record;
      });
    });
    expect(poolOf).toEqual([
      [1, 2],
      [1, 2],
      [3, 16],
      [3, 16],
      [17, 128],
      [17, 128],
      [129, 256],
      [129, 256],
    ]);
  });

  it('have none for 257 addresses: a BUG (UM-02)', () => {
    expect(() => world().pools.take(257)).toThrow(expect.objectContaining({ rule: 'UM-02' }));
  });

  it('get a record back by the size it was asked for, not by what was mapped (UM-03, D-09)', () => {
    const { kernel, pools } = world();
    const big = pools.take(17);
    big.len = 64;
    for (let i = 0; i < 3; i++) big.addr.push(kernel.dma.map(kernel.pages.alloc(), 0, 64, DmaDirection.toDevice));
    big.toCnt = 3;
    big.put();
    expect(pools.take(3)).not.toBe(big);
    expect(pools.take(100)).toBe(big);
  });

  it('hand a used record out as good as new (UM-03)', () => {
    const { kernel, pools } = world();
    const used = pools.take(2);
    used.len = 64;
    used.addr.push(kernel.dma.map(kernel.pages.alloc(), 0, 64, DmaDirection.toDevice));
    used.toCnt = 1;
    used.put();
    const again = pools.take(2);
    expect(again).toBe(used);
    expect([again.toCnt, again.fromCnt, again.bidiCnt, again.addr]).toEqual([0, 0, 0, []]);
    again.put();
    expect(kernel.findings.all()).toEqual([]);
  });
});
