import type { DmaStatus } from '../dmaengine/cookie';
import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import type { DmaChan, Prepared } from '../dmaengine/device';
import type { IopAdmaSteps } from '../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../dmaengine/iop-adma/steps';
import { dmaWaitForAsyncTx } from '../dmaengine/waiting';
import type { Kernel } from '../emulator/kernel/kernel';
import { attachToLink } from './attach';
import type { AsyncTx } from './async-tx';
import { prepUntilGranted } from './prep';
import type { AsyncTxSteps } from './steps';
import { ASYNC_TX_STEPS } from './steps';
import type { AsyncSubmit } from './submit';

/**
 * What differs between the kernels async_tx lived in. Everything else is one code; which run-time rules can
 * fire follows from what stands here.
 */
export interface Generation {
  /** The driver of the same kernel: `bootDmaEngine(kernel, { steps: generation.driver })`. */
  readonly driver: IopAdmaSteps;
  /** Queues `tx`, which will run on `chan`, behind its dependency (AX-30 … AX-39). */
  readonly attach: (api: AsyncTx, chan: DmaChan, tx: DmaAsyncTxDescriptor, dependTx: DmaAsyncTxDescriptor) => void;
  /** `dma_wait_for_async_tx` (WT-01 … WT-09). */
  readonly wait: (kernel: Kernel, tx: DmaAsyncTxDescriptor | null) => DmaStatus;
  /** Whether callers of the wait panic at this status (AX-50, X-22). */
  readonly panicsAt: (status: DmaStatus) => boolean;
  /** Whether submission and quiesce ack the dependency by themselves; else DEP_ACK asks for it (AX-05, AX-07). */
  readonly acksDependency: boolean;
  /** Asks the driver for a descriptor; null sends the rest of the operation to the processor (XR-12, XR-13). */
  readonly prep: (api: AsyncTx, chan: DmaChan, submit: AsyncSubmit, prep: () => Prepared) => Prepared;
  /** Whether a check of more sources than the channel takes stays away from it (XV-02, X-12). */
  readonly heedsCheckLimit: boolean;
  /** The small steps that all kernels share. */
  readonly steps: AsyncTxSteps;
}

/** Today's kernel. */
export const MODERN: Generation = {
  driver: IOP_ADMA_STEPS,
  attach: attachToLink,
  wait: dmaWaitForAsyncTx,
  panicsAt: (status) => status !== 'complete',
  acksDependency: true,
  prep: prepUntilGranted,
  heedsCheckLimit: true,
  steps: ASYNC_TX_STEPS,
};
