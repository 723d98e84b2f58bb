/** The self-tests of probe (semantics 2.6). Data pages live in DRAM and are mapped like any client's. */
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { MILLISECOND } from '../../emulator/sim/time';
import { DmaCtrl } from '../flags';
import type { Prepared } from '../device';
import type { IopAdmaChan } from './channel';
import type { IopAdmaDevice } from './device';
import { allocChanResources, freeChanResources } from './resources';

/** A test that runs in a thread; true when it passed. */
type SelfTest = Generator<void, boolean, void>;

const COPY_BYTES = 2000;
const XOR_SOURCES = 4;
const FLAGS = DmaCtrl.PREP_INTERRUPT | DmaCtrl.CTRL_ACK;
const COPY_WAIT = 1 * MILLISECOND;
const XOR_WAIT = 8 * MILLISECOND;

/** Runs every test the device is capable of, printing a line each; stops at the first that fails (ST-07). */
export function* selfTests(device: IopAdmaDevice): SelfTest {
  const { channel } = device;
  if (device.devicePrepDmaMemcpy !== undefined && !(yield* withPages(channel, 2, copyTest))) return false;
  if (device.devicePrepDmaXor === undefined) return true;
  return yield* withPages(channel, XOR_SOURCES + 1, xorTest);
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

/** The pages of one test and what is done with them. */
class Bench {
  private readonly mapped: { readonly address: number; readonly bytes: number; readonly direction: DmaDirection }[] =
    [];

  constructor(
    readonly chan: IopAdmaChan,
    readonly pages: readonly Page[],
  ) {}

  /** Maps the first bytes of a page until the next run is over. */
  map(page: Page, bytes: number, direction: DmaDirection): number {
    const address = this.chan.kernel.dma.map(page, 0, bytes, direction);
    this.mapped.push({ address, bytes, direction });
    return address;
  }

  /** Fills a page, byte by byte, as the processor. */
  fill(page: Page, byteAt: (index: number) => number): void {
    const bytes = this.touch(page, true);
    for (let i = 0; i < PAGE_SIZE; i++) bytes[i] = byteAt(i);
    this.chan.kernel.spend(this.chan.kernel.costs.fill * PAGE_SIZE);
  }

  /** Whether the first `length` bytes are as they should be, modulo 256. */
  holds(page: Page, length: number, byteAt: (index: number) => number): boolean {
    const bytes = this.touch(page, false);
    this.chan.kernel.spend(this.chan.kernel.costs.compare * length);
    for (let i = 0; i < length; i++) if (bytes[i] !== (byteAt(i) & 0xff)) return false;
    return true;
  }

  /** Submits, waits, unmaps, judges and prints. */
  *run(name: string, prepared: Prepared | undefined, wait: number, right: () => boolean): SelfTest {
    const { chan } = this;
    let verdict = 'failed, no descriptor';
    if (prepared !== undefined && prepared !== null) {
      const cookie = prepared.txSubmit(prepared);
      chan.device.deviceIssuePending?.(chan);
      yield* chan.kernel.scheduler.sleep(wait);
      verdict = chan.device.deviceTxStatus?.(chan, cookie) === 'complete' ? 'passed' : 'timed out';
    }
    for (const { address, bytes, direction } of this.mapped) chan.kernel.dma.unmap(address, bytes, direction);
    this.mapped.length = 0;
    if (verdict === 'passed' && !right()) verdict = 'failed compare';
    const passed = verdict === 'passed';
    chan.kernel.printk(`${chan.device.parent}: Self-test ${name} ${verdict}${passed ? '' : ', disabling'}`);
    return passed;
  }

  private touch(page: Page, write: boolean): Uint8Array {
    const { dma, machine } = this.chan.kernel;
    dma.processorTouches(page.address, write, 'iop_adma self-test');
    const start = page.address - machine.dram.base;
    return machine.dram.bytes.subarray(start, start + PAGE_SIZE);
  }
}
