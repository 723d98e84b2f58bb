/** What the two kinds of IOP3xx engines have in common for their driver (`asm/hardware/iop3xx-adma.h`). */
import { bug } from '../../emulator/kernel/bug';
import type { SlotAlignment } from './slots';

/** `IOP_ADMA_MAX_BYTE_COUNT`: most bytes of a copy, xor or fill (IA-22). */
export const MAX_BYTES = 16 * 1024 * 1024;

/** `iop_desc_is_aligned`: a descriptor of k slots starts at a multiple of k slots (IA-07, hw-iop3xx 3). */
export const naturallyAligned: SlotAlignment = (index, slotsPerOp) => index % slotsPerOp === 0;

/** A helper for an operation this engine does not have; reaching it is a BUG (IA-27). */
export function absent(engine: string, operation: string): () => never {
  return () => bug('IA-27', `${engine} has no ${operation}`, 'iop_desc_init');
}
