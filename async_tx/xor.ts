import { DmaCapability } from '../dmaengine/capability';
import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import type { DmaChan, Prepared } from '../dmaengine/device';
import type { DmaUnmapData } from '../dmaengine/unmap';
import { bugOn } from '../emulator/kernel/bug';
import { DmaDirection } from '../emulator/kernel/dma-mapping';
import type { Page } from '../emulator/kernel/pages';
import { unionOf } from './alignment';
import type { AsyncTx, AsyncTxResult } from './async-tx';
import { redoXor } from './redo';
import type { PageList, SpanList } from './spans';
import { spansOf } from './spans';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags, FlagsOf2007 } from './submit';
import type { PageSpan } from './sync/page-access';

/** `async_xor`: the same offset in every page. */
export function asyncXor(
  api: AsyncTx,
  dest: Page,
  sources: PageList,
  offset: number,
  len: number,
  submit: AsyncSubmit,
): AsyncTxResult {
  return asyncXorOffs(api, { page: dest, offset }, spansOf(sources, offset), len, submit);
}

/**
 * `async_xor_offs`: dest := XOR of the sources, holes skipped (XR-01 … XR-15). On an engine exactly the listed sources are
 * combined; in software the destination is an implied source, and the flags reconcile the two: give
 * XOR_ZERO_DST when it is none, or XOR_DROP_DST with the destination as source 0.
 */
export function asyncXorOffs(
  api: AsyncTx,
  dest: PageSpan,
  sources: SpanList,
  len: number,
  submit: AsyncSubmit,
): AsyncTxResult {
  const { steps } = api.generation;
  bugOn(sources.length <= 1, 'XR-01', `xor of ${sources.length} sources`, 'async_xor_offs');
  let rest = sources;
  const chan = api.findChannel(submit, DmaCapability.XOR);
  if (chan !== undefined && steps.aligned(chan.device.xorAlign, dest.offset | unionOf(len, sources))) {
    const unmap = mapSources(api, sources, len, submit);
    steps.mapDest(unmap, dest);
    const outcome = submitBatches(api, chan, unmap, submit);
    unmap.put();
    if (typeof outcome !== 'number') return outcome;
    // Some sources found no descriptor (XR-13); those before them are in the destination already, or will be.
    rest = outcome === 0 ? sources : [dest, ...steps.withoutHoles(sources).slice(outcome)];
  }
  api.quiesce(submit);
  xorBySoftware(api, dest, rest, len, submit);
  api.syncEpilog(submit);
  return null;
}

/** The arithmetic of the synchronous path, without waiting and without a callback. */
function xorBySoftware(api: AsyncTx, dest: PageSpan, sources: SpanList, len: number, submit: AsyncSubmit): void {
  const { steps } = api.generation;
  const added = submit.flags & AsyncTxFlags.XOR_DROP_DST ? steps.withoutDest(sources) : sources;
  if (steps.clearsDest(submit.flags)) api.software.fill(dest, 0, len);
  api.software.xor(dest, steps.withoutHoles(added), len);
}

/** An unmap record with every source that is no hole mapped to-device; one entry more fits. */
export function mapSources(api: AsyncTx, sources: SpanList, len: number, submit: AsyncSubmit): DmaUnmapData {
  const unmap = api.unmapRecord(sources.length + 1, submit);
  unmap.len = len;
  for (const span of api.generation.steps.withoutHoles(sources)) {
    unmap.addr.push(unmap.map(span.page, span.offset, len, DmaDirection.toDevice));
    unmap.toCnt++;
  }
  return unmap;
}

/**
 * `do_async_xor`: as many descriptors as the channel's `maxXor` asks for, each reading the result of the one
 * before; only the last carries the caller's callback and ack (XR-08 … XR-12). Returns the last, or how many
 * sources went into descriptors before the driver refused one (XR-13).
 */
function submitBatches(
  api: AsyncTx,
  chan: DmaChan,
  unmap: DmaUnmapData,
  submit: AsyncSubmit,
): DmaAsyncTxDescriptor | number {
  const { device } = chan;
  const { steps } = api.generation;
  const { flags, callback } = submit;
  const dest = unmap.addr[unmap.toCnt];
  let sources = unmap.addr.slice(0, unmap.toCnt);
  let dmaFlags = 0;
  let done = 0;
  for (;;) {
    const count = steps.batchSize(sources.length, device.maxXor);
    const last = count === sources.length;
    submit.flags = last ? flags : steps.innerFlags(flags);
    // Nobody but the next batch knows of the one before: it acks it, asked or not.
    if (done > 0) submit.flags |= FlagsOf2007.DEP_ACK;
    submit.callback = last ? callback : steps.innerCallback(callback);
    dmaFlags |= api.prepFlags(submit);
    const batch = last ? sources : sources.slice(0, count);
    const tx: Prepared = api.generation.prep(
      api,
      chan,
      submit,
      () => device.devicePrepDmaXor?.(chan, dest, batch, count, unmap.len, dmaFlags) ?? null,
    );
    if (tx === null) {
      if (done > 0) submit.flags = (submit.flags & ~AsyncTxFlags.XOR_ZERO_DST) | AsyncTxFlags.XOR_DROP_DST;
      submit.callback = callback;
      return done;
    }
    steps.share(tx, unmap);
    api.submit(chan, tx, submit, redoXor(api, dest, batch, unmap.len));
    submit.dependTx = steps.behindBatch(tx);
    if (last) {
      submit.flags = flags;
      return tx;
    }
    sources = [dest, ...sources.slice(count)];
    done = unmap.toCnt - sources.length + 1;
  }
}
