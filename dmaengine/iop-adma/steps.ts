import type { DmaCookie } from '../cookie';
import { dmaCookieAssign, dmaCookieInit } from '../cookie';
import { dmaRunDependencies } from '../dependencies';
import type { DmaAsyncTxDescriptor } from '../descriptor';
import type { PqPair } from '../pq';
import type { DmaTxResult } from '../tx-result';
import type { IopAdmaChan } from './channel';
import {
  cleanSlot,
  collectGroupResult,
  collectResult,
  publishCookie,
  runTxCompleteActions,
  sampleHardware,
  sampleHardwareOfLinux,
  slotCleanup,
  startsGroup,
  stopsAtCurrent,
} from './cleanup';
import { errorHandler, errorHandlerOfLinux, restartBehind } from './errors';
import { eocHandler, eotHandler, tasklet } from './irq';
import type { WeightedSource } from './prep-pq';
import { continuation } from './prep-pq';
import { appendChain, checkThreshold, initDescriptor, issuePending, linkTail, startCookie } from './submit';
import type { IopAdmaSlot } from './slots';

/**
 * The driver's small steps. A variant of the driver, a mutant for instance, is another record:
 * `{ ...IOP_ADMA_STEPS, linkTail: … }`. A step calls other steps through its channel, so replacing one is
 * enough.
 */
export interface IopAdmaSteps {
  /** Where a new channel's cookies start (CK-04). */
  readonly initCookies: (chan: IopAdmaChan) => void;
  /** Gives the null operation its cookie, and says what is complete before it (IA-41). */
  readonly startCookie: (slot: IopAdmaSlot) => void;
  /** Gives a submitted operation its cookie, which names it on the channel as well (CK-03, CK-05). */
  readonly assignCookie: (slot: IopAdmaSlot) => DmaCookie;
  /** A descriptor becomes as good as new at prep (CF-05). */
  readonly initDescriptor: (slot: IopAdmaSlot, flags: number) => void;
  /** Sources that a P+Q operation reads to go on from old results (IA-28). */
  readonly continuation: (dst: PqPair, flags: number) => readonly WeightedSource[];
  /** Makes room when no run of slots is free, with the channel's lock held (IA-11). */
  readonly reclaim: (chan: IopAdmaChan) => void;
  /** Writes the old tail's next pointer and flushes it (IA-43). */
  readonly linkTail: (chan: IopAdmaChan, tail: IopAdmaSlot, phys: number) => void;
  /** Tells the engine when enough slots are pending (IA-43, IA-44). */
  readonly checkThreshold: (chan: IopAdmaChan) => void;
  /** Tells the engine if anything is pending (IA-45). */
  readonly issuePending: (chan: IopAdmaChan) => void;
  /** Sets the chain-resume bit (IA-46). */
  readonly append: (chan: IopAdmaChan) => void;

  /** One walk over the chain (2.4), with the channel's lock held. */
  readonly cleanup: (chan: IopAdmaChan) => void;
  /** Current first, busy second (IA-50). */
  readonly sample: (chan: IopAdmaChan) => void;
  /** Whether the walk stops before the current descriptor (IA-52). */
  readonly stopsAtCurrent: (chan: IopAdmaChan, slot: IopAdmaSlot) => boolean;
  /** Whether others of the same operation follow a descriptor (IA-54). */
  readonly startsGroup: (slot: IopAdmaSlot, slotsPerOp: number) => boolean;
  /** Stores a check's result, single descriptor (IA-56). */
  readonly collectResult: (chan: IopAdmaChan, slot: IopAdmaSlot) => void;
  /** Stores a check's result, group (IA-55). */
  readonly collectGroupResult: (chan: IopAdmaChan, head: IopAdmaSlot) => void;
  /** Callback, unmap, dependants; returns the newest cookie (IA-57, IA-58). */
  readonly complete: (chan: IopAdmaChan, slot: IopAdmaSlot, newest: DmaCookie, result: DmaTxResult) => DmaCookie;
  /** Submits what waits for a completed descriptor (SW-04). */
  readonly runDependencies: (tx: DmaAsyncTxDescriptor) => void;
  /** Starts an engine that an error stopped, behind the descriptor that failed. */
  readonly restart: (chan: IopAdmaChan, slot: IopAdmaSlot) => void;
  /** Keeps or recycles a completed descriptor; true when the walk is over (IA-59). */
  readonly cleanSlot: (chan: IopAdmaChan, slot: IopAdmaSlot) => boolean;
  /** Publishes the newest completed cookie (IA-61). */
  readonly publish: (chan: IopAdmaChan, newest: DmaCookie) => void;

  /** The last cleanup of a channel that is given up (IA-76). */
  readonly finalCleanup: (chan: IopAdmaChan) => void;

  /** The three interrupt handlers (IA-71, IA-72) and the soft interrupt (IA-73). */
  readonly eot: (chan: IopAdmaChan) => void;
  readonly eoc: (chan: IopAdmaChan) => void;
  readonly error: (chan: IopAdmaChan) => void;
  readonly tasklet: (chan: IopAdmaChan) => void;
}

/** The driver as it is in today's kernel, but for engine errors, which it survives. */
export const IOP_ADMA_STEPS: IopAdmaSteps = {
  initCookies: dmaCookieInit,
  startCookie,
  assignCookie: dmaCookieAssign,
  initDescriptor,
  continuation,
  reclaim: slotCleanup,
  linkTail,
  checkThreshold,
  issuePending,
  append: appendChain,
  cleanup: slotCleanup,
  sample: sampleHardware,
  stopsAtCurrent,
  startsGroup,
  collectResult,
  collectGroupResult,
  complete: runTxCompleteActions,
  restart: restartBehind,
  runDependencies: dmaRunDependencies,
  cleanSlot,
  publish: publishCookie,
  finalCleanup: slotCleanup,
  eot: eotHandler,
  eoc: eocHandler,
  error: errorHandler,
  tasklet,
};

/** The driver that meets an engine error with a BUG, as Linux does (IA-72). */
export const IOP_ADMA_STEPS_OF_LINUX: IopAdmaSteps = {
  ...IOP_ADMA_STEPS,
  sample: sampleHardwareOfLinux,
  error: errorHandlerOfLinux,
};
