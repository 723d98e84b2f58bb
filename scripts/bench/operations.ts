/** async_tx operations a host second, on engines and in software. */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTx } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
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

const xor5: Operation = (api, [dest, ...sources], callback) =>
  asyncXor(api, dest, sources, 0, BLOCK, initAsyncSubmit(AsyncTxFlags.XOR_ZERO_DST | AsyncTxFlags.ACK, null, callback));

const memcpy: Operation = (api, [dest, source], callback) =>
  asyncMemcpy(api, dest, source, 0, 0, BLOCK, initAsyncSubmit(AsyncTxFlags.ACK, null, callback));

function operations(name: string, platform: PlatformName, operation: Operation): Benchmark {
  return {
    name: `${name} through async_tx, ${platform}`,
    run() {
      const kernel = new Kernel(new Machine(PLATFORMS[platform]));
      let ready = false;
      let done = false;
      function* main(): ThreadBody {
        const api = new AsyncTx(yield* bootDmaEngine(kernel));
        const pages = Array.from({ length: 6 }, () => kernel.pages.alloc());
        ready = true;
        yield* kernel.scheduler.yieldProcessor();
        const complete = kernel.completion();
        const callback = (): void => complete.complete();
        for (let i = 1; i <= OPERATIONS; i++) {
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
      return { seconds: timed(() => kernel.scheduler.run(() => done)), amounts: { operations: OPERATIONS } };
    },
  };
}

/** Copies and sums of 4 KiB. */
export const OPERATION_BENCHMARKS: readonly Benchmark[] = [
  operations('copy of 4 KiB', 'iop342', memcpy),
  operations('copy of 4 KiB', 'none', memcpy),
  operations('XOR of 5 × 4 KiB', 'iop342', xor5),
  operations('XOR of 5 × 4 KiB', 'none', xor5),
];
