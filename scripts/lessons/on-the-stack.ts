/** Lessons that run on the whole stack: conformance cases as checks, and small runs of a lesson's own. */
import type { CaseResult, Complaint, ConformanceCase } from '../../conformance/case';
import { CASES } from '../../conformance/cases';
import type { RuleId } from '../../conformance/rules/catalogue';
import { runCase } from '../../conformance/run-case';
import type { Stack, StackParts } from '../../conformance/stack';
import { goodParts, stackOf } from '../../conformance/stack';
import type { CaseWorld } from '../../conformance/world/case-world';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { MICROSECOND, NANOSECOND } from '../../emulator/sim/time';
import type { TracePointName, TraceRecord } from '../../emulator/trace/trace';
import { inSources } from '../conformance/load-module';
import type { Checks } from './grading';

/** Decides what memory holds at first; the same for everybody. */
const SEED = 1;

/** The stack with some parts replaced. */
export function stackWithParts(replaced: Partial<StackParts> = {}): Stack {
  return stackOf({ ...goodParts(), ...replaced });
}

/** One of the cases of the conformance suite. */
export function caseOf(id: string): ConformanceCase {
  const subject = CASES.find((each) => each.id === id);
  if (subject === undefined) throw new Error(`there is no case ${id}`);
  return subject;
}

/** Runs cases of the suite, a check each. One that is skipped has shown nothing. */
export function checkCases(checks: Checks, stack: Stack, ids: readonly string[], on: PlatformName = 'iop342'): void {
  for (const id of ids) {
    const subject = caseOf(id);
    const result = runCase(subject, { platform: PLATFORMS[on], stack, seed: SEED, recorded: false });
    checks.that(result.outcome === 'passed', `${id}: ${subject.title}`, complaintOf(result));
  }
}

/** A run of a lesson's own. */
export interface OwnRun {
  /** What should be, as a sentence. */
  readonly says: string;
  /** What it is about. */
  readonly rule: RuleId;
  readonly on: PlatformName;
  /** As it should be unless given. */
  readonly stack?: Stack;
  /** May note its own checks in the world. */
  readonly body: (world: CaseWorld, story: Story) => ThreadBody;
}

/** Runs it; whatever complaint there is fails the check. Returns what happened. */
export function checkRun(checks: Checks, run: OwnRun): Story {
  const { result, story } = carryOut(run);
  checks.that(result.outcome === 'passed', run.says, complaintOf(result));
  return story;
}

/** Runs it to find something out, not to check the learner: it has to pass. */
export function tryOut(run: OwnRun): Story {
  const { result, story } = carryOut(run);
  if (result.outcome !== 'passed') throw new Error(`${run.says}: ${complaintOf(result)}`);
  return story;
}

/** Runs it whatever comes of it. */
export function attempt(run: OwnRun): void {
  carryOut(run);
}

function carryOut({ says, rule, on, stack = stackWithParts(), body }: OwnRun): { result: CaseResult; story: Story } {
  const story = new Story();
  const subject: ConformanceCase = {
    id: `lesson/${rule}`,
    rules: [rule],
    title: says,
    why: says,
    *run(world) {
      yield* world.settle(MICROSECOND);
      story.begin(world);
      yield* body(world, story);
    },
  };
  const result = runCase(subject, { platform: PLATFORMS[on], stack, seed: SEED });
  for (const { happened, time } of told(result)) story.note(`✗ ${happened}`, time);
  return { result, story };
}

/** What happened in a run, as trace records and as notes between them. */
export class Story {
  private world: CaseWorld | undefined;
  private start = 0;
  private readonly notes: { readonly time: number; readonly text: string }[] = [];

  /** From here on it is told. */
  begin(world: CaseWorld): void {
    this.world = world;
    this.start = world.kernel.now;
  }

  /** Something that no trace point tells. @param time picoseconds, now unless given */
  note(text: string, time = this.world?.kernel.now ?? 0): void {
    this.notes.push({ time, text });
  }

  /** Lines of a timeline: the notes, and records of these points; nanoseconds since the run began. What the world noted is among them. */
  lines(...points: readonly TracePointName[]): string[] {
    const records = this.records.filter(({ point }) => points.includes(point));
    const told = records.map((record) => ({ time: record.time, text: sentenceOf(record) }));
    const noted = (this.world?.notes ?? []).filter(({ time }) => time >= this.start);
    return [...noted, ...this.notes, ...told]
      .sort((a, b) => a.time - b.time)
      .map(({ time, text }) => `${((time - this.start) / NANOSECOND).toFixed(0).padStart(7)} ns  ${text}`);
  }

  private get records(): readonly TraceRecord[] {
    return (this.world?.ring?.all ?? []).filter(({ time }) => time >= this.start);
  }
}

function sentenceOf({ point, fields }: TraceRecord): string {
  switch (point) {
    case 'engine.fetch':
      return `${fields.unit} fetches ${hex(fields.descriptor)}`;
    case 'engine.complete':
      return `${fields.unit} completes ${hex(fields.descriptor)}`;
    case 'engine.reread':
      return `${fields.unit} reads the link of ${hex(fields.descriptor)} again: ${hex(fields.next)}`;
    case 'intc.line':
      return `line ${fields.source} ${fields.asserted ? 'comes up' : 'goes down'}`;
    case 'cpu.irq':
      return `interrupt ${fields.source} is taken`;
    case 'cpu.thread':
      return `thread ${fields.name} runs`;
    case 'cpu.tasklet':
      return `the tasklet of ${fields.name} runs`;
    case 'stripe.handle':
      return `the handler looks at stripe ${fields.stripe}`;
    case 'stripe.decide':
      return `${fields.way}: to read ${fields.rmw} for rmw, ${fields.rcw} for rcw`;
    case 'stripe.io':
      return `member ${fields.member} ${fields.write ? 'writes' : 'reads'}`;
    case 'stripe.op':
      return `stripe ${fields.stripe} starts ${fields.op}`;
    case 'stripe.op-end':
      return `stripe ${fields.stripe} has done ${fields.op}`;
    default:
      return [point, ...Object.values(fields).map(String)].join(' ');
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** What was wrong, in one line: the first complaint, and the panic that it ended in. */
export function complaintOf(result: CaseResult): string {
  const { outcome, reason, complaints } = result;
  if (outcome === 'skipped') return `not run: ${reason}`;
  const sentences = told(result).map(({ rule, expected, happened, where }) => {
    const place = where.includes('exercise.ts') ? ` at ${inSources(where)}` : '';
    const wanted = isEnd(happened) ? '' : `; expected ${expected}`;
    return `${happened}${place}${wanted} (${rule})`;
  });
  const more = complaints.length - sentences.length;
  return `${sentences.join('; then ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function told({ complaints: [first, ...others] }: CaseResult): readonly Complaint[] {
  if (first === undefined) return [];
  return [first, ...others.filter(({ happened }) => isEnd(happened)).slice(0, 1)];
}

/** Whether the run ended with it. */
function isEnd(happened: string): boolean {
  return /^(panic|it hangs)/.test(happened);
}
