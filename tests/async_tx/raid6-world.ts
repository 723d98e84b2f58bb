/** RAID-6 stripes for tests, and what their P and Q have to be: from the definition, bit by bit. */
import { asyncGenSyndrome } from '../../async_tx/pq';
import { asyncSyndromeVal } from '../../async_tx/pq-val';
import { asyncRaid62dataRecov, asyncRaid6DatapRecov } from '../../async_tx/raid6-recov';
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXorOffs } from '../../async_tx/xor';
import type { BlockList } from '../../async_tx/blocks';
import type { PageSpan } from '../../async_tx/sync/page-access';
import type { AsyncTxConfig } from '../../dmaengine/config';
import type { Page } from '../../emulator/kernel/pages';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { powerOfTwo, times } from '../emulator/datapath/model';
import { AsyncWorld, boardWith, expectBytes, xorModel } from './world';

export type Blocks = (Page | undefined)[];

const { ACK, XOR_ZERO_DST } = AsyncTxFlags;
const UNTOUCHED = 77;

/** P of byte strings by slot. */
export function pModel(data: readonly (Uint8Array | undefined)[], length: number): Uint8Array {
  return xorModel([new Uint8Array(length), ...data.filter((block) => block !== undefined)]);
}

/** Q of byte strings by slot. */
export function qModel(data: readonly (Uint8Array | undefined)[], length: number): Uint8Array {
  const sum = new Uint8Array(length);
  data.forEach((block, slot) => {
    if (block === undefined) return;
    const products = Uint8Array.from({ length: 256 }, (_, byte) => times(powerOfTwo(slot), byte));
    for (let i = 0; i < length; i++) sum[i] ^= products[block[i]];
  });
  return sum;
}

/** Copy, xor and P+Q each on a channel of its own. */
export const APART = boardWith([
  { capabilities: ['memcpy', 'interrupt'] },
  { capabilities: ['xor', 'xor_val', 'interrupt'] },
  { capabilities: ['memcpy', 'pq', 'pq_val', 'interrupt'] },
]);

/** A world with a spare page, and what is done with stripes in it. Every operation waits in `finish`. */
export class Raid6World extends AsyncWorld {
  readonly spare: Page;
  called = 0;

  constructor(
    platform?: PlatformRecord,
    readonly length = 4096,
    readonly offset = 0,
    /** Bytes between the offsets of neighbouring pages, of which every eighth starts at `offset` again. */
    private readonly apart = 0,
    config?: AsyncTxConfig,
  ) {
    super(platform, undefined, undefined, config);
    this.spare = this.page();
  }

  /** Random data with the holes given, right P and Q. @param disks entries of the list, P, Q and holes included */
  stripe(disks: number, holes: readonly number[] = []): Blocks {
    const blocks: Blocks = Array.from({ length: disks - 2 }, (_, slot) =>
      holes.includes(slot) ? undefined : this.noise(disks * 100 + slot),
    );
    const [p, q] = [this.page(), this.page()];
    this.span(p).set(pModel(this.contents(blocks), this.length));
    this.span(q).set(qModel(this.contents(blocks), this.length));
    return [...blocks, p, q];
  }

  /** Where an operation works in a page. */
  at(page: Page): PageSpan {
    return { page, offset: this.offset + this.apart * ((page.address / 4096) % 8) };
  }

  /** The list an operation gets; frozen, since nobody may write to it (RR-15, PQ-09). */
  list(blocks: Blocks): BlockList {
    return Object.freeze(blocks.map((page) => (page === undefined ? undefined : Object.freeze(this.at(page)))));
  }

  /** The bytes an operation is about. */
  span(page: Page): Uint8Array {
    const { offset } = this.at(page);
    return this.bytes(page).subarray(offset, offset + this.length);
  }

  contents(blocks: readonly (Page | undefined)[]): (Uint8Array | undefined)[] {
    return blocks.map((page) => (page === undefined ? undefined : this.span(page).slice()));
  }

  generate(blocks: Blocks, flags: number = ACK): AsyncTxResult {
    const { api, length } = this;
    const submit = initAsyncSubmit(flags, null, () => this.called++);
    const tx = this.call(() => asyncGenSyndrome(api, this.list(blocks), length, submit));
    this.finish();
    return tx;
  }

  /** The result of a check. */
  check(blocks: Blocks, after: AsyncTxResult = null): number {
    const { api, length } = this;
    const result = { value: UNTOUCHED };
    const submit = initAsyncSubmit(ACK, after, () => this.called++);
    this.call(() => asyncSyndromeVal(api, this.list(blocks), length, result, this.at(this.spare), submit));
    this.finish();
    return result.value;
  }

  /** Spoils blocks i < j, and starts what brings them back. Runs in a thread. */
  recover(blocks: Blocks, i: number, j: number, flags = 0): AsyncTxResult {
    const { api, length } = this;
    const list = this.list(blocks);
    const [p, q] = [blocks.length - 2, blocks.length - 1];
    this.bytes(blocks[i]!).fill(0xf0);
    this.bytes(blocks[j]!).fill(0xba);
    const submit = initAsyncSubmit(flags, null, () => this.called++);
    if (j < p) return asyncRaid62dataRecov(api, list, j, i, length, submit);
    if (i === p) return asyncGenSyndrome(api, list, length, submit);
    if (j === p) return asyncRaid6DatapRecov(api, list, i, length, submit);
    const left = list.slice(0, q).filter((_, slot) => slot !== i);
    const xor = initAsyncSubmit(AsyncTxFlags.FENCE | XOR_ZERO_DST);
    const data = asyncXorOffs(api, list[i]!, left, length, xor);
    return asyncGenSyndrome(api, [...list.slice(0, p), undefined, list[q]], length, {
      ...submit,
      dependTx: data,
    });
  }

  /** Loses a pair, recovers it, checks the stripe behind it, and compares everything. */
  loseAndRecover(blocks: Blocks, i: number, j: number): void {
    const before = this.contents(blocks);
    const called = this.called;
    const result = { value: UNTOUCHED };
    this.call(() => {
      const tx = this.recover(blocks, i, j);
      const submit = initAsyncSubmit(ACK, tx, () => this.called++);
      asyncSyndromeVal(this.api, this.list(blocks), this.length, result, this.at(this.spare), submit);
    });
    this.finish();
    expect({ i, j, result: result.value, called: this.called - called }).toEqual({ i, j, result: 0, called: 2 });
    this.contents(blocks).forEach((after, slot) => {
      if (after !== undefined) expectBytes(after, before[slot]!);
    });
  }
}

/** All pairs of entries that are no holes; with `most`, evenly spread ones, the corners among them. */
export function pairs(blocks: Blocks, most = Infinity): (readonly [number, number])[] {
  const there = [...blocks.keys()].filter((slot) => blocks[slot] !== undefined);
  const all = there.flatMap((i) => there.filter((j) => j > i).map((j) => [i, j] as const));
  if (all.length <= most) return all;
  const end = blocks.length - 1;
  const corners = all.filter(([i, j]) => (i === 0 || i === end - 1 || i === end - 2) && (j >= end - 1 || j === 1));
  return [...corners, ...all.filter((_, index) => index % Math.ceil(all.length / most) === 0)];
}
