import { DmaCapability } from '../dmaengine/capability';
import { DmaDirection } from '../emulator/kernel/dma-mapping';
import type { Page } from '../emulator/kernel/pages';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import { redoFill } from './redo';
import type { AsyncSubmit } from './submit';

/** `async_memset`: fills `len` bytes of a page with a byte value (MC-04). */
export function asyncMemset(
  api: AsyncTx,
  dest: Page,
  value: number,
  offset: number,
  len: number,
  submit: AsyncSubmit,
): AsyncTxResult {
  const { steps } = api.generation;
  const chan = api.findChannel(submit, DmaCapability.MEMSET);
  if (chan !== undefined && steps.aligned(chan.device.fillAlign, offset | len)) {
    const unmap = api.unmapRecord(2, submit);
    unmap.fromCnt = 1;
    unmap.addr[0] = unmap.map(dest, offset, len, DmaDirection.fromDevice);
    unmap.len = len;
    const [to] = unmap.addr;
    const tx = chan.device.devicePrepDmaMemset?.(chan, to, value, len, api.prepFlags(submit)) ?? null;
    if (tx !== null) {
      steps.share(tx, unmap);
      api.submit(chan, tx, submit, redoFill(api, to, value, len));
    }
    steps.release(unmap, tx);
    if (tx !== null) return tx;
  }
  api.quiesce(submit);
  api.software.fill({ page: dest, offset }, value, len);
  api.syncEpilog(submit);
  return null;
}
