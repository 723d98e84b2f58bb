import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncMemset } from '../../async_tx/memset';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXorVal } from '../../async_tx/xor-val';
import { asyncXor } from '../../async_tx/xor';
import type { Page } from '../../emulator/kernel/pages';
import { AsyncWorld, expectBytes, nothingLeft, queued } from './world';

const { ACK, XOR_ZERO_DST } = AsyncTxFlags;

/** The rules found while the processor reads or writes the start of a page. */
function touching(world: AsyncWorld, page: Page, write: boolean): string[] {
  const before = world.machine.findings.all().length;
  world.kernel.dma.processorTouches(page.address, write, 'test');
  return world.machine.findings
    .all()
    .slice(before)
    .map(({ rule }) => rule);
}

describe('what an operation maps', () => {
  it('is unmapped when it is over, whatever the operation (UM-05, UM-08, X-16)', () => {
    const world = new AsyncWorld();
    const [a, b, c] = [1, 2, 3].map((seed) => world.noise(seed));
    const many = Array.from({ length: 20 }, () => b);
    const submit = (flags = 0) => initAsyncSubmit(ACK | flags);
    const operations: readonly (readonly [number, () => unknown])[] = [
      [2, () => asyncMemcpy(world.api, a, b, 0, 0, 4096, submit())],
      [1, () => asyncMemset(world.api, a, 0, 0, 4096, submit())],
      [3, () => asyncXor(world.api, a, [b, c], 0, 4096, submit(XOR_ZERO_DST))],
      // One record, however many batches share it; holes are not mapped.
      [21, () => asyncXor(world.api, a, [...many, undefined], 0, 4096, submit(XOR_ZERO_DST))],
      [3, () => asyncXorVal(world.api, a, [a, b, c], 0, 4096, { value: 0 }, submit())],
    ];
    for (const [mappings, operation] of operations) {
      world.call(operation);
      expect(world.kernel.dma.live).toBe(mappings);
      world.finish();
      expect(world.kernel.dma.live).toBe(0);
    }
    expect(world.rules()).toEqual([]);
    expect(world.leftovers()).toEqual(nothingLeft(3));
  });

  it('belongs to the device meanwhile: the processor may read a source and touch nothing else (KS-04)', () => {
    const world = new AsyncWorld();
    const [dest, source, other] = [1, 2, 3].map((seed) => world.noise(seed));
    world.call(() => asyncMemcpy(world.api, dest, source, 0, 0, 64, initAsyncSubmit(ACK)));
    expect(touching(world, source, false)).toEqual([]);
    expect(touching(world, source, true)).toEqual(['KS-04']);
    expect(touching(world, dest, false)).toEqual(['KS-04']);
    expect(touching(world, dest, true)).toEqual(['KS-04']);
    expect(touching(world, other, true)).toEqual([]);
    world.finish();
    expect([touching(world, dest, false), touching(world, source, true)]).toEqual([[], []]);
  });

  it('is found when the software path touches it, a result read too early for instance (KS-04)', () => {
    const world = new AsyncWorld();
    const [a, b, c] = [1, 2, 3].map((seed) => world.noise(seed));
    Object.assign(world.chans[0].device, { copyAlign: 3 });
    world.call(() => {
      asyncMemcpy(world.api, b, a, 0, 0, 4096, initAsyncSubmit(ACK));
      // Not aligned, so the processor copies, and without the dependency.
      asyncMemcpy(world.api, c, b, 1, 1, 8, initAsyncSubmit(ACK));
    });
    expect(world.machine.findings.all().map(({ rule }) => rule)).toEqual(['KS-04']);
    world.finish();
  });

  it('is forgotten by a descriptor that is complete, also while nobody acks it (UM-06)', () => {
    const world = new AsyncWorld();
    const [a, b] = [world.noise(1), world.noise(2)];
    const tx = world.call(() => queued(asyncMemcpy(world.api, a, b, 0, 0, 64, initAsyncSubmit(0))));
    expect(tx.unmap).toBeDefined();
    world.finish();
    expect(tx.unmap).toBeUndefined();
  });

  it('is unmapped after the callback, so that a callback does not read it yet (IA-58)', () => {
    const world = new AsyncWorld();
    const [a, b] = [world.noise(1), world.noise(2)];
    let mapped = -1;
    world.call(() =>
      asyncMemcpy(
        world.api,
        a,
        b,
        0,
        0,
        64,
        initAsyncSubmit(ACK, null, () => (mapped = world.kernel.dma.live)),
      ),
    );
    world.finish();
    expect(mapped).toBe(2);
  });
});

describe('the destination of an xor in batches', () => {
  it('is mapped once and stays so until the last batch is over (X-09, X-10, XR-07, UM-05)', () => {
    const world = new AsyncWorld();
    const sources = Array.from({ length: 40 }, (_, i) => world.noise(i));
    const dest = world.page();
    const [chan] = world.chans;
    world.api.channel = chan;
    const seen: number[] = [];
    world.call(() => {
      asyncXor(world.api, dest, sources, 0, 4096, initAsyncSubmit(ACK | XOR_ZERO_DST));
      world.api.issuePendingAll();
      const last = chan.cookie;
      // After every completed batch but the last the mappings are all there.
      while (chan.completedCookie !== last) {
        chan.device.deviceTxStatus!(chan, last);
        if (chan.completedCookie !== last) seen.push(world.kernel.dma.live);
        world.kernel.spend(1_000_000);
      }
    });
    expect(seen.length).toBeGreaterThan(3);
    expect(new Set(seen)).toEqual(new Set([41]));
    expect(world.kernel.dma.live).toBe(0);
    expect(world.rules()).toEqual([]);
  });
});

describe('an operation that finds no descriptor', () => {
  it('unmaps what it mapped before the processor does the work (UM-08, X-17)', () => {
    const world = new AsyncWorld();
    const [a, b] = [world.noise(1), world.noise(2)];
    const [{ device }] = world.chans;
    world.api.channel = device.channels[0];
    jest.spyOn(device, 'devicePrepDmaMemcpy').mockReturnValue(null);
    jest.spyOn(device, 'devicePrepDmaMemset').mockReturnValue(null);
    world.call(() => {
      expect(asyncMemcpy(world.api, a, b, 0, 0, 4096, initAsyncSubmit(ACK))).toBeNull();
      expectBytes(world.bytes(a), world.bytes(b));
      expect(asyncMemset(world.api, a, 9, 0, 4096, initAsyncSubmit(ACK))).toBeNull();
      expect(world.bytes(a).every((byte) => byte === 9)).toBe(true);
    });
    expect(world.kernel.dma.live).toBe(0);
    expect(world.rules()).toEqual([]);
  });
});
