/** Broken arrays: each is caught by a case that names the rule it breaks. */
import { CASES } from '../../conformance/cases';
import { RAID5_MUTANTS } from '../../conformance/mutants/raid5';
import { runCase } from '../../conformance/run-case';
import { goodParts, stackOf } from '../../conformance/stack';
import { PLATFORMS } from '../../emulator/platforms';

const STRIPES = CASES.filter(({ id }) => id.startsWith('stripes/'));

describe('an array in which', () => {
  it.each(RAID5_MUTANTS.map((mutant) => [mutant.says, mutant] as const))('%s', (_, mutant) => {
    const parts = goodParts();
    mutant.install(parts);
    const stack = stackOf(parts);
    const outcomes = STRIPES.filter(({ rules }) => rules.includes(mutant.rule)).map(
      (subject) => runCase(subject, { platform: PLATFORMS.iop342, stack, seed: 1 }).outcome,
    );
    expect(outcomes).toContain('failed');
  });
});
