import { asyncTxAck } from '../dmaengine/descriptor';
import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import type { DmaChan, DmaDevice, Prepared } from '../dmaengine/device';
import { DmaCtrl } from '../dmaengine/flags';
import { dmaMaxPq } from '../dmaengine/pq';
import type { DmaUnmapData } from '../dmaengine/unmap';
import { DmaDirection } from '../emulator/kernel/dma-mapping';
import { isAligned } from './alignment';
import type { AsyncTx } from './async-tx';
import type { BlockList, Stripe } from './blocks';
import type { SpanList } from './spans';
import type { AsyncSubmit } from './submit';
import { AsyncTxFlags } from './submit';
import { gfExp, gfInv } from './sync/galois';
import type { PageSpan } from './sync/page-access';
import { twoDataCoefficients } from './sync/raid6';

/**
 * The small steps of async_tx. A variant, a mutant for instance, is a generation with another record:
 * `{ ...MODERN, steps: { ...ASYNC_TX_STEPS, flushSwitch: … } }`.
 */
export interface AsyncTxSteps {
  /** Whether a new descriptor hangs behind its dependency instead of being submitted (AX-31). */
  readonly chainsBehind: (dependTx: DmaAsyncTxDescriptor, chan: DmaChan) => boolean;
  /** Whether the interrupt descriptor of a channel switch hangs behind the dependency (AX-35). */
  readonly interruptWaits: (dependTx: DmaAsyncTxDescriptor) => boolean;
  /** Lets go of the interrupt descriptor, after it was submitted or chained (AX-37). */
  readonly ackInterrupt: (interrupt: DmaAsyncTxDescriptor) => void;
  /** Sets the dependency's channel going at a channel switch (AX-35). */
  readonly flushSwitch: (chan: DmaChan) => void;
  /** Waits where no interrupt descriptor is to be had; false: panic (AX-36). */
  readonly waitInPlace: (api: AsyncTx, dependTx: DmaAsyncTxDescriptor) => boolean;

  /** Lets go of what a refused operation depends on, so that it may be reclaimed (XR-12, X-07). */
  readonly beforeRetry: (api: AsyncTx, submit: AsyncSubmit) => void;
  /** Sets a channel going that refuses descriptors (XR-12, X-08). */
  readonly flushForRetry: (chan: DmaChan) => void;

  /** One more descriptor uses the mappings (UM-05, X-09). */
  readonly share: (tx: DmaAsyncTxDescriptor, unmap: DmaUnmapData) => void;
  /** Whoever made the mappings lets go of them, whether prep granted a descriptor or not. */
  readonly release: (unmap: DmaUnmapData, tx: Prepared) => void;

  /** Whether an engine's alignment allows offsets and length, given as one union (CF-07). */
  readonly aligned: (align: number, union: number) => boolean;
  /** Sources of the next batch of an xor (XR-08, XR-09). */
  readonly batchSize: (left: number, maxXor: number) => number;
  /** What the batch behind this one depends on (XR-10). */
  readonly behindBatch: (tx: DmaAsyncTxDescriptor) => DmaAsyncTxDescriptor | null;
  /** Flags of a batch that others follow (XR-08, PQ-07, X-18). */
  readonly innerFlags: (flags: number) => number;
  /** Callback of a batch that others follow (XR-08, PQ-07). */
  readonly innerCallback: (callback: AsyncSubmit['callback']) => AsyncSubmit['callback'];
  /** The destination of an xor, behind its sources in the record (XR-07, X-10). */
  readonly mapDest: (unmap: DmaUnmapData, dest: PageSpan) => void;
  /** The sources that are there (XR-06, X-13). */
  readonly withoutHoles: (sources: SpanList) => readonly PageSpan[];
  /** The sources the processor adds, of which the first is the destination (XR-02, X-19). */
  readonly withoutDest: (sources: SpanList) => SpanList;
  /** Whether the processor clears the destination first (XR-02). */
  readonly clearsDest: (flags: number) => boolean;
  /** Callback of the xor inside a check without an engine (XV-04). */
  readonly callbackInCheck: (callback: AsyncSubmit['callback']) => AsyncSubmit['callback'];

  /** Prep flags for sums that are not there (PQ-05, PV-02). */
  readonly missing: (sums: Pick<Stripe, 'p' | 'q'>) => number;
  /** The weight in Q of the data block in a slot, so many blocks before it (PQ-04). */
  readonly weight: (slot: number, before: number) => number;
  /** Most sources of a P+Q descriptor with these flags (CF-09). */
  readonly pqLimit: (device: DmaDevice, dmaFlags: number) => number;
  /** What every batch of P+Q after the first one asks for besides (PQ-07). */
  readonly continueFlag: () => number;
  /** Whether sums are added to what P and Q hold, which the processor alone can do (PQ-10). */
  readonly addsToSums: (flags: number) => boolean;
  /** Where a check without an engine computes what it compares `kept` with (PV-03, PV-05, X-20). */
  readonly placeOfSum: (kept: PageSpan, spare: PageSpan) => PageSpan;

  /** Two lost slots, the lower one first (RR-05). */
  readonly inOrder: (first: number, second: number) => readonly [number, number];
  /** A and B of two lost data blocks (RR-02). */
  readonly ofTwo: (a: number, b: number) => readonly [number, number];
  /** What the sum in Q is multiplied with to give a lost data block (RR-03). */
  readonly ofOne: (slot: number) => number;
  /** Waits for what a product depends on, before the processor does it (RR-12). */
  readonly beforeProduct: (api: AsyncTx, submit: AsyncSubmit) => void;
  /** Slots of the data blocks that were not lost (RR-06, X-15). */
  readonly survivors: (data: BlockList, lost: readonly number[]) => readonly number[];
  /** Flags of a step of a recovery that others follow (RR-11). */
  readonly recoveryFlags: (flags: number) => number;
}

function issuePending(chan: DmaChan): void {
  chan.device.deviceIssuePending?.(chan);
}

/** async_tx as it should be. */
export const ASYNC_TX_STEPS: AsyncTxSteps = {
  chainsBehind: (dependTx, chan) => dependTx.parent !== undefined && dependTx.chan === chan,
  interruptWaits: (dependTx) => dependTx.parent !== undefined,
  ackInterrupt: asyncTxAck,
  flushSwitch: issuePending,
  waitInPlace: (api, dependTx) => api.waitedFor(dependTx),

  beforeRetry: (api, submit) => api.quiesce(submit),
  flushForRetry: issuePending,

  share: (tx, unmap) => {
    tx.unmap = unmap.get();
  },
  release: (unmap) => unmap.put(),

  aligned: isAligned,
  batchSize: Math.min,
  behindBatch: (tx) => tx,
  innerFlags: (flags) => (flags & ~AsyncTxFlags.ACK) | AsyncTxFlags.FENCE,
  innerCallback: () => undefined,
  mapDest: (unmap, { page, offset }) => {
    unmap.addr.push(unmap.map(page, offset, unmap.len, DmaDirection.bidirectional));
    unmap.bidiCnt = 1;
  },
  withoutHoles: (sources) => sources.filter((span) => span !== undefined),
  withoutDest: (sources) => sources.slice(1),
  clearsDest: (flags) => (flags & AsyncTxFlags.XOR_ZERO_DST) !== 0,
  callbackInCheck: () => undefined,

  missing: ({ p, q }) =>
    (p === undefined ? DmaCtrl.PREP_PQ_DISABLE_P : 0) | (q === undefined ? DmaCtrl.PREP_PQ_DISABLE_Q : 0),
  weight: gfExp,
  pqLimit: dmaMaxPq,
  continueFlag: () => DmaCtrl.PREP_CONTINUE,
  addsToSums: (flags) => (flags & AsyncTxFlags.PQ_XOR_DST) !== 0,
  placeOfSum: (_kept, spare) => spare,

  inOrder: (first, second) => (first < second ? [first, second] : [second, first]),
  ofTwo: twoDataCoefficients,
  ofOne: (slot) => gfInv(gfExp(slot)),
  beforeProduct: (api, submit) => api.quiesce(submit),
  survivors: (data, lost) => [...data.keys()].filter((slot) => data[slot] !== undefined && !lost.includes(slot)),
  recoveryFlags: (flags) => flags | AsyncTxFlags.FENCE,
};
