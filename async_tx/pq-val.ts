import { DmaCapability } from '../dmaengine/capability';
import type { SumCheckResult } from '../dmaengine/flags';
import { SumCheck } from '../dmaengine/flags';
import type { DmaUnmapData } from '../dmaengine/unmap';
import { bugOn } from '../emulator/kernel/bug';
import { DmaDirection } from '../emulator/kernel/dma-mapping';
import { unionOf } from './alignment';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import type { BlockList } from './blocks';
import { MAX_DISKS, stripeOf } from './blocks';
import { asyncGenSyndrome, mapData } from './pq';
import { prepUntilGranted } from './prep';
import { redoPqCheck } from './redo';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags, initAsyncSubmit } from './submit';
import type { PageSpan } from './sync/page-access';
import { asyncXorOffs } from './xor';

/** The fewest entries of a RAID-6: two data blocks, P and Q (PV-01). */
const MIN_DISKS = 4;

/**
 * `async_syndrome_val`: result := 0, or the P and Q bits of what disagrees with the data (PV-01 … PV-05). A
 * missing P or Q is not checked. P and Q are never written. One check descriptor does it; without one the sums
 * are computed again, into the spare page, and compared.
 * @param spare where the sums may go, its contents lost; one check descriptor does without
 */
export function asyncSyndromeVal(
  api: AsyncTx,
  blocks: BlockList,
  len: number,
  result: SumCheckResult,
  spare: PageSpan | undefined,
  submit: AsyncSubmit,
): AsyncTxResult {
  const where = 'async_syndrome_val';
  const disks = blocks.length;
  const { steps } = api.generation;
  const { p, q } = stripeOf(blocks);
  bugOn(disks < MIN_DISKS || disks > MAX_DISKS, 'PV-01', `check over ${disks} blocks`, where);
  const chan = api.findChannel(submit, DmaCapability.PQ_VAL);
  const wanted = p !== undefined || q !== undefined;
  if (
    chan !== undefined &&
    wanted &&
    disks <= steps.pqLimit(chan.device, 0) &&
    steps.aligned(chan.device.pqAlign, unionOf(len, blocks))
  ) {
    const { device } = chan;
    const { unmap, coefficients } = mapData(api, blocks, len);
    const srcs = unmap.addr.slice();
    const pair = [p, q].map((span) => mapSum(api, unmap, span)) as [number, number];
    const flags = api.prepFlags(submit) | steps.missing({ p, q });
    const tx = prepUntilGranted(
      api,
      chan,
      submit,
      () => device.devicePrepDmaPqVal?.(chan, pair, srcs, srcs.length, coefficients, len, result, flags) ?? null,
    );
    steps.share(tx, unmap);
    api.submit(chan, tx, submit, redoPqCheck(api, pair, srcs, coefficients, len, result));
    unmap.put();
    return tx;
  }
  bugOn(spare === undefined, 'PV-03', 'a check without an engine has no spare page', where);
  api.quiesce(submit);
  result.value = checkBySoftware(api, blocks, len, spare!);
  api.syncEpilog(submit);
  return null;
}

/** Recomputes P, then Q, which may still be an engine's work, and compares (PV-03, PV-05). */
function checkBySoftware(api: AsyncTx, blocks: BlockList, len: number, spare: PageSpan): number {
  const { data, p, q } = stripeOf(blocks);
  const { placeOfSum } = api.generation.steps;
  let wrong = 0;
  if (p !== undefined) {
    const sum = placeOfSum(p, spare);
    api.quiesceTx(asyncXorOffs(api, sum, data, len, initAsyncSubmit(AsyncTxFlags.XOR_ZERO_DST)));
    if (!api.software.equal(p, sum, len)) wrong |= SumCheck.P_RESULT;
  }
  if (q !== undefined) {
    const sum = placeOfSum(q, spare);
    api.quiesceTx(asyncGenSyndrome(api, [...data, undefined, sum], len, initAsyncSubmit(0)));
    if (!api.software.equal(q, sum, len)) wrong |= SumCheck.Q_RESULT;
  }
  return wrong;
}

/** To-device like the data: a check writes nothing (PV-02, PV-04). */
function mapSum(api: AsyncTx, unmap: DmaUnmapData, span: PageSpan | undefined): number {
  if (span === undefined) return 0;
  const address = api.kernel.dma.map(span.page, span.offset, unmap.len, DmaDirection.toDevice);
  unmap.addr.push(address);
  unmap.toCnt++;
  return address;
}
