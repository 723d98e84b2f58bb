/** Runs one client case and says how it ended. */
import type { CaseResult, Complaint } from '../case';
import type { ClientCase } from './client-cases';
import { CLIENT_CASES } from './client-cases';
import type { ClientRun, ClientRunOptions } from './client-run';
import { runClient } from './client-run';
import type { ClientCondition } from './conditions';
import { CLIENT_CONDITIONS } from './conditions';

/** Rules that have a case of their own; what breaks another one counts wherever outcomes are compared. */
const HELD: ReadonlySet<string> = new Set(
  CLIENT_CASES.filter(({ compares }) => compares !== true).flatMap(({ rules }) => rules),
);

/**
 * Runs a client under the conditions of a case, and on engines to compare with. Of all that is wrong it reports what the
 * case is about; a case that compares reports besides what went wrong under its condition alone, so that nothing is lost
 * over all cases. Throws ModelDefect alone.
 */
export function runClientCase(subject: ClientCase, options: ClientRunOptions): CaseResult {
  const { id, under } = subject;
  const reference = subject.compares === true ? runClient(CLIENT_CONDITIONS.engines, options) : undefined;
  let simulated = 0;
  for (const name of under) {
    const condition: ClientCondition = CLIENT_CONDITIONS[name];
    const run = runClient(condition, options);
    const complaints = wrong(subject, run, reference).map((complaint) => {
      return { ...complaint, happened: `${complaint.happened}, with ${condition.says}` };
    });
    simulated += run.simulated;
    const first = complaints.at(0);
    if (first !== undefined) return { id, outcome: 'failed', complaints, excerpt: run.excerpt(first.time), simulated };
  }
  return { id, outcome: 'passed', complaints: [], excerpt: [], simulated };
}

/** What of a run is wrong for this case. */
function wrong(subject: ClientCase, run: ClientRun, reference: ClientRun | undefined): Complaint[] {
  const own = new Set<string>(subject.rules);
  if (reference === undefined) return run.complaints.filter(({ rule }) => own.has(rule));
  const known = new Set(reference.complaints.map(({ rule }) => rule));
  const here = run.complaints.filter(({ rule }) => !HELD.has(rule) || !known.has(rule));
  const different = difference(run, reference);
  if (different === undefined) return here;
  const complaint = { rule: subject.rules[0], ...different, time: run.simulated, where: 'client' };
  return [...here, complaint];
}

/** The first difference between two outcomes; undefined when there is none, or one of the runs has no outcome. */
function difference(run: ClientRun, reference: ClientRun): Pick<Complaint, 'expected' | 'happened'> | undefined {
  const { pages, answers } = run;
  if (pages === undefined || reference.pages === undefined) return undefined;
  if (pages.length !== reference.pages.length) {
    return { expected: `${reference.pages.length} pages, as on engines`, happened: `there are ${pages.length}` };
  }
  for (const [number, page] of pages.entries()) {
    const right = reference.pages[number];
    const at = page.findIndex((byte, i) => byte !== right[i]);
    if (at < 0) continue;
    const where = `byte ${at} of page ${number}`;
    return { expected: `${hex(right[at])} in ${where}, as on engines`, happened: `it is ${hex(page[at])}` };
  }
  if (answers.join() !== reference.answers.join()) {
    return { expected: `answers ${reference.answers.join(', ')}, as on engines`, happened: answers.join(', ') };
  }
  return undefined;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
