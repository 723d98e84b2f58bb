/** What a catalogue of rules is made of. */

/** The form of the kernel a rule holds for, where it does not hold for both: 2.6.23/2.6.24 or 6.1. */
export type Era = '2007' | 'modern';

/** One rule of reference/semantics.md in a sentence of ours. */
export interface Rule {
  readonly says: string;
  readonly era?: Era;
  /** The kernel symbol or commit that the reference names. */
  readonly source?: string;
  /** False where this model does not have what the rule is about. */
  readonly built?: false;
}

/** Rules by their id (`CK-09`). */
export type RuleCatalogue = Readonly<Record<string, Rule>>;

/** A family of rules: the letters of their ids, and what they are about. */
export type RuleFamilies = Readonly<Record<string, string>>;
