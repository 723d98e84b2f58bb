/** The suite as one document. */
import type { SuiteReport } from '../suite';
import { count, isConforming, sentencesOf } from '../suite';

const SCHEMA_VERSION = 1;

/** What `--json` prints; `schemaVersion` first. */
export function jsonDocument(report: SuiteReport): object {
  const { subject, platform, seed, entries, replay } = report;
  return {
    schemaVersion: SCHEMA_VERSION,
    subject,
    platform,
    seed,
    conforming: isConforming(report),
    passed: count(report, 'passed'),
    failed: count(report, 'failed'),
    skipped: count(report, 'skipped'),
    cases: entries.map((entry) => {
      const { id, rules, title, why } = entry.subject;
      const { outcome, reason, complaints, excerpt, simulated } = entry.result;
      return {
        id,
        rules,
        title,
        why,
        sentences: sentencesOf(rules[0]),
        outcome,
        reason: reason ?? null,
        complaints,
        trace: excerpt,
        explored: entry.explored ?? null,
        simulatedPicoseconds: simulated,
        replay: outcome === 'failed' ? replay(entry) : null,
      };
    }),
  };
}

/** The same as text. */
export function json(report: SuiteReport): string {
  return `${JSON.stringify(jsonDocument(report), null, 2)}\n`;
}
