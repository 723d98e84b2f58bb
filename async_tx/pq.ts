import { DmaCapability } from '../dmaengine/capability';
import type { DmaChan } from '../dmaengine/device';
import { DmaCtrl } from '../dmaengine/flags';
import { dmaMaxPq } from '../dmaengine/pq';
import type { DmaUnmapData } from '../dmaengine/unmap';
import { bugOn } from '../emulator/kernel/bug';
import { DmaDirection } from '../emulator/kernel/dma-mapping';
import { unionOf } from './alignment';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import type { BlockList } from './blocks';
import { MAX_DISKS, stripeOf } from './blocks';
import { prepUntilGranted } from './prep';
import { redoPq } from './redo';
import type { AsyncSubmit } from './submit';
import type { PageSpan } from './sync/page-access';

/**
 * `async_gen_syndrome`: P := sum of the data, Q := sum of 2^slot times the data (PQ-01 … PQ-11). Either may be
 * missing, not both. With PQ_XOR_DST the sums are added to what P and Q hold, by the processor only.
 *
 * Where Linux puts a scratch page in place of a missing P or Q, and so into the caller's array, and a page of
 * zeroes in place of a hole (PQ-09), the software path here leaves them out. And where no block has data, which
 * Linux answers with neither a result nor a callback (PQ-11), the processor writes the zeroes.
 */
export function asyncGenSyndrome(api: AsyncTx, blocks: BlockList, len: number, submit: AsyncSubmit): AsyncTxResult {
  const { data, p, q } = stripeOf(blocks);
  const where = 'async_gen_syndrome';
  bugOn(blocks.length < 3 || blocks.length > MAX_DISKS, 'PQ-02', `syndrome over ${blocks.length} blocks`, where);
  bugOn(p === undefined && q === undefined, 'PQ-02', 'neither P nor Q is wanted', where);
  const chan = api.findChannel(submit, DmaCapability.PQ);
  const { steps } = api.generation;
  const xorDst = steps.addsToSums(submit.flags);
  const empty = data.every((span) => span === undefined);
  if (chan !== undefined && !xorDst && !empty && canRun(api, chan, data.length, unionOf(len, blocks))) {
    const mapped = mapData(api, blocks, len);
    const { unmap } = mapped;
    const dst = [p, q].map((span) => mapSum(api, unmap, span)) as [number, number];
    const tx = submitBatches(api, chan, dst, mapped, steps.missing({ p, q }), submit);
    unmap.put();
    return tx;
  }
  api.quiesce(submit);
  if (xorDst) api.raid6.xorSyndrome(data, { p, q }, len);
  else api.raid6.syndrome(data, { p, q }, len);
  api.syncEpilog(submit);
  return null;
}

/** Whether one descriptor is enough, or the channel can continue, and the alignment is right (PQ-03). */
function canRun({ generation: { steps } }: AsyncTx, { device }: DmaChan, slots: number, union: number): boolean {
  const wide = slots <= dmaMaxPq(device, 0) || dmaMaxPq(device, DmaCtrl.PREP_CONTINUE) > 0;
  return wide && steps.aligned(device.pqAlign, union);
}

/** The data that are no holes: mapped to-device, each with the coefficient of its slot (PQ-04). */
export interface MappedData {
  readonly unmap: DmaUnmapData;
  readonly coefficients: readonly number[];
}

/** Maps the data of a block list; P and Q fit into the record as well. */
export function mapData(api: AsyncTx, blocks: BlockList, len: number): MappedData {
  const unmap = api.dma.unmapPools.take(blocks.length);
  unmap.len = len;
  const coefficients: number[] = [];
  stripeOf(blocks).data.forEach((span, slot) => {
    if (span === undefined) return;
    unmap.addr.push(api.kernel.dma.map(span.page, span.offset, len, DmaDirection.toDevice));
    unmap.toCnt++;
    coefficients.push(api.generation.steps.weight(slot, coefficients.length));
  });
  return { unmap, coefficients };
}

/** Both ways, because continuing reads it (PQ-06); a missing one has address 0 and no mapping (PQ-05, UM-04). */
function mapSum(api: AsyncTx, unmap: DmaUnmapData, span: PageSpan | undefined): number {
  const address =
    span === undefined ? 0 : api.kernel.dma.map(span.page, span.offset, unmap.len, DmaDirection.bidirectional);
  unmap.addr.push(address);
  unmap.bidiCnt++;
  return address;
}

/**
 * `do_async_gen_syndrome`: as many descriptors as the channel's limit asks for, each continuing the sums of the
 * one before; only the last carries the caller's callback and ack, every other one a fence (PQ-07, X-18).
 */
function submitBatches(
  api: AsyncTx,
  chan: DmaChan,
  dst: readonly [number, number],
  { unmap, coefficients }: MappedData,
  missing: number,
  submit: AsyncSubmit,
): AsyncTxResult {
  const { device } = chan;
  const { steps } = api.generation;
  const { flags, callback } = submit;
  let dmaFlags = missing;
  for (let done = 0; ; dmaFlags |= steps.continueFlag()) {
    const left = coefficients.length - done;
    const count = Math.min(left, steps.pqLimit(device, dmaFlags));
    const last = count === left;
    submit.flags = last ? flags : steps.innerFlags(flags);
    submit.callback = last ? callback : steps.innerCallback(callback);
    dmaFlags |= api.prepFlags(submit);
    const sources = unmap.addr.slice(done, done + count);
    const weights = coefficients.slice(done, done + count);
    const tx = prepUntilGranted(
      api,
      chan,
      submit,
      () => device.devicePrepDmaPq?.(chan, dst, sources, count, weights, unmap.len, dmaFlags) ?? null,
    );
    steps.share(tx, unmap);
    const so = done + count;
    api.submit(chan, tx, submit, redoPq(api, dst, unmap.addr.slice(0, so), coefficients.slice(0, so), unmap.len));
    submit.dependTx = steps.behindBatch(tx);
    if (last) return tx;
    done += count;
  }
}
