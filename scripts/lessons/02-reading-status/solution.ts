import type { Target } from 'iop-adma';

const ACSR = 0xffd80004;
const ACTIVE = 1 << 13;
const END_OF_TRANSFER = 1 << 12;

/** Whether channel 0 executes a chain. */
export function isBusy(target: Target): boolean {
  return (target.read32(ACSR) & ACTIVE) !== 0;
}

/** Says that the end of transfer was seen, and nothing else. */
export function acknowledge(target: Target): void {
  target.write32(ACSR, END_OF_TRANSFER);
}

/** Your predictions; null is no answer. */
export const predictions = {
  /** ACSR reads 0x1800. What does it read after writing 0x0800 to it? */
  afterWriting0x0800: 0x1000 as number | null,
  /** Both events stand. How many writes of a single bit does it take until no line is up? */
  writesUntilQuiet: 2 as number | null,
};
