import { asyncMemcpy } from '../../async_tx/memcpy';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXor } from '../../async_tx/xor';
import type { Completion } from '../../emulator/kernel/wait';
import type { Page } from '../../emulator/kernel/pages';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { AsyncWorld, boardWith, DIVIDED, expectBytes, noiseByte, nothingLeft, xorModel } from './world';

const { XOR_DROP_DST, ACK } = AsyncTxFlags;

function callback(param: Completion): void {
  param.complete();
}

/**
 * `run_xor_copy_xor` of the API page, section 3.7, as close as it goes. Its slips (DX-01): addr_conv stands
 * twice, once of an undefined size; a semicolon is missing; `submit->depend_tx` is written on a struct that
 * is no pointer; and DROP_DST says that xor_dest is xor_srcs[0], which the page does not mention. Here the
 * source list carries its length, and there is no scribble: the engine keeps its own list of addresses.
 */
function* runXorCopyXor(
  world: AsyncWorld,
  xorSrcs: readonly Page[],
  xorDest: Page,
  xorLen: number,
  copySrc: Page,
  copyDest: Page,
  copyLen: number,
): Generator<void, void, void> {
  const { api, kernel } = world;
  let submit = initAsyncSubmit(XOR_DROP_DST);
  let tx = asyncXor(api, xorDest, xorSrcs, 0, xorLen, submit);
  submit.dependTx = tx;
  tx = asyncMemcpy(api, copyDest, copySrc, 0, 0, copyLen, submit);
  const cmp = kernel.completion();
  submit = initAsyncSubmit(XOR_DROP_DST | ACK, tx, () => callback(cmp));
  tx = asyncXor(api, xorDest, xorSrcs, 0, xorLen, submit);
  api.issuePendingAll();
  yield* cmp.wait();
}

/** Two threads on a board with two engines: as in the pull request, one channel copies, one combines. */
const TWO_ENGINES = boardWith([{ capabilities: ['memcpy', 'interrupt'] }, { capabilities: ['xor', 'interrupt'] }]);

const platforms: readonly (readonly [string, PlatformRecord])[] = [
  ['on three engines that can everything', PLATFORMS.iop342],
  ['on an engine that copies and one that combines', TWO_ENGINES],
  ['on engines of three kinds', DIVIDED],
  ['without any engine', PLATFORMS.none],
];

describe.each(platforms)('xor → copy → xor, the example of the API page, %s', (_, platform) => {
  it.each([2, 5, 16, 20])('of %i sources gives the bytes of the plain model (AX-40, AX-41)', (count) => {
    const world = new AsyncWorld(platform);
    const sources = Array.from({ length: count }, (__, i) => world.noise(i));
    const [dest] = sources;
    const copy = world.noise(99);
    // The copy takes the result of the first xor; the second xor starts from it again.
    const once = xorModel(sources.map((page) => world.bytes(page)));
    const others = sources.slice(1).map((page) => world.bytes(page).slice());
    const twice = xorModel([once, ...others]);

    world.thread(runXorCopyXor(world, sources, dest, 4096, dest, copy, 4096));
    expectBytes(world.bytes(copy), once);
    expectBytes(world.bytes(dest), twice);
    sources.slice(1).forEach((page, i) => expectBytes(world.bytes(page), others[i]));
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(platform.engines.length));
    expect(world.rules()).toEqual([]);
  });

  it('works for two threads at once, each with pages of its own', () => {
    const world = new AsyncWorld(platform);
    const runs = [0, 10].map((seed) => {
      const sources = Array.from({ length: 3 }, (__, i) => world.noise(seed + i));
      return { sources, copy: world.page(), once: xorModel(sources.map((page) => world.bytes(page))) };
    });
    let finished = 0;
    for (const { sources, copy } of runs) {
      world.kernel.scheduler.spawn(
        'client',
        (function* () {
          yield* runXorCopyXor(world, sources, sources[0], 4096, sources[0], copy, 4096);
          finished++;
        })(),
      );
    }
    world.kernel.scheduler.run(() => finished === runs.length);
    for (const { copy, once } of runs) expectBytes(world.bytes(copy), once);
    expect(world.rules()).toEqual([]);
  });
});

describe('xor → copy → xor', () => {
  it('calls back in a soft interrupt on engines and in the thread without any (AX-04, SW-13)', () => {
    const contexts = [PLATFORMS.iop342, PLATFORMS.none].map((platform) => {
      const world = new AsyncWorld(platform);
      const [a, b, c] = [1, 2, 3].map((seed) => world.noise(seed));
      const seen: string[] = [];
      world.thread(
        (function* () {
          const done = world.kernel.completion();
          const first = asyncXor(world.api, a, [a, b], 0, 4096, initAsyncSubmit(XOR_DROP_DST));
          const copy = asyncMemcpy(world.api, c, a, 0, 0, 4096, initAsyncSubmit(0, first));
          const submit = initAsyncSubmit(XOR_DROP_DST | ACK, copy, () => {
            seen.push(world.kernel.processor.context);
            done.complete();
          });
          asyncXor(world.api, a, [a, b], 0, 4096, submit);
          world.api.issuePendingAll();
          yield* done.wait();
        })(),
      );
      return seen;
    });
    expect(contexts).toEqual([['softirq'], ['thread']]);
  });

  it('needs xor_dest as the first of xor_srcs, which the page does not say (DX-01, XR-02)', () => {
    // Elsewhere in the list it is one source more on an engine, and the processor drops a source that is none.
    const sums = [PLATFORMS.iop342, PLATFORMS.none].map((platform) => {
      const world = new AsyncWorld(platform);
      const [dest, ...sources] = [1, 2, 9].map((seed) => world.noise(seed));
      world.thread(runXorCopyXor(world, sources, dest, 4096, dest, world.page(), 4096));
      return world.bytes(dest)[0];
    });
    const [dest, first, second] = [1, 2, 9].map((seed) => noiseByte(seed, 0));
    // The processor adds the second source twice, so that the destination is what it was.
    expect(sums).toEqual([first ^ second, dest]);
    expect(dest).not.toBe(first ^ second);
  });
});
