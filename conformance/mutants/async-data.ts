/** Broken async_tx: sums, P+Q, checks, recovery. */
import { AsyncTx } from '../../async_tx/async-tx';
import { ASYNC_TX_STEPS } from '../../async_tx/steps';
import { AsyncTxFlags } from '../../async_tx/submit';
import type { PageSpan } from '../../async_tx/sync/page-access';
import { SyncKernels } from '../../async_tx/sync/kernels';
import type { DataSpans, SyndromeSpans } from '../../async_tx/sync/raid6';
import { Raid6Kernels } from '../../async_tx/sync/raid6';
import { gfExp } from '../../async_tx/sync/galois';
import { dmaMaxPq } from '../../dmaengine/pq';
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import { DmaCtrl } from '../../dmaengine/flags';
import { api, generation, steps } from './async-parts';
import type { Mutant } from './mutant';

const { ACK, FENCE } = AsyncTxFlags;

/** One pass, and no more. */
class OnePass extends SyncKernels {
  override xor(dest: PageSpan, sources: readonly PageSpan[], length: number): void {
    super.xor(dest, sources.slice(0, 4), length);
  }
}
class OnePassOnly extends AsyncTx {
  override readonly software = new OnePass(this.dma.kernel);
}

/** Closes up holes. */
class ClosesUp extends Raid6Kernels {
  override syndrome(data: DataSpans, sums: SyndromeSpans, length: number): void {
    super.syndrome(
      data.filter((span) => span !== undefined),
      sums,
      length,
    );
  }
}
class ClosesHoles extends AsyncTx {
  override readonly raid6 = new ClosesUp(this.dma.kernel);
}

export const ASYNC_DATA_MUTANTS: readonly Mutant[] = [
  {
    id: 'batch-without-fence',
    rule: 'PQ-07',
    says: 'Batches that others follow carry no fence.',
    commit: 'async_tx: Fix DMA_PREP_FENCE usage in do_async_gen_syndrome() (baae03a0e249, 2017)',
    install: steps({ innerFlags: (flags) => flags & ~(ACK | FENCE) }),
  },
  {
    id: 'batch-acked',
    rule: 'XR-08',
    says: 'Batches that others follow carry the caller’s ACK.',
    install: steps({ innerFlags: (flags) => flags | FENCE }),
  },
  {
    id: 'batch-calls-back',
    rule: 'XR-08',
    says: 'Every batch carries the caller’s callback.',
    install: steps({ innerCallback: (callback) => callback }),
  },
  {
    id: 'batch-too-small',
    rule: 'XR-09',
    says: 'A batch leaves one source of the descriptor unused.',
    install: steps({ batchSize: (left, maxXor) => (left > maxXor ? maxXor - 1 : left) }),
  },
  {
    id: 'batches-side-by-side',
    rule: 'XR-10',
    says: 'Batches do not depend on the one before.',
    install: steps({ behindBatch: () => null }),
  },
  {
    id: 'first-batch-unmaps',
    rule: 'UM-05',
    says: 'Descriptors use the mappings without counting: the first to complete undoes them.',
    commit: 'async_tx: ensure the xor destination buffer remains dma-mapped (1e55db2d6bd, 2008)',
    install: steps({
      share: (tx, unmap) => {
        tx.unmap = unmap;
      },
    }),
  },
  {
    id: 'dest-mapped-twice',
    rule: 'XR-07',
    says: 'The destination of a sum is mapped once as a source and once from the device.',
    commit: 'async_xor: dma_map destination DMA_BIDIRECTIONAL (a06d568f7c5, 2008)',
    install: steps({
      mapDest: (unmap, dest) => {
        ASYNC_TX_STEPS.mapDest(unmap, dest);
        unmap.addr.splice(unmap.toCnt + unmap.fromCnt++, 0, unmap.addr.at(-1)!);
        unmap.map(dest.page, dest.offset, unmap.len, DmaDirection.fromDevice);
      },
    }),
  },
  {
    id: 'holes-dereferenced',
    rule: 'XR-06',
    says: 'Missing sources of a sum are taken for pages.',
    commit: 'raid6/async_tx: handle holes in block list in async_syndrome_val (b2141e6951a, 2009)',
    install: steps({ withoutHoles: (sources) => sources as readonly PageSpan[] }),
  },
  {
    id: 'holes-move-powers',
    rule: 'PQ-04',
    says: 'Data behind a hole have the power of their place among those that are there.',
    install: steps({ weight: (_slot, before) => gfExp(before) }),
  },
  {
    id: 'offsets-left-behind',
    rule: 'XR-05',
    says: 'Where the destination is dropped the pages move on and their offsets do not.',
    commit: 'async_xor: increase src_offs when dropping destination page (ceaf2966ab08, 2021)',
    install: steps({
      withoutDest: (sources) =>
        sources.slice(1).map((span, i) => span && { page: span.page, offset: sources[i]?.offset ?? 0 }),
    }),
  },
  {
    id: 'one-pass',
    rule: 'XR-14',
    says: 'The processor adds four sources and no more.',
    install: api(OnePassOnly),
  },
  {
    id: 'holes-closed',
    rule: 'PQ-09',
    says: 'In a syndrome by the processor the blocks behind a hole move up.',
    install: api(ClosesHoles),
  },
  {
    id: 'drop-ignored',
    rule: 'XR-02',
    says: 'The processor does not drop the destination from the sources.',
    install: steps({ withoutDest: (sources) => sources }),
  },
  {
    id: 'zero-ignored',
    rule: 'XR-02',
    says: 'The processor does not clear the destination.',
    install: steps({ clearsDest: () => false }),
  },
  {
    id: 'always-cleared',
    rule: 'XR-02',
    says: 'The processor clears the destination where it is a source as well.',
    install: steps({ clearsDest: () => true }),
  },
  {
    id: 'check-calls-twice',
    rule: 'XV-04',
    says: 'The sum inside a check carries the caller’s callback too.',
    install: steps({ callbackInCheck: (callback) => callback }),
  },
  {
    id: 'check-limit-ignored',
    rule: 'XV-02',
    says: 'All sources of a check go into one descriptor.',
    commit: 'async_tx: avoid the async xor_zero_sum path when src_cnt > device->max_xor (8d8002f6428, 2008)',
    install: generation({ heedsCheckLimit: false }),
  },
  {
    id: 'check-always-right',
    rule: 'XV-01',
    says: 'Checks of one descriptor answer 0 whatever they find.',
    install: (parts) => {
      const { steps: driver } = parts;
      parts.steps = {
        ...driver,
        collectResult: (chan, slot) => {
          driver.collectResult(chan, slot);
          if (slot.checkResult !== undefined) slot.checkResult.value = 0;
        },
        collectGroupResult: (chan, head) => {
          driver.collectGroupResult(chan, head);
          if (head.checkResult !== undefined) head.checkResult.value = 0;
        },
      };
    },
  },
  {
    id: 'powers-from-one',
    rule: 'PQ-01',
    says: 'Powers of two start at 2 and not at 1.',
    install: steps({ weight: (slot) => gfExp(slot + 1) }),
  },
  {
    id: 'wrong-sum-disabled',
    rule: 'PQ-05',
    says: 'Where one of P and Q is missing the other one is disabled.',
    install: steps({
      missing: ({ p, q }) =>
        (p === undefined ? DmaCtrl.PREP_PQ_DISABLE_Q : 0) | (q === undefined ? DmaCtrl.PREP_PQ_DISABLE_P : 0),
    }),
  },
  {
    id: 'missing-sum-judged',
    rule: 'PV-02',
    says: 'A missing P or Q is not disabled.',
    install: steps({ missing: () => 0 }),
  },
  {
    id: 'check-width-ignored',
    rule: 'PV-01',
    says: 'A check of P and Q over any number of blocks goes into one descriptor.',
    install: steps({ pqLimit: (device, flags) => (flags === 0 ? 255 : dmaMaxPq(device, flags)) }),
  },
  {
    id: 'continuing-for-nothing',
    rule: 'CF-09',
    says: 'Batches that continue take as many sources as the first.',
    install: steps({ pqLimit: (device) => dmaMaxPq(device, 0) }),
  },
  {
    id: 'batches-start-over',
    rule: 'PQ-07',
    says: 'Batches of P+Q do not continue the one before.',
    install: steps({ continueFlag: () => 0 }),
  },
  {
    id: 'sums-replaced',
    rule: 'PQ-10',
    says: 'PQ_XOR_DST does not add.',
    install: steps({ addsToSums: () => false }),
  },
  {
    id: 'check-rewrites',
    rule: 'PV-05',
    says: 'A check by the processor computes P and Q in place, and compares them with themselves.',
    commit: 'non-correct async_pqzero_sum() processing for the synchronous cases (denx 817017bc0d5, 2007)',
    install: steps({ placeOfSum: (kept) => kept }),
  },
  {
    id: 'disks-counted',
    rule: 'RR-06',
    says: 'The form of a recovery is chosen by entries of the list, holes included.',
    commit: 'async_tx: fix asynchronous raid6 recovery for ddf layouts (da17bf4306f, 2009)',
    install: steps({ survivors: (data, lost) => [...data.keys()].filter((slot) => !lost.includes(slot)) }),
  },
  {
    id: 'equations-swapped',
    rule: 'RR-02',
    says: 'The coefficients of P and Q change places.',
    install: steps({
      ofTwo: (a, b) => {
        const [inP, inQ] = ASYNC_TX_STEPS.ofTwo(a, b);
        return [inQ, inP];
      },
    }),
  },
  {
    id: 'not-inverted',
    rule: 'RR-03',
    says: 'A lost block is multiplied with its power once more, and not with the inverse.',
    install: steps({ ofOne: gfExp }),
  },
  {
    id: 'order-not-made',
    rule: 'RR-05',
    says: 'Lost slots are taken in the order in which they are named.',
    install: steps({ inOrder: (first, second) => [first, second] }),
  },
  {
    id: 'recovery-without-fence',
    rule: 'RR-11',
    says: 'Steps of a recovery carry no fence.',
    install: steps({ recoveryFlags: (flags) => flags }),
  },
];
