import { CASES } from '../../conformance/cases';
import { runCase } from '../../conformance/run-case';
import { stackWith } from '../../conformance/stack';
import { PLATFORMS } from '../../emulator/platforms';
import { driver } from './polled-driver';

describe('a polled driver of one channel without a pool', () => {
  const results = CASES.map((subject) =>
    runCase(subject, { platform: PLATFORMS.iop342, stack: stackWith(driver), seed: 1 }),
  );

  it('passes every case that it is not excused from', () => {
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it('is excused for a reason, and from less than the larger half', () => {
    const skipped = results.filter(({ outcome }) => outcome === 'skipped');
    for (const { reason } of skipped) expect(reason).toMatch(/./);
    expect(2 * skipped.length).toBeLessThan(CASES.length);
  });
});
