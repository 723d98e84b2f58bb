/** The self-tests of probe (semantics 2.6). Data pages live in DRAM and are mapped like any client's. */
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { IopAdmaChan } from './channel';
import type { IopAdmaDevice } from './device';
import { allocChanResources, freeChanResources } from './resources';
import type { SelfTest } from './self-test-bench';
import { Bench, COPY_WAIT, FLAGS, XOR_WAIT } from './self-test-bench';
import { PQ_PAGES, pqTest } from './self-test-pq';

const COPY_BYTES = 2000;
const XOR_SOURCES = 4;

/** Runs every test the device is capable of, printing a line each; stops at the first that fails (ST-07). */
export function* selfTests(device: IopAdmaDevice): SelfTest {
  const { channel } = device;
  if (device.devicePrepDmaMemcpy !== undefined && !(yield* withPages(channel, 2, copyTest))) return false;
  if (device.devicePrepDmaXor !== undefined && !(yield* withPages(channel, XOR_SOURCES + 1, xorTest))) return false;
  if (device.devicePrepDmaPq === undefined || device.devicePrepDmaPqVal === undefined) return true;
  return yield* withPages(channel, PQ_PAGES, pqTest);
}

/** Gives a test pages and channel resources, and takes both back, passed or not (IA-77). */
function* withPages(chan: IopAdmaChan, count: number, test: (bench: Bench) => SelfTest): SelfTest {
  const { pages } = chan.kernel;
  const taken = Array.from({ length: count }, () => pages.alloc());
  const ready = allocChanResources(chan) >= 1;
  const passed = ready && (yield* test(new Bench(chan, taken)));
  if (ready) freeChanResources(chan);
  for (const page of taken) pages.free(page);
  return passed;
}

/** ST-01. */
function* copyTest(bench: Bench): SelfTest {
  const [src, dest] = bench.pages;
  bench.fill(src, (i) => i);
  bench.fill(dest, () => 0);
  const to = bench.map(dest, COPY_BYTES, DmaDirection.fromDevice);
  const from = bench.map(src, COPY_BYTES, DmaDirection.toDevice);
  const { device } = bench.chan;
  const prepared = device.devicePrepDmaMemcpy?.(bench.chan, to, from, COPY_BYTES, FLAGS);
  return yield* bench.run('copy', prepared, COPY_WAIT, () => bench.holds(dest, COPY_BYTES, (i) => i));
}

/** ST-02 … ST-04. In place of ST-05 the data of the last check are changed, as they were in [07]. */
function* xorTest(bench: Bench): SelfTest {
  const { chan, pages } = bench;
  const { device } = chan;
  const dest = pages[XOR_SOURCES];
  const sources = pages.slice(0, XOR_SOURCES);
  sources.forEach((page, i) => bench.fill(page, () => 1 << i));
  bench.fill(dest, () => 0);
  const expected = (1 << XOR_SOURCES) - 1;

  const to = bench.map(dest, PAGE_SIZE, DmaDirection.fromDevice);
  const from = sources.map((page) => bench.map(page, PAGE_SIZE, DmaDirection.toDevice));
  const xor = device.devicePrepDmaXor?.(chan, to, from, XOR_SOURCES, PAGE_SIZE, FLAGS);
  const summed = () => bench.holds(dest, PAGE_SIZE, () => expected);
  if (!(yield* bench.run('xor', xor, XOR_WAIT, summed))) return false;
  if (device.devicePrepDmaXorVal === undefined) return true;

  if (!(yield* checkTest(bench, 'zero sum', 1, 0))) return false;
  if (device.devicePrepDmaMemset !== undefined) {
    const filled = bench.map(dest, PAGE_SIZE, DmaDirection.fromDevice);
    const memset = device.devicePrepDmaMemset(chan, filled, 0, PAGE_SIZE, FLAGS);
    const cleared = () => bench.holds(dest, PAGE_SIZE, () => 0);
    if (!(yield* bench.run('memset', memset, XOR_WAIT, cleared))) return false;
  } else {
    bench.fill(dest, () => 0);
  }
  return yield* checkTest(bench, 'non-zero sum', 0, 1);
}

/** A check over all pages that must turn `before` into `after`. */
function* checkTest(bench: Bench, name: string, before: number, after: number): SelfTest {
  const { chan, pages } = bench;
  const result = { value: before };
  const srcs = pages.map((page) => bench.map(page, PAGE_SIZE, DmaDirection.toDevice));
  const prepared = chan.device.devicePrepDmaXorVal?.(chan, srcs, srcs.length, PAGE_SIZE, result, FLAGS);
  return yield* bench.run(name, prepared, XOR_WAIT, () => result.value === after);
}
