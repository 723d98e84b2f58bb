/** A report with a case of every outcome, for tests of the reporters. */
import type { SuiteReport } from '../../../conformance/suite';

const ABOUT = { rules: ['SW-13'] as const, title: 'A sentence.', why: 'Because <it> & "that".' };

/** Two groups: one with a pass, a failure and a skip, one that only passes. */
export const MIXED: SuiteReport = {
  subject: 'my <driver>',
  platform: 'iop342',
  seed: 7,
  entries: [
    entry('append/good', { outcome: 'passed' }),
    entry('append/bad', {
      outcome: 'failed',
      complaints: [
        { rule: 'SW-13', expected: 'a & b', happened: 'it is <c>\u0001', time: 1_500_000, where: 'dma0chan0' },
        { rule: 'UM-08', expected: 'none', happened: '2 are left', time: 1_600_000, where: 'case' },
      ],
      excerpt: ['         1500000 engine.complete  unit=adma0'],
    }),
    entry('append/absent', { outcome: 'skipped', reason: '0 of 1 channels can PQ' }),
    entry('cookies/good', { outcome: 'passed' }),
  ],
  replay: ({ subject }) => `adma conformance --filter ${subject.id}`,
};

function entry(
  id: string,
  result: Partial<SuiteReport['entries'][number]['result']> & { readonly outcome: 'passed' | 'failed' | 'skipped' },
): SuiteReport['entries'][number] {
  return { subject: { id, ...ABOUT }, result: { id, complaints: [], excerpt: [], simulated: 2_000_000, ...result } };
}
