/**
 * `raid6test` (the kernel's crypto/async_tx/raid6test.c, reference/oracle 1.2): every pair of blocks of a stripe is
 * lost and recovered, and the stripe is checked and compared. Beyond the kernel's, P and Q themselves are compared
 * with a plain model, blocks that were not lost as well, and no mapping may be left.
 */
import { fillRandom, gfPowerOfTwo, plainWeighted, plainXor } from '../dmaengine/dmatest/plain';
import type { Page } from '../emulator/kernel/pages';
import { PAGE_SIZE } from '../emulator/kernel/pages';
import type { WaitQueue } from '../emulator/kernel/wait';
import type { SeededRandom } from '../emulator/sim/random';
import { MILLISECOND } from '../emulator/sim/time';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import type { BlockList } from './blocks';
import { asyncGenSyndrome } from './pq';
import { asyncSyndromeVal } from './pq-val';
import { asyncRaid62dataRecov, asyncRaid6DatapRecov } from './raid6-recov';
import type { PageList } from './spans';
import { spansOf } from './spans';
import { AsyncTxFlags, initAsyncSubmit } from './submit';
import { asyncXorOffs } from './xor';

/** The numbers of disks the kernel tests: the special forms, and what makes engines continue. */
export const RAID6TEST_DISKS: readonly number[] = [4, 5, 11, 12, 24, 64];
/** How long one operation may take. */
const WAIT = 3000 * MILLISECOND;
/** What recovery pages and the spare hold before. */
const MARKERS = [0xf0, 0xba] as const;
const SPARE = 0xee;
/** A check that leaves nothing leaves this: no value of `SumCheck`. */
const UNTOUCHED = 0x55;

/** A stripe to be tested. */
export interface Raid6Shape {
  /** entries of the block list, P, Q and holes included */
  readonly disks: number;
  /** slots without a block, as in a DDF array */
  readonly holes: readonly number[];
}

/** What came out of one stripe. */
export interface Raid6Result {
  readonly tests: number;
  readonly failures: number;
  /** One line for each failure, like the kernel's. */
  readonly messages: readonly string[];
}

/** The stripe of one shape: pages, and what they have to hold. */
interface Stripe {
  readonly blocks: PageList;
  readonly contents: readonly (Uint8Array | undefined)[];
}

/** What to do with the run of a pair: it may be repeated. */
type PairHook = (run: () => Generator<void, void, void>) => Generator<void, void, void>;

export class Raid6Test {
  private readonly done: WaitQueue;
  private readonly spare: Page;
  private readonly recovered: readonly [Page, Page];
  private messages: string[] = [];
  private tests = 0;
  private failures = 0;

  /** @param around what to do with each pair's run: once, as it is, unless told */
  constructor(
    private readonly api: AsyncTx,
    private readonly random: SeededRandom,
    private readonly around: PairHook = (run) => run(),
  ) {
    const { pages } = api.kernel;
    this.done = api.kernel.waitQueue();
    this.spare = pages.alloc();
    this.recovered = [pages.alloc(), pages.alloc()];
  }

  /** All pairs of one shape. Runs in a thread. */
  *run(shape: Raid6Shape): Generator<void, Raid6Result, void> {
    const { pages } = this.api.kernel;
    this.messages = [];
    this.tests = 0;
    this.failures = 0;
    const stripe = yield* this.stripe(shape);
    const there = [...stripe.blocks.keys()].filter((slot) => stripe.blocks[slot] !== undefined);
    for (const i of there) {
      for (const j of there.filter((slot) => slot > i)) yield* this.around(() => this.pair(stripe, i, j));
    }
    for (const page of stripe.blocks) if (page !== undefined) pages.free(page);
    return { tests: this.tests, failures: this.failures, messages: this.messages };
  }

  /** Gives the working pages back. */
  free(): void {
    for (const page of [this.spare, ...this.recovered]) this.api.kernel.pages.free(page);
  }

  /** Random data, P and Q generated, then compared with the model. */
  private *stripe({ disks, holes }: Raid6Shape): Generator<void, Stripe, void> {
    const { api, random } = this;
    const blocks = Array.from({ length: disks }, (_, slot) =>
      holes.includes(slot) ? undefined : api.kernel.pages.alloc(),
    );
    const [p, q] = blocks.slice(disks - 2) as [Page, Page];
    const data = blocks.slice(0, disks - 2);
    for (const page of data) if (page !== undefined) fillRandom(this.bytes(page), random);
    for (const page of [p, q]) this.bytes(page).fill(SPARE);
    const finished = yield* this.carryOut((callback) =>
      asyncGenSyndrome(api, spansOf(blocks, 0), PAGE_SIZE, initAsyncSubmit(AsyncTxFlags.ACK, null, callback)),
    );
    if (!finished) this.fail(`error: initial gen_syndrome(${disks}) timed out`);
    const present = data.flatMap((page, slot) => (page === undefined ? [] : [{ bytes: this.bytes(page), slot }]));
    const parts = present.map(({ bytes }) => bytes);
    const weights = present.map(({ slot }) => gfPowerOfTwo(slot));
    const sums = [plainXor(parts, PAGE_SIZE), plainWeighted(parts, weights, PAGE_SIZE)];
    if (differs(this.bytes(p), sums[0]) || differs(this.bytes(q), sums[1])) {
      this.fail(`error: gen_syndrome(${disks}) is wrong`);
    }
    return { blocks, contents: blocks.map((page) => (page === undefined ? undefined : this.bytes(page).slice())) };
  }

  /** `test_disks`: loses blocks i < j, recovers, checks and compares. */
  private *pair({ blocks, contents }: Stripe, i: number, j: number): Generator<void, void, void> {
    const { api } = this;
    const disks = blocks.length;
    const [lostI, lostJ] = this.recovered;
    [lostI, lostJ].forEach((page, which) => this.bytes(page).fill(MARKERS[which]));
    this.bytes(this.spare).fill(SPARE);
    const pages = blocks.map((page, slot) => (slot === i ? lostI : slot === j ? lostJ : page));
    const list = spansOf(pages, 0);
    const result = { value: UNTOUCHED };
    this.tests++;
    const finished = yield* this.carryOut((callback) => {
      const recovery = recover(api, list, i, j);
      const submit = initAsyncSubmit(AsyncTxFlags.ACK, recovery, callback);
      return asyncSyndromeVal(api, list, PAGE_SIZE, result, { page: this.spare, offset: 0 }, submit);
    });
    const problems: string[] = [];
    if (!finished) problems.push('timeout');
    if (finished && result.value !== 0)
      problems.push(`validation failure, sum_check_flags ${result.value.toString(16)}`);
    const wrong = [lostI, lostJ].map((page, which) => differs(this.bytes(page), contents[which === 0 ? i : j]!));
    if (wrong[0] || wrong[1]) problems.push(`ERR${wrong[0] ? 'A' : ''}${wrong[1] ? 'B' : ''}`);
    const spoiled = blocks.findIndex((page, slot) => {
      return page !== undefined && slot !== i && slot !== j && differs(this.bytes(page), contents[slot]!);
    });
    if (spoiled >= 0) {
      problems.push(`disk ${spoiled} overwritten`);
      blocks.forEach((page, slot) => page !== undefined && this.bytes(page).set(contents[slot]!));
    }
    if (finished && api.kernel.dma.live > 0) problems.push(`${api.kernel.dma.live} mappings left`);
    if (problems.length === 0) return;
    const [a, b] = [i, j].map((slot) => `${slot}(${kindOf(slot, disks)})`);
    this.fail(`test_disks(${disks}): faila=${a} failb=${b} ${problems.join(', ')}`);
  }

  /** Starts something, flushes, and waits for its callback; false when that did not come in time. */
  private *carryOut(start: (callback: () => void) => AsyncTxResult): Generator<void, boolean, void> {
    const { api } = this;
    let called = false;
    start(() => {
      called = true;
      this.done.wake();
    });
    api.issuePendingAll();
    return yield* this.done.waitUntil(() => called, api.kernel.now + WAIT);
  }

  private fail(text: string): void {
    this.failures++;
    this.messages.push(text);
  }

  private bytes(page: Page): Uint8Array {
    const { dram } = this.api.kernel.machine;
    const start = page.address - dram.base;
    return dram.bytes.subarray(start, start + PAGE_SIZE);
  }
}

/** `raid6_dual_recov`: the routine that goes with the kinds of blocks lost. */
function recover(api: AsyncTx, list: BlockList, i: number, j: number): AsyncTxResult {
  const [p, q] = [list.length - 2, list.length - 1];
  if (j < p) return asyncRaid62dataRecov(api, list, i, j, PAGE_SIZE, initAsyncSubmit(0));
  if (j === p) return asyncRaid6DatapRecov(api, list, i, PAGE_SIZE, initAsyncSubmit(0));
  if (i === p) return asyncGenSyndrome(api, list, PAGE_SIZE, initAsyncSubmit(0));
  // Data and Q: the data from P, then all of P and Q from the data (RR-04).
  const others = list.slice(0, q).filter((_, slot) => slot !== i);
  const xor = initAsyncSubmit(AsyncTxFlags.FENCE | AsyncTxFlags.XOR_ZERO_DST);
  const data = asyncXorOffs(api, list[i]!, others, PAGE_SIZE, xor);
  return asyncGenSyndrome(api, list, PAGE_SIZE, initAsyncSubmit(0, data));
}

function kindOf(slot: number, disks: number): string {
  return slot === disks - 2 ? 'P' : slot === disks - 1 ? 'Q' : 'D';
}

function differs(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual.some((byte, i) => byte !== expected[i]);
}
