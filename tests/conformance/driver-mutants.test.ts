/** The evidence that the cases of the driver can fail: every broken driver is caught by a case about what it breaks. */
import type { Complaint, ConformanceCase } from '../../conformance/case';
import { CASES } from '../../conformance/cases';
import { DRIVER_CASES } from '../../conformance/cases/driver';
import { exploreCase } from '../../conformance/explored-case';
import { casesAgainst, rulesWithoutMutant } from '../../conformance/matrix';
import { DRIVER_MUTANTS } from '../../conformance/mutants/driver';
import type { Mutant } from '../../conformance/mutants/mutant';
import { runCase } from '../../conformance/run-case';
import { goodParts, stackOf } from '../../conformance/stack';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';

const WITH_ENGINES: readonly PlatformName[] = ['iop342', 'iop331', 'iop321'];

/** What the first case that a mutant fails says of it; undefined when it passes them all, on every platform. */
function firstKill(mutant: Mutant): readonly Complaint[] | undefined {
  const named = casesAgainst(mutant, CASES);
  const small = named.filter(({ explorable }) => explorable === true);
  const ways: readonly (readonly [readonly ConformanceCase[], typeof runCase])[] = [
    [named, runCase],
    // A race that time does not lose.
    [small, (subject, options) => exploreCase(subject, options, 1000, 'exhaustive', () => undefined).result],
  ];
  for (const [cases, run] of ways) {
    for (const name of WITH_ENGINES) {
      for (const subject of cases) {
        const parts = goodParts();
        mutant.install(parts);
        const { outcome, complaints } = run(subject, { platform: PLATFORMS[name], stack: stackOf(parts), seed: 1 });
        if (outcome === 'failed') return complaints;
      }
    }
  }
  return undefined;
}

describe('a broken driver', () => {
  it.each(DRIVER_MUTANTS.map((mutant) => [mutant.id, mutant] as const))('%s is killed', (_, mutant) => {
    const complaints = firstKill(mutant);
    expect(complaints).toBeDefined();
    if (mutant.killedBy === 'assertion') expect(complaints!.map(({ rule }) => rule)).toContain(mutant.rule);
  });

  it('has an id of its own, and names its commit by subject, id and year', () => {
    expect(new Set(DRIVER_MUTANTS.map(({ id }) => id)).size).toBe(DRIVER_MUTANTS.length);
    for (const { commit = 'none (0000000, 2000)' } of DRIVER_MUTANTS) {
      expect(commit).toMatch(/^.+ \([0-9a-f]{7,12}, 20\d\d\)$/);
    }
  });

  it('says what is wrong in a sentence', () => {
    for (const { says } of DRIVER_MUTANTS) expect(says).toMatch(/^[A-Z].{15,140}\.$/);
  });
});

describe('a case of the driver', () => {
  it('is about a rule that some mutant breaks', () => {
    expect(rulesWithoutMutant(DRIVER_CASES, DRIVER_MUTANTS)).toEqual([]);
  });

  it('says what a driver does, and why it matters, in other words than any other', () => {
    const texts = (of: (subject: ConformanceCase) => string): string[] => DRIVER_CASES.map(of);
    expect(new Set(texts(({ title }) => title)).size).toBe(DRIVER_CASES.length);
    for (const text of [...texts(({ title }) => title), ...texts(({ why }) => why)])
      expect(text).toMatch(/^([A-Z\d]|(async_tx|md|dmatest|dma_\w+) ).*\.$/);
  });
});
