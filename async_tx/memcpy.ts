import { DmaCapability } from '../dmaengine/capability';
import { DmaDirection } from '../emulator/kernel/dma-mapping';
import type { Page } from '../emulator/kernel/pages';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import { redoXor } from './redo';
import type { AsyncSubmit } from './submit';

/**
 * `async_memcpy`: copies `len` bytes between two pages (MC-01 … MC-03). Runs on an engine when one is there
 * and has a descriptor, else by the processor before it returns.
 */
export function asyncMemcpy(
  api: AsyncTx,
  dest: Page,
  src: Page,
  destOffset: number,
  srcOffset: number,
  len: number,
  submit: AsyncSubmit,
): AsyncTxResult {
  const { steps } = api.generation;
  const chan = api.findChannel(submit, DmaCapability.MEMCPY);
  if (chan !== undefined && steps.aligned(chan.device.copyAlign, destOffset | srcOffset | len)) {
    const unmap = api.unmapRecord(2, submit);
    unmap.toCnt = 1;
    unmap.addr[0] = unmap.map(src, srcOffset, len, DmaDirection.toDevice);
    unmap.fromCnt = 1;
    unmap.addr[1] = unmap.map(dest, destOffset, len, DmaDirection.fromDevice);
    unmap.len = len;
    const [from, to] = unmap.addr;
    const tx = chan.device.devicePrepDmaMemcpy?.(chan, to, from, len, api.prepFlags(submit)) ?? null;
    if (tx !== null) {
      steps.share(tx, unmap);
      api.submit(chan, tx, submit, redoXor(api, to, [from], len));
    }
    steps.release(unmap, tx);
    if (tx !== null) return tx;
  }
  api.quiesce(submit);
  api.software.copy({ page: dest, offset: destOffset }, { page: src, offset: srcOffset }, len);
  api.syncEpilog(submit);
  return null;
}
