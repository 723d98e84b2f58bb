import { PLATFORMS } from '../../emulator/platforms';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import type { Kind } from './traced';
import { KINDS, TracedChain, TracedWorld } from './traced';
import { nothingLeft, withSlots } from './world';

const LENGTH = 10_000;
const SLOTS = 20;

describe.each<readonly ['iop342' | 'iop321', readonly Kind[], number]>([
  // 21 sources are two descriptors of 5 slots there; PQ is the last channel's.
  ['iop342', ['copy', 'xor', 'many', 'copy', 'pq', 'fill', 'xor'], 20],
  // 12 sources are one descriptor of 4 slots there.
  ['iop321', ['copy', 'xor', 'many', 'copy', 'xor', 'fill', 'xor'], 11],
])('a chain of 10,000 operations over the channels of %s, 20 slots each,', (name, kinds, salts) => {
  it.each([
    ['a callback for all', () => true],
    ['a callback for some', (i: number) => i % 5 === 0],
    ['one callback, at its end', () => false],
  ])('with %s, executes in order, once (AX-40, AX-41, AX-51, XR-12, X-07)', (_, calls) => {
    const world = new TracedWorld(withSlots(PLATFORMS[name], SLOTS), salts);
    const { api, chans } = world;
    const chain = new TracedChain(world, 0);
    world.call(() => {
      for (let i = 0; i < LENGTH; i++) {
        const kind = kinds[i % kinds.length];
        // Now here, now there, now twice in a row, wherever it can be done.
        const able = chans.filter(({ device }) => device.capMask.has(KINDS[kind]));
        api.channel = able[(i ^ (i >> 3)) % able.length];
        chain.add(kind, calls(i));
      }
      chain.end();
    });
    world.finish();
    chain.expectDone();
    expect(api.statistics.engine).toBeGreaterThan(LENGTH / 2);
    expect(world.kernel.dma.live).toBe(0);
    expect(world.rules()).toEqual([]);

    // One more operation on each channel, and all slots but those of that one are free (IA-42).
    for (const chan of chans) {
      world.call(() => {
        const last = chan.device.devicePrepDmaInterrupt!(chan, 0)!;
        api.submit(chan, last, initAsyncSubmit(AsyncTxFlags.ACK));
      });
    }
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(3));
    expect(chans.map(({ pool }) => pool!.free)).toEqual(new Array(3).fill(SLOTS - 1));
  });
});
