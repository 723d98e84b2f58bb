/** A failed case in lines of text, the same for every reporter. */
import { seconds } from '../../emulator/sim/time';
import type { SuiteEntry, SuiteReport } from '../suite';
import { sentencesOf } from '../suite';

/** Complaints of one case that are written out. */
const SHOWN = 4;

/** What was expected, what happened, the rule in words, why it matters, the trace around it, and how to see it again. */
export function complaintLines(report: SuiteReport, entry: SuiteEntry): string[] {
  const { subject, result, explored } = entry;
  const { complaints, excerpt } = result;
  const more = complaints.length - SHOWN;
  const rules = [...new Set([...complaints.slice(0, SHOWN).map(({ rule }) => rule), subject.rules[0]])];
  return [
    `${subject.title}`,
    ...complaints
      .slice(0, SHOWN)
      .flatMap(({ rule, expected, happened, time, where }) => [
        `${rule} at ${microseconds(time)} µs in ${where}`,
        `  expected ${expected}`,
        `  but      ${happened}`,
      ]),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...rules.flatMap((rule) => sentencesOf(rule).map((sentence) => `${rule} says: ${sentence}`)),
    `why it matters: ${subject.why}`,
    ...(excerpt.length > 0 ? ['trace:', ...excerpt.map((line) => `  ${line}`)] : []),
    ...(explored?.choices === undefined ? [] : [`order of events: ${explored.choices}`]),
    `again: ${report.replay(entry)}`,
  ];
}

function microseconds(time: number): string {
  return (seconds(time) * 1e6).toFixed(3);
}
