import { CASES } from '../../../conformance/cases';
import { exploreCase, replayCase } from '../../../conformance/explored-case';
import { ChoicesError } from '../../../conformance/explorer/choices';
import { MUTANTS } from '../../../conformance/mutants';
import { goodParts, stackOf } from '../../../conformance/stack';
import { PLATFORMS } from '../../../emulator/platforms';

describe('an order of events', () => {
  const platform = PLATFORMS.iop342;
  const subject = CASES.find(({ id }) => id === 'append/behind-a-finished-tail')!;
  const broken = goodParts();
  MUTANTS.find(({ id }) => id === 'doorbell-before-link')!.install(broken);
  const options = { platform, stack: stackOf(broken), seed: 1 };

  it('shows a race that time never loses, with the trace around it, and again from its string', () => {
    const { result, explored } = exploreCase(subject, options, 1000, 'exhaustive', () => undefined);
    expect(result.outcome).toBe('failed');
    expect(result.excerpt.length).toBeGreaterThan(0);
    expect(replayCase(subject, options, explored.choices!)).toEqual(result);
    expect(replayCase(subject, options, '0').outcome).toBe('passed');
  });

  it('of another case is refused', () => {
    expect(() => replayCase(subject, options, '0x9999.1')).toThrow(ChoicesError);
    expect(() => replayCase(subject, options, '77')).toThrow(ChoicesError);
  });
});
