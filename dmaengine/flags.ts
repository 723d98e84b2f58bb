/** `enum dma_ctrl_flags`: what prep is asked for, and the ack state of the descriptor (CF-03, CF-04). */
export const DmaCtrl = {
  PREP_INTERRUPT: 1 << 0,
  CTRL_ACK: 1 << 1,
  PREP_PQ_DISABLE_P: 1 << 2,
  PREP_PQ_DISABLE_Q: 1 << 3,
  PREP_CONTINUE: 1 << 4,
  PREP_FENCE: 1 << 5,
  CTRL_REUSE: 1 << 6,
  PREP_CMD: 1 << 7,
  PREP_REPEAT: 1 << 8,
  PREP_LOAD_EOT: 1 << 9,
} as const;

/** `enum sum_check_flags` (CF-06). */
export const SumCheck = { P_RESULT: 1 << 0, Q_RESULT: 1 << 1 } as const;

/** Where a check operation leaves its result: 0 when the sums are zero, else `SumCheck` bits. */
export interface SumCheckResult {
  value: number;
}
