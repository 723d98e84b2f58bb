/** async_tx operations a host second, on engines and in software. */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTx } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncGenSyndrome } from '../../async_tx/pq';
import { spansOf } from '../../async_tx/spans';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXor } from '../../async_tx/xor';
import { bootDmaEngine } from '../../dmaengine/boot';
import { Kernel } from '../../emulator/kernel/kernel';
import type { Page } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import type { Benchmark } from './harness';
import { timed } from './harness';

const BLOCK = 4096;
const OPERATIONS = 40_000;
/** One operation in so many carries a callback, and the program waits for it before the next lot. */
const BATCH = 16;

type Operation = (api: AsyncTx, pages: readonly Page[], callback: (() => void) | undefined) => AsyncTxResult;

const xor5: Operation = (api, [dest, ...others], callback) =>
  asyncXor(
    api,
    dest,
    others.slice(0, 5),
    0,
    BLOCK,
    initAsyncSubmit(AsyncTxFlags.XOR_ZERO_DST | AsyncTxFlags.ACK, null, callback),
  );

const memcpy: Operation = (api, [dest, source], callback) =>
  asyncMemcpy(api, dest, source, 0, 0, BLOCK, initAsyncSubmit(AsyncTxFlags.ACK, null, callback));

/** Eight data blocks, P and Q. */
const pq8: Operation = (api, pages, callback) =>
  asyncGenSyndrome(api, spansOf(pages, 0), BLOCK, initAsyncSubmit(AsyncTxFlags.ACK, null, callback));

/** XOR of 5 → copy → XOR of 2, as a read-modify-write goes: on an IOP321 AAU, DMA and AAU again. */
const crossChain: Operation = (api, [parity, a, b, c, d, copy], callback) => {
  const { ACK, FENCE, XOR_DROP_DST } = AsyncTxFlags;
  const first = asyncXor(api, parity, [parity, a, b, c, d], 0, BLOCK, initAsyncSubmit(FENCE | XOR_DROP_DST));
  const second = asyncMemcpy(api, copy, parity, 0, 0, BLOCK, initAsyncSubmit(FENCE, first));
  return asyncXor(api, parity, [parity, copy], 0, BLOCK, initAsyncSubmit(ACK | XOR_DROP_DST, second, callback));
};

function operations(name: string, platform: PlatformName, operation: Operation, links = 1): Benchmark {
  return {
    name: `${name} through async_tx, ${platform}`,
    run() {
      const kernel = new Kernel(new Machine(PLATFORMS[platform]));
      let ready = false;
      let done = false;
      function* main(): ThreadBody {
        const api = new AsyncTx(yield* bootDmaEngine(kernel));
        const pages = Array.from({ length: 10 }, () => kernel.pages.alloc());
        ready = true;
        yield* kernel.scheduler.yieldProcessor();
        const complete = kernel.completion();
        const callback = (): void => complete.complete();
        for (let i = 1; i <= OPERATIONS / links; i++) {
          const last = i % BATCH === 0;
          operation(api, pages, last ? callback : undefined);
          if (!last) continue;
          api.issuePendingAll();
          yield* complete.wait();
        }
        done = true;
      }
      kernel.scheduler.spawn('operations', main());
      kernel.scheduler.run(() => ready);
      return {
        seconds: timed(() => kernel.scheduler.run(() => done)),
        amounts: { operations: links * Math.floor(OPERATIONS / links) },
      };
    },
  };
}

/** Copies, sums and syndromes of 4 KiB. */
export const OPERATION_BENCHMARKS: readonly Benchmark[] = [
  operations('copy of 4 KiB', 'iop342', memcpy),
  operations('copy of 4 KiB', 'none', memcpy),
  operations('XOR of 5 × 4 KiB', 'iop342', xor5),
  operations('XOR of 5 × 4 KiB', 'none', xor5),
  operations('P+Q of 8 × 4 KiB', 'iop342', pq8),
  operations('P+Q of 8 × 4 KiB', 'none', pq8),
  operations('3-link chain over channels', 'iop321', crossChain, 3),
  operations('3-link chain', 'none', crossChain, 3),
];
