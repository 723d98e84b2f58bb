/** What the kernel's configuration says about async_tx, the core included. Everything is on unless said otherwise. */
export interface AsyncTxConfig {
  /** `CONFIG_ASYNC_TX_DISABLE_XOR_VAL_DMA`: checks of an XOR sum stay away from the engines (XV-07). */
  readonly disableXorValDma?: boolean;
  /** `CONFIG_ASYNC_TX_DISABLE_PQ_VAL_DMA`: the same for P+Q. */
  readonly disablePqValDma?: boolean;
  /** Without `CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH` only channels that can do everything are used (AX-21). */
  readonly disableChannelSwitch?: boolean;
}
