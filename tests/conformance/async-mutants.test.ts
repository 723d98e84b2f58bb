/** The mutants of async_tx against the cases that go through it. */
import { CASES } from '../../conformance/cases';
import { ASYNC_CASES } from '../../conformance/cases/async';
import { ASYNC_MUTANTS } from '../../conformance/mutants/async';
import { runCase } from '../../conformance/run-case';
import type { StackParts } from '../../conformance/stack';
import { goodParts, stackOf } from '../../conformance/stack';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';

const WITH_ENGINES: readonly PlatformName[] = ['iop342', 'iop331', 'iop321'];

/** Every step itself, so that replacing one in place shows. */
function byValue({ steps, hardware, generation, stripes }: StackParts): object {
  return {
    steps: { ...steps },
    hardware,
    generation: { ...generation, steps: { ...generation.steps } },
    stripes: { ...stripes },
  };
}

describe('a mutant of async_tx', () => {
  it.each(ASYNC_MUTANTS.map((mutant) => [mutant.id, mutant] as const))(
    '%s is killed by a case that names its rule',
    (_, { rule, install }) => {
      const naming = CASES.filter(({ rules }) => rules.includes(rule));
      const killed = WITH_ENGINES.some((name) => {
        const parts = goodParts();
        install(parts);
        const stack = stackOf(parts);
        return naming.some(
          (subject) => runCase(subject, { platform: PLATFORMS[name], stack, seed: 1 }).outcome === 'failed',
        );
      });
      expect(killed).toBe(true);
    },
  );

  it('has an id of its own, and leaves the good parts as they are', () => {
    expect(new Set(ASYNC_MUTANTS.map(({ id }) => id)).size).toBe(ASYNC_MUTANTS.length);
    const before = byValue(goodParts());
    for (const { install } of ASYNC_MUTANTS) install(goodParts());
    expect(byValue(goodParts())).toEqual(before);
  });

  it('is killed by a finding alone where it says that an assertion does it', () => {
    const asserted = ASYNC_MUTANTS.filter(({ killedBy }) => killedBy === 'assertion');
    expect(asserted.map(({ id }) => id)).toEqual(['interrupt-acked-early']);
    for (const { rule, install } of asserted) {
      const parts = goodParts();
      install(parts);
      for (const subject of CASES.filter(({ rules }) => rules.includes(rule))) {
        const { complaints } = runCase(subject, { platform: PLATFORMS.iop342, stack: stackOf(parts), seed: 1 });
        expect([...new Set(complaints.map((complaint) => complaint.rule))]).toEqual([rule]);
      }
    }
  });
});

describe('the cases of async_tx', () => {
  it('are each about a rule that a mutant breaks', () => {
    const broken = new Set(ASYNC_MUTANTS.map(({ rule }) => rule));
    expect(ASYNC_CASES.filter(({ rules: [first] }) => !broken.has(first)).map(({ id }) => id)).toEqual([]);
  });

  it('are passed by a driver with one channel that only looks when it is asked', () => {
    const { iop342 } = PLATFORMS;
    const engine = iop342.engines[2];
    const capabilities = engine.capabilities.filter((capability) => capability !== 'interrupt');
    const parts = goodParts();
    parts.steps = { ...parts.steps, tasklet: () => undefined };
    const platform: PlatformRecord = { ...iop342, engines: [{ ...engine, capabilities }] };
    const passed = ASYNC_CASES.filter((subject) => {
      const { id, complaints, outcome } = runCase(subject, { platform, stack: stackOf(parts), seed: 1 });
      expect({ id, complaints }).toEqual({ id, complaints: [] });
      return outcome === 'passed';
    });
    // What needs a second channel is skipped.
    expect(passed.length).toBeGreaterThan(ASYNC_CASES.length / 2);
  });

  it('do not depend on what is in memory', () => {
    const stack = stackOf(goodParts());
    for (const subject of ASYNC_CASES) {
      const { id, complaints } = runCase(subject, { platform: PLATFORMS.iop331, stack, seed: 2 });
      expect({ id, complaints }).toEqual({ id, complaints: [] });
    }
  });
});
