/** A bug that Linux once had, to be switched on in this stack, and a small run that shows what it did. */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { MUTANTS } from '../mutants';
import type { RuleId } from '../rules/catalogue';
import type { StackParts } from '../stack';
import type { CaseWorld } from '../world/case-world';

/** What happened, in our own words. */
export interface Story {
  /** What the code did. */
  readonly wrong: string;
  /** What people saw. */
  readonly symptom: string;
  /** What it teaches. */
  readonly lesson: string;
}

export interface Exhibit {
  /** Its number in the list of bugs (X-01 …), or the rule that a fix still broke. */
  readonly id: string;
  readonly title: string;
  /** The repair in Linux: subject, commit, year. */
  readonly commit: string;
  /** The rules it broke, the one it is about first. */
  readonly rules: readonly [RuleId, ...RuleId[]];
  readonly story: Story;
  /** Where it shows; an IOP342 unless given. */
  readonly platform?: PlatformRecord;
  /** What both runs have in common beside today’s kernel: an older one, or few descriptors. */
  readonly around?: (parts: StackParts) => void;
  /** Switches the bug on. */
  readonly bug: (parts: StackParts) => void;
  /** The run, which complains about what is wrong. */
  readonly run: (world: CaseWorld) => ThreadBody;
}

/** The bug of an exhibit that is a mutant as well. Throws where there is none of that name, or none that Linux had. */
export function bugOfMutant(id: string): Pick<Exhibit, 'commit' | 'bug'> {
  const mutant = MUTANTS.find((each) => each.id === id);
  if (mutant?.commit === undefined) throw new Error(`no mutant '${id}' with a commit`);
  return { commit: mutant.commit, bug: mutant.install };
}
