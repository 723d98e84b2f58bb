/** JUnit XML, in the subset that Jenkins, GitLab and surefire's readers share. */
import { seconds } from '../../emulator/sim/time';
import type { SuiteEntry, SuiteReport } from '../suite';
import { byGroup, count, groupOf, nameOf } from '../suite';
import { complaintLines } from './complaint';

/** The document: a test suite for each group; `time` is simulated. */
export function junit(report: SuiteReport): string {
  const suites = byGroup(report.entries).map(([name, entries]) => {
    const part: SuiteReport = { ...report, entries };
    const attributes = `name="${xml(name)}" ${counts(part)} time="${timeOf(entries)}"`;
    return [`  <testsuite ${attributes}>`, ...entries.flatMap((entry) => testCase(report, entry)), '  </testsuite>'];
  });
  const name = xml(`adma conformance: ${report.subject} on ${report.platform}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" ${counts(report)} time="${timeOf(report.entries)}">`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(report: SuiteReport): string {
  return `tests="${report.entries.length}" failures="${count(report, 'failed')}" errors="0" skipped="${count(report, 'skipped')}"`;
}

function testCase(report: SuiteReport, entry: SuiteEntry): string[] {
  const { subject, result } = entry;
  const [group, name] = [groupOf(subject.id), nameOf(subject.id)];
  const open = `    <testcase classname="${xml(`conformance.${group}`)}" name="${xml(name)}" time="${timeOf([entry])}"`;
  switch (result.outcome) {
    case 'passed':
      return [`${open}/>`];
    case 'skipped':
      return [`${open}>`, `      <skipped message="${xml(result.reason ?? '')}"/>`, '    </testcase>'];
    case 'failed': {
      const [first] = result.complaints;
      const message = xml(`${first.rule}: expected ${first.expected}, but ${first.happened}`);
      const text = xml(complaintLines(report, entry).join('\n'));
      return [
        `${open}>`,
        `      <failure message="${message}" type="${xml(first.rule)}">${text}</failure>`,
        '    </testcase>',
      ];
    }
  }
}

function timeOf(entries: readonly SuiteEntry[]): string {
  return entries.reduce((sum, { result }) => sum + seconds(result.simulated), 0).toFixed(6);
}

/** Text as XML 1.0 takes it: markup escaped, characters it has no place for replaced. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
