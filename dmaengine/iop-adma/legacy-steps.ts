/** The driver as it was: today's with some steps replaced. */
import { bugOn } from '../../emulator/kernel/bug';
import type { DmaCookie } from '../cookie';
import { asyncTxRunDependencies } from '../legacy/dependencies';
import type { DmaTxResult } from '../tx-result';
import type { IopAdmaChan } from './channel';
import { walkChain } from './cleanup';
import type { IopAdmaSlot } from './slots';
import type { IopAdmaSteps } from './steps';
import { IOP_ADMA_STEPS } from './steps';

/** 2.6.26: descriptors already hang on each other as today; cookies, refusals and an assertion are old. */
export const IOP_ADMA_STEPS_2_6_26: IopAdmaSteps = {
  ...IOP_ADMA_STEPS,
  initCookies,
  startCookie,
  reclaim: (chan) => chan.kernel.tasklets.schedule(chan.tasklet),
  sample,
};

/** 2.6.23 to 2.6.25: lists of dependants, run with the descriptor's lock held and the channel's not (I-01). */
export const IOP_ADMA_STEPS_2_6_23: IopAdmaSteps = {
  ...IOP_ADMA_STEPS_2_6_26,
  complete,
  runDependencies: asyncTxRunDependencies,
  cleanup: walkChain,
  tasklet: (chan) => chan.steps.cleanup(chan),
};

/** A new channel has handed out nothing (CK-06). */
function initCookies(chan: IopAdmaChan): void {
  chan.cookie = 0;
  chan.completedCookie = 0;
}

/** At least 2, so that the one before it is a cookie as well (CK-06). */
function startCookie(slot: IopAdmaSlot): void {
  const { chan } = slot;
  slot.cookie = Math.max((chan.cookie + 1) | 0, 2);
  chan.cookie = slot.cookie;
  chan.completedCookie = slot.cookie - 1;
}

/** The current descriptor was asserted to be on the chain (IA-62, I-05); the kernel looked after the walk. */
function sample(chan: IopAdmaChan): void {
  IOP_ADMA_STEPS.sample(chan);
  let slot = chan.chain.first;
  while (slot !== undefined && slot.phys !== chan.sampledCurrent) slot = slot.chainNext;
  bugOn(slot === undefined, 'IA-62', 'the current descriptor is not on the chain', 'iop_adma_slot_cleanup');
}

/** Callback, unmap and dependants, all with the dependency lock held (IA-58). */
function complete(chan: IopAdmaChan, slot: IopAdmaSlot, newest: DmaCookie, result: DmaTxResult): DmaCookie {
  slot.lock.lockBh('iop_adma_run_tx_complete_actions');
  const cookie = IOP_ADMA_STEPS.complete(chan, slot, newest, result);
  slot.lock.unlockBh();
  return cookie;
}
