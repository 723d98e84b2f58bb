import type { DmaCapMask } from './capability';
import type { DmaCookie, DmaStatus, DmaTxState } from './cookie';
import type { DmaAsyncTxDescriptor } from './descriptor';
import type { SumCheckResult } from './flags';
import type { PqPair } from './pq';

/** Negative error numbers of the kernel, as far as the stack returns them. */
export const Errno = { EIO: -5, ENOMEM: -12, EBUSY: -16, ENODEV: -19 } as const;

/** `struct dma_chan`. Drivers extend it. */
export interface DmaChan {
  readonly device: DmaDevice;
  /** Position on the device, given at registration. */
  chanId: number;
  /** `dma<device>chan<channel>`, given at registration. */
  name: string;
  /** Last cookie handed out. */
  cookie: DmaCookie;
  /** Last cookie completed. */
  completedCookie: DmaCookie;
  /** How many clients hold the channel; its resources exist while this is above 0. */
  clientCount: number;
  /** How many entries of the channel table name it. */
  tableCount: number;
}

/** `struct module` of a driver, as far as the core refers to it (CH-12). */
export interface DmaModule {
  /** One for every client of every channel. */
  references: number;
  /** It is being unloaded: nobody becomes a first client any more. */
  going: boolean;
}

/** A prep routine's answer: a descriptor to submit, or null when none can be had now. */
export type Prepared = DmaAsyncTxDescriptor | null;

/**
 * `struct dma_device`: what a driver offers. Prep routines take bus addresses of memory that is mapped
 * already; a routine stands exactly when its capability is in `capMask` (RG-01).
 */
export interface DmaDevice {
  /** The platform device, for messages. RG-01 refuses a device without one. */
  readonly parent: string;
  readonly capMask: DmaCapMask;
  readonly channels: readonly DmaChan[];
  /** The driver's module; a device without one cannot be unloaded. */
  readonly owner?: DmaModule;
  /** NUMA node it sits on; undefined is near to every processor (CH-08). */
  readonly node?: number;
  /** Given at registration. */
  devId: number;
  /** Users that made the device private. */
  privatecnt: number;
  /** Most sources of one XOR descriptor. */
  readonly maxXor: number;
  /** Most sources of one P+Q descriptor, packed by `dmaSetMaxPq` (CF-08); 0 without P+Q. */
  readonly maxPq: number;
  /** log2 of the alignment the operation needs: offsets and length (CF-07). */
  readonly copyAlign: number;
  readonly xorAlign: number;
  readonly pqAlign: number;
  readonly fillAlign: number;

  /** Makes the channel usable; the number of descriptors, or a negative error. Called again, it must do no harm. */
  deviceAllocChanResources?(chan: DmaChan): number;
  deviceFreeChanResources?(chan: DmaChan): void;
  /** Waits until nothing of the channel is under way, its callbacks included (CH-13). */
  deviceSynchronize?(chan: DmaChan): void;
  /** The last reference to the unregistered device went: the driver may free it (RG-07). */
  deviceRelease?(device: DmaDevice): void;
  devicePrepDmaMemcpy?(chan: DmaChan, dest: number, src: number, len: number, flags: number): Prepared;
  devicePrepDmaXor?(
    chan: DmaChan,
    dest: number,
    srcs: readonly number[],
    srcCnt: number,
    len: number,
    flags: number,
  ): Prepared;
  devicePrepDmaXorVal?(
    chan: DmaChan,
    srcs: readonly number[],
    srcCnt: number,
    len: number,
    result: SumCheckResult,
    flags: number,
  ): Prepared;
  /**
   * Q is the sum of coefficient times source in GF(2^8), P the sum. A destination that its flag disables has no
   * address (PQ-05).
   * @param scf the coefficient of every source
   */
  devicePrepDmaPq?(
    chan: DmaChan,
    dst: PqPair,
    srcs: readonly number[],
    srcCnt: number,
    scf: readonly number[],
    len: number,
    flags: number,
  ): Prepared;
  /** Checks P and Q against the sources; what a flag disables has no address and is not checked (PV-02). */
  devicePrepDmaPqVal?(
    chan: DmaChan,
    pq: PqPair,
    srcs: readonly number[],
    srcCnt: number,
    scf: readonly number[],
    len: number,
    result: SumCheckResult,
    flags: number,
  ): Prepared;
  /** @param value a byte, replicated by the driver */
  devicePrepDmaMemset?(chan: DmaChan, dest: number, value: number, len: number, flags: number): Prepared;
  devicePrepDmaInterrupt?(chan: DmaChan, flags: number): Prepared;
  deviceTxStatus?(chan: DmaChan, cookie: DmaCookie, state?: DmaTxState): DmaStatus;
  deviceIssuePending?(chan: DmaChan): void;
  /** [07] A dependant was attached to a descriptor that had completed already (SW-11). Today's core never calls it. */
  deviceDependencyAdded?(chan: DmaChan): void;
}
