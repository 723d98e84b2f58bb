/** KTAP version 1, as the kernel's own tests print it and `kunit.py parse` reads it. */
import type { SuiteEntry, SuiteReport } from '../suite';
import { byGroup, nameOf } from '../suite';
import { complaintLines } from './complaint';

/** The document: a subtest for each group. */
export function ktap(report: SuiteReport): string {
  const groups = byGroup(report.entries);
  const lines = ['KTAP version 1', `1..${groups.length}`];
  groups.forEach(([name, entries], index) => {
    lines.push(...['KTAP version 1', `# Subtest: ${name}`, `1..${entries.length}`].map(indented));
    entries.forEach((entry, i) => lines.push(...testLines(report, entry, i + 1).map(indented)));
    const failed = entries.some(({ result }) => result.outcome === 'failed');
    const skipped = entries.every(({ result }) => result.outcome === 'skipped');
    lines.push(`${failed ? 'not ok' : 'ok'} ${index + 1} ${name}${skipped ? ' # SKIP' : ''}`);
  });
  return `${lines.join('\n')}\n`;
}

function testLines(report: SuiteReport, entry: SuiteEntry, number: number): string[] {
  const { subject, result } = entry;
  const name = nameOf(subject.id);
  switch (result.outcome) {
    case 'passed':
      return [`ok ${number} ${name}`];
    case 'skipped':
      return [`ok ${number} ${name} # SKIP ${result.reason ?? ''}`];
    case 'failed':
      return [...complaintLines(report, entry).map((line) => `# ${line}`), `not ok ${number} ${name}`];
  }
}

function indented(line: string): string {
  return `    ${line}`;
}
