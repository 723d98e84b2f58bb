import type { Generation } from '../../../async_tx/generation';
import { MODERN } from '../../../async_tx/generation';
import { LegacyTxFlags } from '../../../async_tx/legacy/flags';
import { GENERATION_2_6_23, GENERATION_2_6_23_RC, GENERATION_2_6_26 } from '../../../async_tx/legacy/generations';
import { asyncMemcpy, asyncXor } from '../../../async_tx/legacy/operations';
import type { Completion } from '../../../emulator/kernel/wait';
import type { Page } from '../../../emulator/kernel/pages';
import { PLATFORMS } from '../../../emulator/platforms';
import type { PlatformRecord } from '../../../emulator/platforms/platform';
import { AsyncWorld, expectBytes, nothingLeft, xorModel } from '../world';

const { XOR_DROP_DST, ACK, DEP_ACK } = LegacyTxFlags;

/**
 * `run_xor_copy_xor` of the document, section 3.7. Its `complete_xor_copy_xor` prints "complete" and gets NULL; here
 * it gets the completion that the client waits for.
 */
function runXorCopyXor(
  world: AsyncWorld,
  xorSrcs: readonly Page[],
  xorDest: Page,
  xorLen: number,
  copySrc: Page,
  copyDest: Page,
  copyLen: number,
  complete: Completion,
): void {
  const { api } = world;
  let tx = asyncXor(api, xorDest, xorSrcs, 0, xorLen, XOR_DROP_DST, null, null, null);
  tx = asyncMemcpy(api, copyDest, copySrc, 0, 0, copyLen, DEP_ACK, tx, null, null);
  const param = { complete };
  const completeXorCopyXor = (given: unknown): void => {
    expect(given).toBe(param);
    world.kernel.printk('complete');
    complete.complete();
  };
  asyncXor(api, xorDest, xorSrcs, 0, xorLen, XOR_DROP_DST | DEP_ACK | ACK, tx, completeXorCopyXor, param);
  api.issuePendingAll();
}

/** A world in which the example was called, and what it must come to. */
function started(platform: PlatformRecord, generation: Generation, count: number) {
  const world = new AsyncWorld(platform, generation);
  const sources = Array.from({ length: count }, (_, i) => world.noise(i));
  const [dest] = sources;
  const copy = world.noise(99);
  const once = xorModel(sources.map((page) => world.bytes(page)));
  const twice = xorModel([once, ...sources.slice(1).map((page) => world.bytes(page))]);
  const complete = world.kernel.completion();
  const printed = (): number => world.kernel.log.filter(({ text }) => text === 'complete').length;
  const expectDone = (): void => {
    expect(printed()).toBe(1);
    expectBytes(world.bytes(copy), once);
    expectBytes(world.bytes(dest), twice);
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(platform.engines.length));
    expect(world.rules()).toEqual([]);
  };
  const run = (): void => runXorCopyXor(world, sources, dest, 4096, dest, copy, 4096, complete);
  return { world, complete, run, printed, expectDone };
}

const GENERATIONS: readonly (readonly [string, Generation])[] = [
  ['2.6.23-rc', GENERATION_2_6_23_RC],
  ['2.6.23', GENERATION_2_6_23],
  ['2.6.26', GENERATION_2_6_26],
  ['today', MODERN],
];

const worksOn = GENERATIONS.flatMap(([release, generation]) =>
  (['iop342', 'iop321', 'none'] as const)
    .filter((platform) => platform !== 'iop321' || !release.startsWith('2.6.23'))
    .map((platform) => [release, platform, generation] as const),
);

describe.each(worksOn)('xor → copy → xor of the 2007 document, %s on %s', (_, platform, generation) => {
  it.each([2, 5, 20])(
    'of %i sources gives the bytes of the plain model and calls back once (AX-40, AX-41)',
    (count) => {
      const { world, complete, run, expectDone } = started(PLATFORMS[platform], generation, count);
      world.thread(
        (function* () {
          run();
          yield* complete.wait();
        })(),
      );
      expectDone();
    },
  );
});

describe.each(GENERATIONS.slice(0, 2))('xor → copy → xor of the 2007 document, %s on iop321', (_, generation) => {
  it.each([2, 5, 20])(
    'of %i sources stops behind the copy, whose end nobody notices, until that channel is looked at (AX-38, I-02)',
    (count) => {
      const { world, run, printed, expectDone } = started(PLATFORMS.iop321, generation, count);
      world.call(run);
      world.settle();
      expect(printed()).toBe(0);
      // The interrupt for the second change of channel was executed before the copy, which it should follow.
      const [copying] = world.chans;
      world.call(() => copying.device.deviceTxStatus!(copying, copying.cookie));
      world.settle();
      expectDone();
    },
  );
});
