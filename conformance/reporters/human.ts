/** The suite as a person reads it: a line for each group, every failure written out. */
import type { SuiteEntry, SuiteReport } from '../suite';
import { byGroup, count, isConforming } from '../suite';
import { complaintLines } from './complaint';

/** What colours a word; the identity where there are none. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** The report. */
export function human(report: SuiteReport, paint: Paint): string {
  const groups = byGroup(report.entries);
  const width = Math.max(...groups.map(([name]) => name.length));
  const lines = [`${report.subject} on ${report.platform}`, ''];
  for (const [name, entries] of groups) lines.push(groupLine(name.padEnd(width), entries, paint));
  for (const entry of report.entries) {
    if (entry.result.outcome !== 'failed') continue;
    lines.push(
      '',
      `${paint.bad('✗')} ${entry.subject.id}`,
      ...complaintLines(report, entry).map((line) => `  ${line}`),
    );
  }
  return `${[...lines, '', ...summary(report, paint)].join('\n')}\n`;
}

function groupLine(name: string, entries: readonly SuiteEntry[], paint: Paint): string {
  const of = (outcome: string): SuiteEntry[] => entries.filter(({ result }) => result.outcome === outcome);
  const [passed, failed, skipped] = [of('passed'), of('failed'), of('skipped')];
  const mark = failed.length > 0 ? paint.bad('✗') : passed.length > 0 ? paint.good('✓') : paint.faint('–');
  const reasons = [...new Set(skipped.map(({ result }) => result.reason))].join(', ');
  const parts = [
    `${passed.length} passed`,
    ...(failed.length > 0 ? [paint.bad(`${failed.length} failed`)] : []),
    ...(skipped.length > 0 ? [paint.faint(`${skipped.length} skipped: ${reasons}`)] : []),
  ];
  return `${mark} ${name}  ${parts.join(', ')}`;
}

function summary(report: SuiteReport, paint: Paint): string[] {
  const { entries } = report;
  const [passed, failed, skipped] = (['passed', 'failed', 'skipped'] as const).map((outcome) => count(report, outcome));
  const explored = entries.flatMap((entry) => (entry.explored === undefined ? [] : [entry.explored]));
  const sum = (of: (one: (typeof explored)[number]) => number): string =>
    explored.reduce((total, one) => total + of(one), 0).toLocaleString('en');
  const bounded = explored.filter(({ exhausted, bound = -1 }) => !exhausted && bound >= 0);
  const open = explored.filter(({ exhausted, bound = -1 }) => !exhausted && bound < 0).length;
  const least = Math.min(...bounded.map(({ bound = 0 }) => bound));
  return [
    ...(explored.length === 0
      ? []
      : [
          `interleavings  ${sum((one) => one.explored)} explored, ${sum((one) => one.pruned)} pruned, in ${explored.length} cases` +
            (bounded.length > 0 ? `; ${bounded.length} with at most ${least} preemptions` : '') +
            (open > 0 ? `; ${open} not to the end` : ''),
        ]),
    `cases          ${passed} passed, ${failed} failed, ${skipped} skipped`,
    `verdict        ${isConforming(report) ? paint.good('conforming') : paint.bad(passed + failed === 0 ? 'nothing ran' : 'not conforming')}`,
  ];
}
