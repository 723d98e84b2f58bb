import type { BusFaultKind } from '../faults/bus-faults';
import type { Dram } from '../memory/dram';
import type { RegisterLayout } from '../registers/layout';
import type { Operation } from './operation';

/** Records something about the descriptor: a rule broken by software, or a thing this model does not have. */
export type Note = (kind: 'rule' | 'unmodelled', section: string, text: string) => void;

/**
 * What makes a chain-walking unit an ADMA, an AAU or a DMA channel: where its registers are, and what its
 * descriptors mean.
 */
export interface ChainPersonality {
  /** The reference its sections are cited from. */
  readonly reference: string;
  /** bytes of the register window */
  readonly windowBytes: number;
  readonly registers: readonly RegisterLayout[];

  readonly control: RegisterLayout;
  readonly enable: number;
  readonly resume: number;

  readonly status: RegisterLayout;
  readonly active: number;
  readonly endOfTransfer: number;
  readonly endOfChain: number;
  /** All flags that drive the error line. */
  readonly errors: number;
  readonly faultFlags: Readonly<Record<BusFaultKind, number>>;
  /** Flag of a check that failed with nowhere to write its result, undefined when units carry on silently. */
  readonly checkFlag: number | undefined;

  /** Whether a last descriptor is signalled before a pending resume is looked at, or by what the re-read finds. */
  readonly signalsBeforeReread: boolean;
  /** Where clearing the enable bit stops the unit. */
  readonly suspendsAfter: 'block' | 'descriptor';

  /** The register that holds the address of the current descriptor. */
  readonly current: RegisterLayout;
  /** The register of descriptor word 0, the address of the next descriptor; the words follow it. */
  readonly next: RegisterLayout;
  /** The descriptor word whose low 24 bits count the bytes. */
  readonly countWord: number;
  /** Where the address of a parity error goes: low, high. */
  readonly parityAddress?: readonly [RegisterLayout, RegisterLayout];

  /** Words of the descriptor at this address of DRAM, told by its control word in memory and the unit's control. */
  descriptorWords(dram: Dram, address: number, control: number): number;
  /** Most bytes of one phase, from the control register. */
  blockBytes(control: number): number;
  /** Fills the operation from the words of a descriptor. @param control the unit's control register */
  decode(words: Uint32Array, operation: Operation, note: Note, control: number): void;
}

/** Puts the address of a parity error where the unit keeps it, if it keeps it. */
export function keepParityAddress(values: Uint32Array, { parityAddress }: ChainPersonality, address: number): void {
  if (parityAddress === undefined) return;
  const [low, high] = parityAddress;
  values[low.offset >>> 2] = address >>> 0;
  values[high.offset >>> 2] = Math.floor(address / 0x1_0000_0000);
}
