import type { Kernel } from 'iop-adma';
import { SumCheck } from 'iop-adma';

/** Bits of the control word. */
const INTERRUPT = 1 << 0;
const LOCAL = 3 << 1;
const SOURCES_SHIFT = 3; // number of sources − 1
const CHECK = 1 << 7;
const WRITE_BACK = 1 << 12;
/** Bits of word 3 when it was written back. */
const NOT_ZERO = 1 << 30;

/** Writes a descriptor that sums up all sources into `dest`. Addresses are physical, `len` is in bytes. */
export function xor(
  kernel: Kernel,
  phys: number,
  dest: number,
  srcs: readonly number[],
  len: number,
  interrupt: boolean,
): void {
  const store = (word: number, value: number): void => kernel.store32(phys + 4 * word, value);
  store(1, LOCAL | (srcs.length << SOURCES_SHIFT) | (interrupt ? INTERRUPT : 0));
  store(2, 0);
  store(3, len);
  store(4, dest);
  store(5, 0);
  srcs.forEach((source, i) => store(6 + i, source));
}

/** Writes a descriptor that checks whether the sum of all sources is zero. */
export function xorVal(kernel: Kernel, phys: number, srcs: readonly number[], len: number, interrupt: boolean): void {
  const [dest, ...others] = srcs;
  xor(kernel, phys, dest, others, len, interrupt);
  kernel.store32(phys + 4, kernel.load32(phys + 4) | CHECK);
}

/** What a check that is complete has found: 0, or `SumCheck.P_RESULT`. */
export function zeroResult(kernel: Kernel, phys: number): number {
  void [NOT_ZERO, WRITE_BACK];
  return kernel.load32(phys + 4 * 3) === 0 ? 0 : SumCheck.P_RESULT;
}

/** Bits 31 to 29 of word 3 after a check, the others masked away. Your predictions; null is no answer. */
export const predictions = {
  /** … that has found everything right */
  right: null as number | null,
  /** … that has found a wrong byte */
  wrong: null as number | null,
  /** … that has found a wrong byte, control bit 12 not set */
  wrongNotWrittenBack: null as number | null,
};
