import fc from 'fast-check';
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncMemset } from '../../async_tx/memset';
import { asyncGenSyndrome } from '../../async_tx/pq';
import { asyncSyndromeVal } from '../../async_tx/pq-val';
import { asyncRaid62dataRecov, asyncRaid6DatapRecov } from '../../async_tx/raid6-recov';
import { spansOf } from '../../async_tx/spans';
import type { AsyncSubmit } from '../../async_tx/submit';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXor } from '../../async_tx/xor';
import { asyncXorVal } from '../../async_tx/xor-val';
import { asyncTxAck } from '../../dmaengine/descriptor';
import { PLATFORMS } from '../../emulator/platforms';
import type { Page } from '../../emulator/kernel/pages';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { AsyncWorld, expectBytes, nothingLeft, xorModel } from './world';

/** Two whole blocks and a part. */
const LEN = 2304;
const PAGES = 24;
const { XOR_DROP_DST, XOR_ZERO_DST } = AsyncTxFlags;

/** Bit by bit, as the polynomial says. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0, shifted = a; bit < 8; bit++) {
    if (b & (1 << bit)) product ^= shifted;
    shifted = shifted & 0x80 ? ((shifted << 1) ^ 0x11d) & 0xff : shifted << 1;
  }
  return product;
}

function syndromeModel(data: readonly Uint8Array[]): Uint8Array {
  const q = new Uint8Array(LEN);
  let power = 1;
  for (const block of data) {
    const row = Uint8Array.from({ length: 256 }, (_, byte) => times(power, byte));
    block.forEach((byte, i) => (q[i] ^= row[byte]));
    power = times(power, 2);
  }
  return q;
}

const WHAT = ['copy', 'fill', 'xor', 'drop', 'wide', 'pq', 'check', 'check-pq', 'lose-two', 'lose-p'] as const;

/** One step of a chain: an operation on pages, and where an engine will meet an error meanwhile. */
interface Step {
  readonly what: (typeof WHAT)[number];
  /** page that is written */
  readonly dest: number;
  /** first of the pages that are read; they follow each other */
  readonly first: number;
  readonly count: number;
  readonly faults: readonly { readonly page: number; readonly at: number; readonly access: 'read' | 'write' }[];
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom(...WHAT),
    dest: fc.nat(PAGES - 1),
    first: fc.nat(PAGES - 1),
    count: fc.integer({ min: 2, max: 6 }),
    faults: fc.array(
      fc.record({
        page: fc.nat(PAGES - 1),
        at: fc.nat(LEN - 1),
        access: fc.constantFrom('read' as const, 'write' as const),
      }),
      { maxLength: 2 },
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Pages with their models, and one chain of operations over them. */
class ErrorWorld extends AsyncWorld {
  readonly pages: Page[] = [];
  readonly models: Uint8Array[] = [];
  tail: AsyncTxResult = null;
  private readonly spare: Page;
  private expected: (() => void)[] = [];
  private callbacks: string[] = [];

  constructor(platform: PlatformRecord) {
    super(platform);
    for (let i = 0; i < PAGES; i++) {
      this.pages.push(this.noise(i));
      this.models.push(this.bytes(this.pages[i], LEN).slice());
    }
    this.spare = this.page();
  }

  run(list: readonly Step[]): void {
    for (const [number, step] of list.entries()) {
      for (const { page, at, access } of step.faults) {
        const { faults } = this.machine;
        faults.inject({ kind: 'master-abort', address: this.pages[page].address + at, length: 1, access, times: 1 });
      }
      this.call(() => this.step(step, number));
    }
    this.call(() => {
      if (this.tail !== null) asyncTxAck(this.tail);
    });
    this.finish();
    for (const check of this.expected) check();
    this.pages.forEach((page, i) => expectBytes(this.bytes(page, LEN), this.models[i]));
    expect(this.callbacks).toEqual(
      list.map((_, number) => `${number}`).filter((name) => this.callbacks.includes(name)),
    );
    expect(new Set(this.callbacks).size).toBe(list.length);
  }

  private submit(flags: number, number: number): AsyncSubmit {
    return initAsyncSubmit(flags, this.tail, () => this.callbacks.push(`${number}`));
  }

  private step({ what, dest, first, count }: Step, number: number): void {
    const { api, pages, models } = this;
    const others = Array.from({ length: PAGES - 1 }, (_, i) => (first + i) % PAGES).filter((page) => page !== dest);
    const read = others.slice(0, what === 'wide' ? 20 : count);
    const sources = read.map((page) => pages[page]);
    const parts = read.map((page) => models[page]);
    const [p, q] = others.slice(-2);
    const done = (flags: number): AsyncSubmit => this.submit(flags, number);
    if (what === 'copy') {
      this.tail = asyncMemcpy(api, pages[dest], sources[0], 0, 0, LEN, done(0));
      models[dest] = parts[0].slice();
    } else if (what === 'fill') {
      this.tail = asyncMemset(api, pages[dest], first, 0, LEN, done(0));
      models[dest] = new Uint8Array(LEN).fill(first);
    } else if (what === 'xor' || what === 'wide') {
      this.tail = asyncXor(api, pages[dest], sources, 0, LEN, done(XOR_ZERO_DST));
      models[dest] = xorModel(parts);
    } else if (what === 'drop') {
      this.tail = asyncXor(api, pages[dest], [pages[dest], ...sources], 0, LEN, done(XOR_DROP_DST));
      models[dest] = xorModel([models[dest], ...parts]);
    } else if (what === 'check') {
      this.check(read, done);
    } else {
      models[p] = xorModel(parts);
      models[q] = syndromeModel(parts);
      this.tail = asyncGenSyndrome(api, spansOf([...sources, pages[p], pages[q]], 0), LEN, done(0));
      if (what === 'pq') return;
      this.tail = api.quiesceTx(this.tail);
      this.recover(what, sources, pages[p], pages[q]);
    }
  }

  /** The sum over what was read is made zero first, or nearly so. */
  private check(read: readonly number[], done: (flags: number) => AsyncSubmit): void {
    const { api, pages, models } = this;
    const [sum, ...rest] = read.map((page) => pages[page]);
    const result = { value: 9 };
    this.tail = asyncXor(api, sum, rest.length > 1 ? rest : [rest[0], rest[0]], 0, LEN, {
      ...done(XOR_ZERO_DST),
      callback: undefined,
    });
    models[read[0]] = xorModel(
      rest.length > 1 ? read.slice(1).map((page) => models[page]) : [models[read[1]], models[read[1]]],
    );
    const right = models[read[0]].every((byte, i) => byte === xorModel(read.slice(1).map((page) => models[page]))[i]);
    this.tail = asyncXorVal(api, sum, [sum, ...rest], 0, LEN, result, done(0));
    // Without an engine that checks, the sum goes into the page.
    if (this.tail === null) models[read[0]] = xorModel(read.map((page) => models[page]));
    this.expected.push(() => expect(result.value).toBe(right ? 0 : 1));
  }

  private recover(what: string, sources: readonly Page[], p: Page, q: Page): void {
    const { api } = this;
    const blocks = spansOf([...sources, p, q], 0);
    if (blocks.length < 4) return;
    const result = { value: 9 };
    if (what === 'lose-two') {
      for (const page of [sources[0], sources[1]]) this.bytes(page, LEN).fill(0xa5);
      api.quiesceTx(asyncRaid62dataRecov(api, blocks, 0, 1, LEN, initAsyncSubmit(0)));
    } else if (what === 'lose-p') {
      for (const page of [sources[0], p]) this.bytes(page, LEN).fill(0xa5);
      api.quiesceTx(asyncRaid6DatapRecov(api, blocks, 0, LEN, initAsyncSubmit(0)));
    }
    api.quiesceTx(asyncSyndromeVal(api, blocks, LEN, result, { page: this.spare, offset: 0 }, initAsyncSubmit(0)));
    expect(result.value).toBe(0);
  }
}

describe.each(['iop342', 'iop331', 'iop321'] as const)('errors of the engines of %s', (name) => {
  it('are made good by the processor: data, callbacks, slots and maps are those of a run without errors', () => {
    let redone = 0;
    fc.assert(
      fc.property(steps, (list) => {
        const world = new ErrorWorld(PLATFORMS[name]);
        world.run(list);
        redone += world.api.statistics.redone;
        expect(world.rules()).toEqual([]);
        expect(world.leftovers()).toEqual(nothingLeft(world.chans.length));
      }),
      { numRuns: 25, seed: 20070924 },
    );
    expect(redone).toBeGreaterThan(10);
  });

  it('are not forgotten when the interrupt comes between the read and the write of an append', () => {
    const world = new ErrorWorld(PLATFORMS[name]);
    world.run([
      { what: 'lose-p', dest: 0, first: 0, count: 3, faults: [] },
      { what: 'fill', dest: 0, first: 0, count: 2, faults: [{ page: 22, at: 0, access: 'read' }] },
      { what: 'wide', dest: 9, first: 9, count: 2, faults: [{ page: 2, at: 0, access: 'write' }] },
      { what: 'check', dest: 0, first: 2, count: 5, faults: [] },
    ]);
    expect(world.rules()).toEqual([]);
  });
});
