/** A run of the suite: which cases, on what, and what came of them. */
import { KERNEL_RULES } from '../emulator/kernel/rules';
import type { CaseOutcome, CaseResult } from './case';
import { documentSentences } from './rules/documents';
import { RULES } from './rules/catalogue';

/** What became of the interleavings of a case. */
export interface ExploreSummary {
  /** Runs that were made. */
  readonly explored: number;
  /** Orders that were left out because another run stands for them. */
  readonly pruned: number;
  /** Whether no order is left. */
  readonly exhausted: boolean;
  /** Most preemptions of a run, where the space was too large for all. */
  readonly bound?: number;
  /** What makes the failing run happen again. */
  readonly choices?: string;
}

/** What a report says of a case, of a driver or of a client. */
export interface SuiteSubject {
  readonly id: string;
  readonly rules: readonly string[];
  readonly title: string;
  readonly why: string;
  readonly explorable?: boolean;
}

/** A case and how it ended. */
export interface SuiteEntry {
  readonly subject: SuiteSubject;
  readonly result: CaseResult;
  /** What became of its interleavings; undefined where they were not explored. */
  readonly explored?: ExploreSummary;
}

export interface SuiteReport {
  /** Name of the driver or client under test. */
  readonly subject: string;
  readonly platform: string;
  readonly seed: number;
  readonly entries: readonly SuiteEntry[];
  /** The command line that runs one case again. */
  readonly replay: (entry: SuiteEntry) => string;
}

/** How many cases ended so. */
export function count({ entries }: SuiteReport, outcome: CaseOutcome): number {
  return entries.filter(({ result }) => result.outcome === outcome).length;
}

/** Whether nothing failed, and something ran. */
export function isConforming(report: SuiteReport): boolean {
  return count(report, 'failed') === 0 && count(report, 'passed') > 0;
}

/** First part of an id. */
export function groupOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

/** The rest of an id. */
export function nameOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

/** Entries by group, in order. */
export function byGroup(entries: readonly SuiteEntry[]): readonly (readonly [string, readonly SuiteEntry[]])[] {
  const groups = new Map<string, SuiteEntry[]>();
  for (const entry of entries) {
    const name = groupOf(entry.subject.id);
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups];
}

/** Whether a case is meant: `*` stands for any characters; a rule id and a whole group are names as well. */
export function matches(subject: SuiteSubject, filter: string): boolean {
  const pattern = new RegExp(`^${filter.split('*').map(escaped).join('.*')}$`);
  return [subject.id, groupOf(subject.id), ...subject.rules].some((name) => pattern.test(name));
}

/** The rule in a sentence, and the sentence of the API document that rests on it. */
export function sentencesOf(rule: string): readonly string[] {
  const known: Readonly<Record<string, { readonly says: string } | undefined>> = RULES;
  const ofKernel: Readonly<Record<string, string | undefined>> = KERNEL_RULES;
  const says = known[rule]?.says ?? ofKernel[rule];
  const quoted = documentSentences(rule).map(({ id, quote }) => `${id}: “${quote}”`);
  return [...(says === undefined ? [] : [says]), ...quoted];
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
