/**
 * The shapes a descriptor takes: what each of its words means for the operation that its control word selects.
 * Every unit describes its own (reference/hw-iop13xx 3.1 – 3.4, hw-iop3xx 3.1 – 3.5); bits and fields of the
 * words stand in the literals of the units.
 */
import type { RegisterLayout } from './layout';

/** What one word means in a form. */
export interface WordRole {
  readonly says: string;
  /** Whether the fields of the word's register apply. */
  readonly fields: boolean;
}

/** One shape. */
export interface DescriptorForm {
  /** `P+Q of 4 sources` */
  readonly name: string;
  readonly source: string;
  /** What the two store queues hold. */
  readonly queues: readonly [string, string];
  /** From word 0 on. */
  readonly roles: readonly WordRole[];
}

/** A bit that only means something with another one. */
export interface DependentBit {
  readonly name: string;
  readonly mask: number;
  readonly needs: string;
  readonly needsMask: number;
  readonly source: string;
}

/** The descriptors of one kind of unit. */
export interface DescriptorFormat {
  /** The register whose literal describes word `word`. */
  register(word: number): RegisterLayout;
  /** Word numbers of control word and byte count. */
  readonly control: number;
  readonly count: number;
  /** Bits above the 24 of the count that software leaves 0. */
  readonly countExcess: number;
  /** The shape these words have. @param control the unit's control register */
  form(words: ArrayLike<number>, control: number): DescriptorForm;
  readonly dependent: readonly DependentBit[];
  /** Other things that the unit lets pass and the reference warns of. */
  oddities(words: ArrayLike<number>): string[];
  /** For the reference pages, every shape: its control word, and the unit's control register. */
  readonly examples: readonly (readonly [word: number, control?: number])[];
}

/** A word without fields of its own. */
export const plain = (says: string): WordRole => ({ says, fields: false });
/** A word whose register’s fields apply. */
export const detailed = (says: string): WordRole => ({ says, fields: true });
/** Words that every descriptor has. */
export const UNUSED = plain('unused');
export const NEXT = detailed('address of the next descriptor; 0 ends the chain');
export const CONTROL = detailed('descriptor control');
export const COUNT = detailed('byte count');

/** 0 … count − 1 */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** `4 sources` */
export const plural = (count: number): string => `${count} source${count === 1 ? '' : 's'}`;

/** What a CRC address that is no multiple of 4 does. */
export const MISALIGNED_CRC = 'the CRC address is no multiple of 4: its low bits are ignored';
