/**
 * `dma_wait_for_async_tx` before 2.6.32: climbs from the descriptor to one that can be waited for, and starts over
 * until that is the descriptor itself. The three generations differ in how far they climb; they share that an
 * ancestor's ERROR does not end the loop (WT-08), and that an ancestor may be recycled under them (WT-12).
 */
import type { Kernel } from '../../emulator/kernel/kernel';
import { bug } from '../../emulator/kernel/bug';
import type { DmaStatus } from '../cookie';
import { EBUSY_COOKIE } from '../cookie';
import type { DmaAsyncTxDescriptor } from '../descriptor';
import { dmaSyncWait } from '../waiting';

type Climb = (kernel: Kernel, tx: DmaAsyncTxDescriptor) => DmaAsyncTxDescriptor;

const WHERE = 'dma_wait_for_async_tx';

/** Generation 0, the candidates of 2.6.23: up to the next one that is submitted (WT-02). */
export function dmaWaitForAsyncTx0(kernel: Kernel, tx: DmaAsyncTxDescriptor | null): DmaStatus {
  return climbing(kernel, tx, climbToSubmitted, 'WT-02');
}

/**
 * Generation 1, 2.6.23 to 2.6.25: up to the root of the part that is not submitted (WT-03). That one's cookie is
 * -EBUSY, which mostly reads as complete (WT-04, WT-05) and after a wrap as in progress (WT-06).
 */
export function dmaWaitForAsyncTx1(kernel: Kernel, tx: DmaAsyncTxDescriptor | null): DmaStatus {
  return climbing(kernel, tx, climbToUnsubmitted, 'WT-05');
}

/** Generation 2, 2.6.26 to 2.6.31: up to the one without a parent, as soon as it has its cookie (WT-07). */
export function dmaWaitForAsyncTx2(kernel: Kernel, tx: DmaAsyncTxDescriptor | null): DmaStatus {
  return climbing(kernel, tx, climbToRoot, 'WT-07');
}

/** @param rule what a wait breaks that can never end */
function climbing(kernel: Kernel, tx: DmaAsyncTxDescriptor | null, climb: Climb, rule: string): DmaStatus {
  if (tx === null) return 'complete';
  const { sim } = kernel.machine;
  let idleTurns = 0;
  for (;;) {
    const { fired } = sim;
    const reached = climb(kernel, tx);
    const status = dmaSyncWait(kernel, reached.chan, reached.cookie);
    if (reached === tx && status !== 'in_progress') return status;
    // What a turn finds, it may act on; when the next one has no event either, every other would be the same.
    idleTurns = sim.fired === fired ? idleTurns + 1 : 0;
    if (idleTurns > 1) kernel.processor.relax(rule, WHERE);
  }
}

function climbToSubmitted(_kernel: Kernel, tx: DmaAsyncTxDescriptor): DmaAsyncTxDescriptor {
  let reached = tx;
  while (reached.cookie === EBUSY_COOKIE) {
    reached = reached.parent ?? bug('WT-02', 'NULL pointer dereference: nothing above is submitted', WHERE);
  }
  return reached;
}

function climbToUnsubmitted(_kernel: Kernel, tx: DmaAsyncTxDescriptor): DmaAsyncTxDescriptor {
  let reached = tx;
  while (reached.cookie === EBUSY_COOKIE) {
    const { parent }: DmaAsyncTxDescriptor = reached;
    if (parent?.cookie !== EBUSY_COOKIE) break;
    reached = parent;
  }
  return reached;
}

function climbToRoot(kernel: Kernel, tx: DmaAsyncTxDescriptor): DmaAsyncTxDescriptor {
  let root = tx;
  while (root.parent !== undefined) root = root.parent;
  // Its parent link goes a moment before its cookie comes.
  while (root.cookie === EBUSY_COOKIE) kernel.processor.relax('WT-07', WHERE);
  return root;
}
