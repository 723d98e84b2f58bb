/** What a finding broke, in the words of the API documents. */
import { documentSentences } from '../../conformance/rules/documents';
import type { Finding } from '../../emulator/findings';
import type { RunReport } from '../../raid5/workload/report';

/** A finding or panic with the sentences of the API documents that it breaks; most break none. */
type WithSentences<T> = T & { readonly breaks: readonly string[] };

/** What every document of a run says of what was broken. */
type Broken = Pick<RunReport, 'findings' | 'panic'>;

/** The document of a run as `--json` prints it. */
export type Quoted<Report extends Broken> = Omit<Report, keyof Broken> & {
  readonly findings: readonly WithSentences<Finding>[];
  readonly panic: WithSentences<NonNullable<RunReport['panic']>> | null;
};

/** `api 3.6.1: “Calls to … are not permitted in IRQ context.”`: what a finding of this rule breaks. */
export function brokenSentences(rule: string): string[] {
  return documentSentences(rule).map(({ id, quote }) => `${id}: “${quote}”`);
}

/** Adds the sentences to every finding and to the panic. */
export function withSentences<Report extends Broken>(report: Report): Quoted<Report> {
  const quoted = <T extends { readonly rule: string }>(broken: T): WithSentences<T> => ({
    ...broken,
    breaks: brokenSentences(broken.rule),
  });
  return {
    ...report,
    findings: report.findings.map(quoted),
    panic: report.panic === null ? null : quoted(report.panic),
  };
}
