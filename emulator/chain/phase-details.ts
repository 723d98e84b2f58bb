/** What the phases of a chain-walking unit touch, for explored mode. */
import type { RegisterBank } from '../registers/bank';
import type { Footprint } from '../sim/actor';
import type { UnitContext } from '../unit';
import type { Execution } from './execution';
import type { Operation } from './operation';
import type { ChainPersonality } from './personality';

/** The handlers of the phases that belong to the unit itself and not to its execution. */
export interface UnitPhases {
  readonly fetched: () => void;
  readonly reread: () => void;
  readonly writtenBack: () => void;
}

/** Faults that wait on the buses go to whoever comes first. */
const FAULTS = 'faults';

/**
 * Memory is said by address and length before the phase ends. Registers are compared: a phase changes those whose
 * values differ afterwards. The control register is read by every phase but those inside a block. Writing the value
 * that stands already commutes with the processor's reads; with the other writers, the posted writes, no phase that
 * writes registers commutes anyhow.
 * @param base physical address of the unit's registers
 */
export function phaseDetails(
  base: number,
  { values }: RegisterBank,
  personality: ChainPersonality,
  { dram, faults }: UnitContext,
  operation: Operation,
  execution: Execution,
  { fetched, reread, writtenBack }: UnitPhases,
): NonNullable<Footprint['details']> {
  return (accesses, handler) => {
    const current = values[personality.current.offset >>> 2];
    const control = values[personality.control.offset >>> 2];
    let inside = false;
    if (handler === fetched) accesses.reads(current, 4 * personality.descriptorWords(dram, current, control));
    else if (handler === reread) accesses.reads(current, 4);
    else if (handler === writtenBack) accesses.writes(current + 4 * operation.statusWord, 4);
    else inside = execution.touches(accesses, handler);
    if (!inside) accesses.reads(base + personality.control.offset, 4);
    if (faults.any) accesses.writesNamed(FAULTS);
    const before = values.slice();
    return () => {
      for (let i = 0; i < before.length; i++) if (values[i] !== before[i]) accesses.writes(base + 4 * i, 4);
    };
  };
}
