import { DmaCapability } from '../dmaengine/capability';
import type { SumCheckResult } from '../dmaengine/flags';
import { SumCheck } from '../dmaengine/flags';
import { bugOn } from '../emulator/kernel/bug';
import type { Page } from '../emulator/kernel/pages';
import { unionOf } from './alignment';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import { redoXorCheck } from './redo';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags } from './submit';
import type { PageSpan } from './sync/page-access';
import { asyncXorOffs, mapSources } from './xor';

/** `async_xor_val`: the same offset in every page. */
export function asyncXorVal(
  api: AsyncTx,
  dest: Page,
  sources: readonly Page[],
  offset: number,
  len: number,
  result: SumCheckResult,
  submit: AsyncSubmit,
): AsyncTxResult {
  const spans = sources.map((page) => ({ page, offset }));
  return asyncXorValOffs(api, { page: dest, offset }, spans, len, result, submit);
}

/**
 * `async_xor_val_offs`: result := 0 when the XOR over all sources is zero, else the P bit (XV-01 … XV-06). Source 0
 * is `dest`. One check descriptor leaves memory alone; without one the sum goes into `dest`, whose contents are lost.
 */
export function asyncXorValOffs(
  api: AsyncTx,
  dest: PageSpan,
  sources: readonly PageSpan[],
  len: number,
  result: SumCheckResult,
  submit: AsyncSubmit,
): AsyncTxResult {
  const where = 'async_xor_val_offs';
  bugOn(sources.length <= 1, 'XR-01', `check of ${sources.length} sources`, where);
  const [first] = sources;
  bugOn(first.page !== dest.page || first.offset !== dest.offset, 'XV-01', 'source 0 is not the destination', where);
  const { steps } = api.generation;
  const chan = api.findChannel(submit, DmaCapability.XOR_VAL);
  const limit = api.generation.heedsCheckLimit ? (chan?.device.maxXor ?? 0) : Infinity;
  if (chan !== undefined && sources.length <= limit && steps.aligned(chan.device.xorAlign, unionOf(len, sources))) {
    const { device } = chan;
    const unmap = mapSources(api, sources, len, submit);
    const flags = api.prepFlags(submit);
    const tx = api.generation.prep(
      api,
      chan,
      submit,
      () => device.devicePrepDmaXorVal?.(chan, unmap.addr, unmap.toCnt, len, result, flags) ?? null,
    );
    if (tx !== null) {
      steps.share(tx, unmap);
      api.submit(chan, tx, submit, redoXorCheck(api, unmap.addr.slice(), len, result));
    }
    steps.release(unmap, tx);
    if (tx !== null) return tx;
  }
  // The sum may still be an engine's work, in batches; the callback belongs to the check alone (XV-04, AX-41).
  const flags = (submit.flags | AsyncTxFlags.XOR_DROP_DST) & ~AsyncTxFlags.ACK;
  const callback = steps.callbackInCheck(submit.callback);
  api.quiesceTx(asyncXorOffs(api, dest, sources, len, { ...submit, flags, callback }));
  submit.dependTx = null;
  result.value = api.software.isZero(dest, len) ? 0 : SumCheck.P_RESULT;
  api.syncEpilog(submit);
  return null;
}
