/** Cases on a driver of which the exercise is a part, and what happened meanwhile. */
import type { CaseResult, ConformanceCase } from '../../conformance/case';
import { CASES } from '../../conformance/cases';
import { runCase } from '../../conformance/run-case';
import type { StackParts } from '../../conformance/stack';
import { goodParts, stackOf } from '../../conformance/stack';
import type { CaseWorld } from '../../conformance/world/case-world';
import type { IopAdmaSteps } from '../../dmaengine/iop-adma/steps';
import { invariant } from '../../emulator/findings';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import type { TracePointName, TraceRecord } from '../../emulator/trace/trace';
import { MICROSECOND } from '../../emulator/sim/time';
import type { Exports } from '../conformance/load-module';
import type { Checks } from './grading';

/** A run of a lesson's own. */
export type OwnCase = Pick<ConformanceCase, 'rules' | 'run'>;

/** Something that a grader saw and the trace does not know. */
export interface Note {
  /** picoseconds since power-on */
  readonly time: number;
  readonly text: string;
}

export interface PlayOptions {
  /** Puts the exercise into the stack. */
  readonly install: (parts: StackParts) => void;
  /** iop342 unless given. */
  readonly platform?: PlatformRecord;
  /** What the timeline shows; starts, fetches, re-reads and ends of engines unless given. */
  readonly points?: readonly TracePointName[];
  /** Filled while the case runs. */
  readonly notes?: readonly Note[];
}

export interface Played {
  readonly result: CaseResult;
  /** From the moment at which the devices stand. */
  readonly timeline: readonly string[];
}

const SEED = 1;
/** Of a timeline: enough for any lesson, and for the beginning of what never ends. */
const LINES = 200;
/** Until the null operations of new channels are over. */
const START_UP = 100 * MICROSECOND;
const ENGINE_POINTS: readonly TracePointName[] = [
  'engine.start',
  'engine.fetch',
  'engine.reread',
  'engine.complete',
  'engine.idle',
  'engine.error',
];

/** The steps that an exercise replaces. Throws a plain sentence when one of those it should replace is not there. */
export function stepsOf(exercise: Exports, ...names: readonly (keyof IopAdmaSteps)[]): Partial<IopAdmaSteps> {
  const steps = exercise['steps'] as Partial<IopAdmaSteps> | undefined;
  for (const name of names) {
    if (typeof steps?.[name] !== 'function') throw new Error(`the exercise exports no steps.${name}`);
  }
  return steps!;
}

/** Puts the driver together with these steps in place of its own. */
export function withSteps(steps: Partial<IopAdmaSteps>): (parts: StackParts) => void {
  return (parts) => {
    parts.steps = { ...parts.steps, ...steps };
  };
}

/** A case of the suite. */
export function suiteCase(id: string): ConformanceCase {
  const found = CASES.find((subject) => subject.id === id);
  invariant(found !== undefined, `there is a case ${id}`);
  return found;
}

/** Runs a case on a driver that the exercise is a part of. */
export function play(subject: OwnCase, { install, platform = PLATFORMS.iop342, ...shown }: PlayOptions): Played {
  const parts = goodParts();
  install(parts);
  let stage: { readonly world: CaseWorld; readonly start: number } | undefined;
  const whole: ConformanceCase = {
    id: 'lesson/own',
    title: '',
    why: '',
    ...subject,
    *run(world) {
      yield* world.settle(START_UP);
      stage = { world, start: world.kernel.now };
      yield* subject.run(world);
    },
  };
  const result = runCase(whole, { platform, stack: stackOf(parts), seed: SEED });
  const { points = ENGINE_POINTS, notes = [] } = shown;
  if (stage === undefined) return { result, timeline: [] };
  const { start, world } = stage;
  const records = (world.ring?.all ?? []).filter(({ point }) => points.includes(point));
  const events: readonly Note[] = [...records.map(noteOf), ...notes];
  const timeline = events
    .filter(({ time }) => time >= start)
    .sort((a, b) => a.time - b.time)
    .slice(0, LINES)
    .map(({ time, text }) => `${((time - start) / 1000).toFixed(1).padStart(9)} ns  ${text}`);
  return { result, timeline };
}

/** Notes whether a run ended well, in the words of its first complaint. */
export function passed(checks: Checks, { result }: Played, says: string): void {
  const [first] = result.complaints;
  const found = first === undefined ? '' : `${first.happened} (${first.rule}), expected ${first.expected}`;
  checks.that(result.outcome === 'passed', says, found === '' ? (result.reason ?? '') : found);
}

/** Runs cases of the suite and notes each. @param where on which board, in brackets, where there are several */
export function passesSuite(checks: Checks, ids: readonly string[], options: PlayOptions, where = ''): void {
  for (const id of ids) {
    const subject = suiteCase(id);
    passed(checks, play(subject, options), `${id}${where}: ${subject.title.replace(/\.$/, '')}`);
  }
}

/** A record in few words: the unit and what it did. */
function noteOf({ time, point, fields }: TraceRecord): Note {
  const text = Object.entries(fields).map(([name, value]: [string, unknown]) => {
    if (name === 'unit') return String(value);
    return `${name} ${typeof value === 'number' ? `0x${value.toString(16)}` : String(value)}`;
  });
  return { time, text: `${point.replace('engine.', '')} ${text.join(' ')}` };
}
