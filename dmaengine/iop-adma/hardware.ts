import type { Kernel } from '../../emulator/kernel/kernel';
import type { SumCheckResult } from '../flags';
import type { PqPair } from '../pq';
import type { SlotAlignment } from './slots';

/**
 * What the driver knows about one kind of engine: the inline functions of `asm/hardware/…adma.h` as a
 * record. Addresses are bus addresses, lengths bytes; descriptors are written through the kernel's write
 * buffer, without their next pointer, which `clear_next_desc` and submit own.
 */
export interface IopAdmaHardware {
  readonly name: string;
  /** Register offsets from the channel's base. */
  readonly registers: {
    readonly control: number;
    readonly status: number;
    readonly current: number;
    readonly next: number;
  };
  /** Bits of the control register. */
  readonly enable: number;
  readonly resume: number;
  /** Bits of the status register. */
  readonly active: number;
  readonly endOfTransfer: number;
  readonly endOfChain: number;
  /** Error bits of the status register and what the handler calls them (IA-72). */
  readonly errors: readonly (readonly [mask: number, name: string])[];
  /** Bytes from a descriptor's start to its next pointer. */
  readonly nextPointer: number;
  /** Bytes from a descriptor's start to its byte count word; the registers hold the words from `next` on. */
  readonly byteCount: number;

  /** Most bytes of a copy, fill or xor (IA-22). */
  readonly maxBytes: number;
  /** Most bytes one descriptor can check; longer checks become groups (IA-22). */
  readonly maxCheckBytes: number;
  readonly maxXor: number;
  /** Most sources of a P+Q descriptor, continuation or P and Q to check included; 0 without P+Q (IA-21, IA-26). */
  readonly maxPq: number;
  readonly aligned: SlotAlignment;
  /** Slots of a copy, fill or interrupt descriptor. */
  readonly plainSlots: number;
  /** Slots of an xor, P+Q or check descriptor with n sources: `[n]` (IA-20, IA-21). */
  readonly xorSlots: readonly number[];

  writeMemcpy(kernel: Kernel, phys: number, dest: number, src: number, len: number, interrupt: boolean): void;
  writeXor(
    kernel: Kernel,
    phys: number,
    dest: number,
    srcs: readonly number[],
    srcCnt: number,
    len: number,
    interrupt: boolean,
  ): void;
  /** @param done bytes before this descriptor in every source */
  writeXorVal(
    kernel: Kernel,
    phys: number,
    srcs: readonly number[],
    srcCnt: number,
    done: number,
    len: number,
    interrupt: boolean,
  ): void;
  /**
   * P+Q of the sources, one coefficient each.
   * @param withP false leaves P out; its address still has to agree with Q in the low bits (IA-29)
   */
  writePq(
    kernel: Kernel,
    phys: number,
    dst: PqPair,
    srcs: readonly number[],
    scf: readonly number[],
    len: number,
    withP: boolean,
    interrupt: boolean,
  ): void;
  /** Checks the last two sources, P and Q, against the others; their coefficients do not count (IA-30). */
  writePqVal(
    kernel: Kernel,
    phys: number,
    srcs: readonly number[],
    scf: readonly number[],
    len: number,
    withP: boolean,
    interrupt: boolean,
  ): void;
  /** @param pattern 32 bits */
  writeMemset(kernel: Kernel, phys: number, dest: number, pattern: number, len: number, interrupt: boolean): void;
  /** The operation that moves nothing and always interrupts (IA-24). */
  writeInterrupt(kernel: Kernel, phys: number): void;
  /** An xor of two sources and no bytes: what a channel that cannot copy starts with (IA-40). */
  writeNullXor(kernel: Kernel, phys: number, interrupt: boolean): void;
  /** `iop_desc_get_zero_result`: `SumCheck` bits of a check descriptor that has completed. */
  readZeroResult(kernel: Kernel, phys: number): SumCheckResult['value'];
}
