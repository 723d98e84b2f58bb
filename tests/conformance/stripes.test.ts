/** Broken arrays: each is caught by a case that names the rule it breaks. */
import { CASES } from '../../conformance/cases';
import { RAID5_MUTANTS } from '../../conformance/mutants/raid5';
import type { CaseOptions } from '../../conformance/run-case';
import { runCase } from '../../conformance/run-case';
import { goodParts, stackOf } from '../../conformance/stack';
import { PLATFORMS } from '../../emulator/platforms';

const STRIPES = CASES.filter(({ id }) => id.startsWith('stripes/'));

/** iop-adma on channels that never interrupt: whoever wants to know has to ask. */
function polled(): CaseOptions {
  const { iop342 } = PLATFORMS;
  const parts = goodParts();
  parts.steps = {
    ...parts.steps,
    eot: (chan) => chan.clearStatus(chan.hw.endOfTransfer),
    eoc: (chan) => chan.clearStatus(chan.hw.endOfChain),
  };
  const engines = iop342.engines.map((engine) => ({
    ...engine,
    capabilities: engine.capabilities.filter((capability) => capability !== 'interrupt'),
  }));
  return { platform: { ...iop342, engines }, stack: stackOf(parts), seed: 1 };
}

describe('the cases of arrays are passed', () => {
  it.each([
    ['by md in software', { platform: PLATFORMS.none, stack: stackOf(goodParts()), seed: 1 }],
    ['by md on a driver that is polled', polled()],
  ])('%s', (_, options) => {
    for (const subject of STRIPES) {
      const { id, outcome, complaints } = runCase(subject, options);
      expect({ id, outcome, complaints }).toEqual({ id, outcome: 'passed', complaints: [] });
    }
  });
});

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
