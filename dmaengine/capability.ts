/** `enum dma_transaction_type`, in today's order (CF-02). */
export const DmaCapability = {
  MEMCPY: 0,
  XOR: 1,
  PQ: 2,
  XOR_VAL: 3,
  PQ_VAL: 4,
  MEMSET: 5,
  MEMSET_SG: 6,
  INTERRUPT: 7,
  PRIVATE: 8,
  ASYNC_TX: 9,
  SLAVE: 10,
  CYCLIC: 11,
  INTERLEAVE: 12,
  COMPLETION_NO_ORDER: 13,
  REPEAT: 14,
  LOAD_EOT: 15,
} as const;
export type DmaCapability = (typeof DmaCapability)[keyof typeof DmaCapability];

/** `dma_cap_mask_t`. */
export type DmaCapMask = Set<DmaCapability>;
