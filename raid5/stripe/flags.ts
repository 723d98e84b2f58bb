/** Flags of one block of a stripe, `R5_*` (R5-03), as far as this array uses them. */
export const R5 = {
  UPTODATE: 1 << 0,
  LOCKED: 1 << 1,
  OVERWRITE: 1 << 2,
  Insync: 1 << 3,
  Wantread: 1 << 4,
  Wantwrite: 1 << 5,
  Overlap: 1 << 6,
  Wantcompute: 1 << 7,
  Wantfill: 1 << 8,
  Wantdrain: 1 << 9,
  /** A read failed and is tried once more, on its own. */
  ReadNoMerge: 1 << 10,
  /** The member cannot read the block: it is computed and written again. */
  ReadError: 1 << 11,
  /** It has been written again and is to be read back. */
  ReWrite: 1 << 12,
  /** A write failed; the next pass has to deal with the member. */
  WriteError: 1 << 13,
} as const;

/** Flags of a stripe, `STRIPE_*` (R5-04). */
export const STRIPE = {
  ACTIVE: 1 << 0,
  HANDLE: 1 << 1,
  SYNC_REQUESTED: 1 << 2,
  SYNCING: 1 << 3,
  INSYNC: 1 << 4,
  PREREAD_ACTIVE: 1 << 5,
  DELAYED: 1 << 6,
  DEGRADED: 1 << 7,
  IO_STARTED: 1 << 8,
  FULL_WRITE: 1 << 9,
  BIOFILL_RUN: 1 << 10,
  COMPUTE_RUN: 1 << 11,
  /** A plug holds it (SC-08). */
  ON_UNPLUG_LIST: 1 << 12,
  /** Nobody has looked at it since it stands for its sector: it may join a batch. */
  BATCH_READY: 1 << 13,
  /** On the head of a batch: a write of one of its stripes failed. */
  BATCH_ERR: 1 << 14,
  /** A write waits until its bit is in the bitmap on the disks (BQ-05). */
  BIT_DELAY: 1 << 15,
} as const;

/** Operations one pass of the handler asks for, `STRIPE_OP_*` (OP-01). */
export const OP = {
  BIOFILL: 1 << 0,
  COMPUTE: 1 << 1,
  PREXOR: 1 << 2,
  BIODRAIN: 1 << 3,
  RECONSTRUCT: 1 << 4,
  CHECK: 1 << 5,
} as const;

/** `enum check_states` (R5-05): what is compared is P (`run`), Q or both. */
export type CheckState = 'idle' | 'run' | 'run_q' | 'run_pq' | 'check_result' | 'compute_run' | 'compute_result';

/** `enum reconstruct_states` (R5-06). */
export type ReconstructState = 'idle' | 'prexor_drain_run' | 'drain_run' | 'prexor_drain_result' | 'drain_result';
