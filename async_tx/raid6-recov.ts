/**
 * Recovery of two lost blocks of a RAID-6 stripe as chains of operations (RR-01 … RR-16). The pages of what was
 * lost stand in the block list, and are the working space. Every step but the last is fenced, since the next one
 * reads its result, and carries no callback (RR-11).
 */
import { DmaCapability } from '../dmaengine/capability';
import { bugOn } from '../emulator/kernel/bug';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import type { BlockList } from './blocks';
import { stripeOf } from './blocks';
import { asyncMemcpy } from './memcpy';
import { asyncGenSyndrome } from './pq';
import { asyncSumProduct } from './raid6-product';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags, initAsyncSubmit } from './submit';
import { gfExp } from './sync/galois';
import type { PageSpan } from './sync/page-access';
import { asyncXorOffs } from './xor';

const { XOR_ZERO_DST, XOR_DROP_DST } = AsyncTxFlags;

/**
 * `async_raid6_2data_recov`: computes two data blocks from the others, P and Q (RR-02, RR-05 … RR-09). Without
 * a P+Q channel the processor does it all.
 * @param first slot of one lost block; its page and the other's are written
 */
export function asyncRaid62dataRecov(
  api: AsyncTx,
  blocks: BlockList,
  first: number,
  second: number,
  len: number,
  submit: AsyncSubmit,
): AsyncTxResult {
  const where = 'async_raid6_2data_recov';
  bugOn(first === second, 'RR-05', 'the two lost blocks are one', where);
  const { inOrder, ofTwo, survivors } = api.generation.steps;
  const [a, b] = inOrder(first, second);
  const { data, p, q } = present(blocks, [a, b], where);
  if (api.dma.findChannel(DmaCapability.PQ) === undefined) {
    api.quiesce(submit);
    api.raid6.recover2data(data, p, q, a, b, len);
    api.syncEpilog(submit);
    return null;
  }
  const steps = new Steps(api, len, submit, where);
  const [da, db] = [data[a]!, data[b]!];
  const good = survivors(data, [a, b]);
  const coefficients = ofTwo(a, b);
  if (good.length === 0) {
    // P and Q are the deltas already (RR-07).
    steps.sumProduct(db, [p, q], coefficients);
    return steps.lastXor(da, [p, db], XOR_ZERO_DST);
  }
  if (good.length === 1) steps.deltasOfOne(da, db, good[0], data);
  else steps.syndrome([...without(data, a, b), da, db]);
  steps.xorInto(da, p);
  steps.xorInto(db, q);
  steps.sumProduct(db, [da, db], coefficients);
  return steps.lastXor(da, [da, db], XOR_DROP_DST);
}

/**
 * `async_raid6_datap_recov`: computes a data block and P from the other data and Q (RR-03, RR-10). Without a
 * P+Q channel the processor does it all.
 * @param lost slot of the lost data block; its page and P's are written
 */
export function asyncRaid6DatapRecov(
  api: AsyncTx,
  blocks: BlockList,
  lost: number,
  len: number,
  submit: AsyncSubmit,
): AsyncTxResult {
  const where = 'async_raid6_datap_recov';
  const { data, p, q } = present(blocks, [lost], where);
  if (api.dma.findChannel(DmaCapability.PQ) === undefined) {
    api.quiesce(submit);
    api.raid6.recoverDatap(data, p, q, lost, len);
    api.syncEpilog(submit);
    return null;
  }
  const { ofOne, survivors } = api.generation.steps;
  const good = survivors(data, [lost]);
  bugOn(good.length === 0, 'RR-10', 'there is no good data block', where);
  const steps = new Steps(api, len, submit, where);
  const dq = data[lost]!;
  if (good.length === 1) steps.deltasOfOne(p, dq, good[0], data);
  else steps.syndrome([...without(data, lost), p, dq]);
  steps.xorInto(dq, q);
  steps.sumProduct(dq, [dq], [ofOne(lost)]);
  return steps.lastXor(p, [p, dq], XOR_DROP_DST);
}

/** The chain of one recovery. It starts with nothing before it, as in Linux: the caller's dependency is not waited for. */
class Steps {
  private tx: AsyncTxResult = null;

  constructor(
    private readonly api: AsyncTx,
    private readonly len: number,
    private readonly submit: AsyncSubmit,
    where: string,
  ) {
    if (submit.dependTx !== null) {
      api.kernel.findings.add('rule', 'RR-13', where, 'the dependency given to a recovery on an engine is ignored');
    }
  }

  /** P and Q of a list of which the last two are where they go (RR-09). */
  syndrome(blocks: BlockList): void {
    this.tx = asyncGenSyndrome(this.api, blocks, this.len, this.fenced());
  }

  /** The same where one good block is all the data: a copy and a product (RR-08). */
  deltasOfOne(p: PageSpan, q: PageSpan, slot: number, data: BlockList): void {
    const { api, len } = this;
    const good = data[slot]!;
    this.tx = asyncMemcpy(api, p.page, good.page, p.offset, good.offset, len, this.fenced());
    this.sumProduct(q, [good], [gfExp(slot)]);
  }

  /** dest := dest + source. */
  xorInto(dest: PageSpan, source: PageSpan): void {
    const { api, len } = this;
    this.tx = asyncXorOffs(api, dest, [dest, source], len, this.fenced(XOR_DROP_DST));
  }

  sumProduct(dest: PageSpan, sources: readonly PageSpan[], coefficients: readonly number[]): void {
    this.tx = asyncSumProduct(this.api, dest, sources, coefficients, this.len, this.fenced());
  }

  /** The step that carries the caller's flags and callback (RR-11). */
  lastXor(dest: PageSpan, sources: readonly PageSpan[], flag: number): AsyncTxResult {
    const { api, len, submit } = this;
    const { flags, callback } = submit;
    return asyncXorOffs(api, dest, sources, len, initAsyncSubmit(flags | flag, this.tx, callback));
  }

  private fenced(flags = 0): AsyncSubmit {
    return initAsyncSubmit(this.api.generation.steps.recoveryFlags(flags), this.tx);
  }
}

/** P, Q and the pages of what was lost have to be there; data blocks may be holes (RR-06). */
function present(
  blocks: BlockList,
  lost: readonly number[],
  where: string,
): { readonly data: BlockList; readonly p: PageSpan; readonly q: PageSpan } {
  const { data, p, q } = stripeOf(blocks);
  bugOn(p === undefined || q === undefined, 'PQ-02', 'P or Q is missing', where);
  bugOn(
    lost.some((slot) => data[slot] === undefined),
    'RR-06',
    'a lost block has no page, or is none of the data',
    where,
  );
  return { data, p: p!, q: q! };
}

function without(data: BlockList, ...lost: readonly number[]): BlockList {
  return data.map((page, slot) => (lost.includes(slot) ? undefined : page));
}
