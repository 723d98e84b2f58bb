import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { SumCheck } from '../flags';
import type { Bench, SelfTest } from './self-test-bench';
import { FLAGS, XOR_WAIT } from './self-test-bench';

/** Bytes of the data pages, and their coefficients. */
const SOURCES = [0x11, 0x22, 0x44, 0x88] as const;
const COEFFICIENTS = [1, 2, 4, 8] as const;
/** Their sums, as Linux's own RAID-6 code has them (hw-iop13xx 4.9, 8). */
const P = 0xff;
const Q = 0x6c;

/** Pages that the test takes: the data, P and Q. */
export const PQ_PAGES = SOURCES.length + 2;

/** ST-06: P and Q of four pages, then a check that passes, then one that finds both spoiled. */
export function* pqTest(bench: Bench): SelfTest {
  const { chan, pages } = bench;
  const data = pages.slice(0, SOURCES.length);
  const [p, q] = pages.slice(SOURCES.length);
  data.forEach((page, i) => bench.fill(page, () => SOURCES[i]));
  bench.fill(p, () => 0);
  bench.fill(q, () => 0);

  const dst = [p, q].map((page) => bench.map(page, PAGE_SIZE, DmaDirection.fromDevice));
  const srcs = data.map((page) => bench.map(page, PAGE_SIZE, DmaDirection.toDevice));
  const prepared = chan.device.devicePrepDmaPq?.(
    chan,
    [dst[0], dst[1]],
    srcs,
    srcs.length,
    COEFFICIENTS,
    PAGE_SIZE,
    FLAGS,
  );
  const right = () => bench.holds(p, PAGE_SIZE, () => P) && bench.holds(q, PAGE_SIZE, () => Q);
  if (!(yield* bench.run('pq', prepared, XOR_WAIT, right))) return false;

  if (!(yield* checkTest(bench, 'pq zero sum', ~0, 0))) return false;
  bench.clear(p, 100, 100);
  bench.clear(q, 200, 200);
  return yield* checkTest(bench, 'pq non-zero sum', 0, SumCheck.P_RESULT | SumCheck.Q_RESULT);
}

/** A check over all pages that must turn `before` into `after`. */
function* checkTest(bench: Bench, name: string, before: number, after: number): SelfTest {
  const { chan, pages } = bench;
  const result = { value: before };
  const all = pages.map((page) => bench.map(page, PAGE_SIZE, DmaDirection.toDevice));
  const srcs = all.slice(0, SOURCES.length);
  const [p, q] = all.slice(SOURCES.length);
  const prepared = chan.device.devicePrepDmaPqVal?.(
    chan,
    [p, q],
    srcs,
    srcs.length,
    COEFFICIENTS,
    PAGE_SIZE,
    result,
    FLAGS,
  );
  return yield* bench.run(name, prepared, XOR_WAIT, () => result.value === after);
}
