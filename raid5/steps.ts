/** What an array does in small: the steps that another array, a mutant or an exhibit of the museum, does otherwise. */
import { asyncTxAck } from '../dmaengine/descriptor';
import type { DmaAsyncTxDescriptor } from '../dmaengine/descriptor';
import { mayReadAround } from './aligned-reads';
import type { Raid5Array } from './array';
import type { MemberPlace } from './geometry';
import type { CheckTable } from './handler/check5';
import { CHECK5 } from './handler/check5';
import { CHECK6 } from './handler/check6';
import type { Way, WayOfWriting } from './handler/dirtying';
import { mustReconstruct, WAYS } from './handler/dirtying';
import type { Block } from './handler/fill';
import { mayCompute, neededForDegradedWrite } from './handler/fill';
import { provesParity } from './handler/finish';
import { abortOperations, mayStartWrite } from './handler/handle-stripe';
import type { ArrayView, StripeState } from './handler/state';
import type { Member } from './member';
import { answersFill } from './operations/biofill';
import { requeue } from './operations/operations';
import { beyondRetry, writeFailed } from './operations/stripe-io';
import type { R5Dev, StripeHead } from './stripe/stripe-head';

/** The array’s small steps. A variant is another record: `{ ...STRIPE_STEPS, mayCompute: … }`. */
export interface StripeSteps {
  /** Whether parity is made from all data because the old one may be wrong (WR-01). */
  readonly mustReconstruct: (stripe: StripeHead, state: StripeState, view: ArrayView) => boolean;
  /** What each way of writing reads, drains and runs (WR-02, WR-08, WR-09). */
  readonly ways: Readonly<Record<Way, WayOfWriting>>;
  /** Whether a degraded write could not go on without this block (FI-03). */
  readonly neededForDegradedWrite: (block: Block) => boolean;
  /** Whether a needed block is made from the others instead of read (FI-04, FI-05). */
  readonly mayCompute: (block: Block) => boolean;
  /** Whether a new write may be looked at (HS-11). */
  readonly mayStartWrite: (stripe: StripeHead) => boolean;
  /** Whether the end of a write, with this block on its way to its disk, makes the stripe count as synced (HS-08). */
  readonly provesParity: (stripe: StripeHead, state: StripeState, disk: number, prexor: boolean) => boolean;
  /** Gives up what a stripe with too many failures is in the middle of (HS-06). */
  readonly abortOperations: (stripe: StripeHead) => void;
  /** Each state of a check: one parity (C5), two (C6). */
  readonly check5: CheckTable;
  readonly check6: CheckTable;

  /** Whether the end of a fill answers the reads of a block that it filled (OP-03). */
  readonly answersFill: (dev: R5Dev) => boolean;
  /** The end of a fill (OP-03), and of any other operation: the stripe is to be looked at, and one holder lets go. */
  readonly fillEnded: (array: Raid5Array, stripe: StripeHead) => void;
  readonly requeue: (array: Raid5Array, stripe: StripeHead) => void;
  /** Nobody will be attached behind a compute (OP-02). */
  readonly ackCompute: (tx: DmaAsyncTxDescriptor) => void;
  /** What a recovery is told of a lost member: its place in the syndrome (OP-14). */
  readonly recoverySlot: (stripe: StripeHead, disk: number) => number;

  /** Whether a block that could not be read counts as lost, after one more try or at once (IO-02). */
  readonly beyondRetry: (stripe: StripeHead, disk: number) => boolean;
  /** A block could not be written (IO-04). */
  readonly writeFailed: (stripe: StripeHead, head: StripeHead, dev: R5Dev) => void;
  /** Whether a read may go to its member past the cache (IO-07). */
  readonly mayReadAround: (array: Raid5Array, member: Member, place: MemberPlace, sectors: number) => boolean;
}

/** The array as it is in today’s kernel. */
export const STRIPE_STEPS: StripeSteps = {
  mustReconstruct,
  ways: WAYS,
  neededForDegradedWrite,
  mayCompute,
  mayStartWrite,
  provesParity,
  abortOperations,
  check5: CHECK5,
  check6: CHECK6,
  answersFill,
  fillEnded: requeue,
  requeue,
  ackCompute: asyncTxAck,
  recoverySlot: ({ slots }, disk) => slots[disk],
  beyondRetry,
  writeFailed,
  mayReadAround,
};
