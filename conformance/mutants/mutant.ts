import type { RuleId } from '../rules/catalogue';
import type { StackParts } from '../stack';

/** One broken driver, async_tx or md: good code with one small step replaced. */
export interface Mutant {
  readonly id: string;
  /** The rule it breaks. */
  readonly rule: RuleId;
  /** What is wrong with it, in a sentence. */
  readonly says: string;
  /** The commit that repaired the same bug in Linux, with its subject; absent where none is known. */
  readonly commit?: string;
  /**
   * How it is noticed: by what it does, unless given. One processor cannot lose some races, a missing lock's above all;
   * there the run-time assertion that the lock is held is what a case sees fail.
   */
  readonly killedBy?: 'assertion';
  /** Replaces the step. */
  readonly install: (parts: StackParts) => void;
}
