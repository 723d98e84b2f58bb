/**
 * Published figures beside what the model gives (reference/oracle 3): ratios on one machine, simulated time
 * against simulated time, so that they are the same on every host.
 */
import { AsyncTx } from '../../async_tx/async-tx';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXor } from '../../async_tx/xor';
import { bootDmaEngine } from '../../dmaengine/boot';
import { DmaEngine } from '../../dmaengine/engine';
import { COSTS, IOP321_COSTS } from '../../emulator/kernel/costs';
import { Kernel } from '../../emulator/kernel/kernel';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { seconds } from '../../emulator/sim/time';

const BLOCK = 4096;
const OPERATIONS = 256;
/** Operations between two looks at what is complete. */
const BATCH = 16;

/** One published figure and its counterpart. */
export interface PublishedFigure {
  /** Row of oracle section 3. */
  readonly id: string;
  readonly published: string;
  readonly what: string;
  /** The figure the publication gives, as a ratio. */
  readonly expected: number;
  readonly measured: number;
  /** What is accepted as the same, both ends included. */
  readonly accepted: readonly [least: number, most: number];
  readonly holds: boolean;
  readonly details: readonly string[];
  readonly fitted: readonly string[];
}

/** Destination bytes a simulated second of xor over `sources` blocks of 4 KiB. */
export function xorThroughput(platform: PlatformName, engines: boolean, sources: number): number {
  const kernel = new Kernel(new Machine(PLATFORMS[platform]));
  let rate = 0;
  let done = false;
  function* main(): ThreadBody {
    const dma = engines ? yield* bootDmaEngine(kernel) : new DmaEngine(kernel);
    const api = new AsyncTx(dma);
    const dest = kernel.pages.alloc();
    const pages = Array.from({ length: sources }, () => kernel.pages.alloc());
    const start = kernel.now;
    for (let i = 0; i < OPERATIONS; i++) {
      const last = i % BATCH === BATCH - 1;
      const submit = initAsyncSubmit(AsyncTxFlags.XOR_ZERO_DST | (last ? 0 : AsyncTxFlags.ACK));
      const tx = asyncXor(api, dest, pages, 0, BLOCK, submit);
      if (last) api.quiesceTx(tx);
    }
    rate = (OPERATIONS * BLOCK) / seconds(kernel.now - start);
    done = true;
  }
  kernel.scheduler.spawn('measure', main());
  kernel.scheduler.run(() => done);
  return rate;
}

/** P11: the AAU of an IOP321 against its processor. */
export function p11(): PublishedFigure {
  const rows = [2, 3, 4, 5, 8, 16].map((sources) => {
    const engine = xorThroughput('iop321', true, sources);
    const processor = xorThroughput('iop321', false, sources);
    return { sources, engine, processor, ratio: engine / processor };
  });
  const measured = rows.find(({ sources }) => sources === 4)?.ratio ?? 0;
  return compared({
    id: 'P11',
    published: 'Computer Engineering & Science 2007(3) 87–90: on an IOP321 the AAU is more than 7 times the processor',
    what: 'xor of 4 × 4 KiB through async_tx on iop321, engine against software',
    expected: 7,
    measured,
    accepted: [5.6, 8.4],
    details: rows.map(
      ({ sources, engine, processor, ratio }) =>
        `${sources} sources: AAU ${mega(engine)} MB/s, processor ${mega(processor)} MB/s of result, ${ratio.toFixed(2)} times`,
    ),
    fitted: [
      `processor xor ${IOP321_COSTS.xor.value} ps a source byte (fitted; on the 800 MHz platforms ${COSTS.xor.value}, fitted to P2)`,
      'not fitted: the AAU’s speed follows from bus width, clock and block size of the timing table; so does how the ratio moves with the number of sources',
    ],
  });
}

/** Says whether the measured figure is accepted. */
export function compared(figure: Omit<PublishedFigure, 'holds'>): PublishedFigure {
  const { measured, accepted } = figure;
  return { ...figure, holds: accepted[0] <= measured && measured <= accepted[1] };
}

function mega(bytesPerSecond: number): string {
  return (bytesPerSecond / 1e6).toFixed(1);
}
