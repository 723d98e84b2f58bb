import { DmaCapability } from '../dmaengine/capability';
import type { SumCheckResult } from '../dmaengine/flags';
import { SumCheck } from '../dmaengine/flags';
import { bugOn } from '../emulator/kernel/bug';
import type { Page } from '../emulator/kernel/pages';
import { isAligned } from './alignment';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import { prepUntilGranted } from './prep';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags } from './submit';
import { asyncXor, mapSources } from './xor';

/**
 * `async_xor_val`: result := 0 when the XOR over all sources is zero, else the P bit (XV-01 … XV-06). Source 0
 * is `dest`. One check descriptor leaves memory alone; without one the sum goes into `dest`, whose contents are lost.
 */
export function asyncXorVal(
  api: AsyncTx,
  dest: Page,
  sources: readonly Page[],
  offset: number,
  len: number,
  result: SumCheckResult,
  submit: AsyncSubmit,
): AsyncTxResult {
  const where = 'async_xor_val';
  bugOn(sources.length <= 1, 'XR-01', `check of ${sources.length} sources`, where);
  bugOn(sources[0] !== dest, 'XV-01', 'source 0 is not the destination', where);
  const chan = api.findChannel(submit, DmaCapability.XOR_VAL);
  if (chan !== undefined && sources.length <= chan.device.maxXor && isAligned(chan.device.xorAlign, offset | len)) {
    const { device } = chan;
    const unmap = mapSources(api, sources, offset, len);
    const flags = api.prepFlags(submit);
    const tx = prepUntilGranted(
      api,
      chan,
      submit,
      () => device.devicePrepDmaXorVal?.(chan, unmap.addr, unmap.toCnt, len, result, flags) ?? null,
    );
    tx.unmap = unmap.get();
    api.submit(chan, tx, submit);
    unmap.put();
    return tx;
  }
  // The sum may still be an engine's work, in batches; the callback belongs to the check alone (XV-04, AX-41).
  const flags = (submit.flags | AsyncTxFlags.XOR_DROP_DST) & ~AsyncTxFlags.ACK;
  api.quiesceTx(asyncXor(api, dest, sources, offset, len, { ...submit, flags, callback: undefined }));
  submit.dependTx = null;
  result.value = api.software.isZero({ page: dest, offset }, len) ? 0 : SumCheck.P_RESULT;
  api.syncEpilog(submit);
  return null;
}
