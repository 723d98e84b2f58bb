import { DmaCapability } from '../dmaengine/capability';
import { DmaCtrl } from '../dmaengine/flags';
import { DmaDirection } from '../emulator/kernel/dma-mapping';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import { redoSumProduct } from './redo';
import type { AsyncSubmit } from './submit';
import type { PageSpan } from './sync/page-access';

/**
 * `async_sum_product` and `async_mult`: dest := the sum of one or two coefficient times source. A P+Q
 * descriptor without P; when none is to be had the processor does it at once, what it mapped being unmapped
 * and the dependency waited for first (RR-12, X-17). Alignment is not looked at (RR-14). Callbacks are not for
 * a step inside a recovery, so none is taken (RR-11).
 */
export function asyncSumProduct(
  api: AsyncTx,
  dest: PageSpan,
  sources: readonly PageSpan[],
  coefficients: readonly number[],
  len: number,
  submit: AsyncSubmit,
): AsyncTxResult {
  const { steps } = api.generation;
  const chan = api.findChannel(submit, DmaCapability.PQ);
  if (chan !== undefined) {
    const { dma } = api.kernel;
    const unmap = api.dma.unmapPools.take(sources.length + 1);
    unmap.len = len;
    unmap.addr.push(...sources.map((span) => dma.map(span.page, span.offset, len, DmaDirection.toDevice)));
    unmap.toCnt = sources.length;
    const srcs = unmap.addr.slice();
    const q = dma.map(dest.page, dest.offset, len, DmaDirection.bidirectional);
    unmap.addr.push(q);
    unmap.bidiCnt = 1;
    const flags = api.prepFlags(submit) | DmaCtrl.PREP_PQ_DISABLE_P;
    const tx = chan.device.devicePrepDmaPq?.(chan, [0, q], srcs, srcs.length, coefficients, len, flags) ?? null;
    if (tx !== null) {
      steps.share(tx, unmap);
      api.submit(chan, tx, submit, redoSumProduct(api, q, srcs, coefficients, len));
    }
    steps.release(unmap, tx);
    if (tx !== null) return tx;
  }
  steps.beforeProduct(api, submit);
  api.raid6.sumProduct(dest, sources, coefficients, len);
  api.syncEpilog(submit);
  return null;
}
