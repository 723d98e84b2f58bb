/** Runs an exhibit twice, with its bug and without. */
import { PLATFORMS } from '../../emulator/platforms';
import type { TraceWriter } from '../../emulator/trace/trace';
import type { CaseResult, ConformanceCase } from '../case';
import { runCaseIn, worldFor } from '../run-case';
import { goodParts, stackOf } from '../stack';
import type { Exhibit } from './exhibit';
import type { TimelineEntry } from './timeline';
import { timelineOf } from './timeline';

/** One of the two runs. */
export interface ExhibitRun {
  readonly result: CaseResult;
  /** picoseconds since power-on when it began */
  readonly began: number;
  readonly timeline: readonly TimelineEntry[];
}

export interface ExhibitVerdict {
  readonly withBug: ExhibitRun;
  readonly fixed: ExhibitRun;
  /** Whether the run fails with the bug and is good without. */
  readonly shown: boolean;
}

/** Where the trace of each run goes. */
export interface ExhibitTraces {
  readonly withBug?: TraceWriter;
  readonly fixed?: TraceWriter;
}

/** @param seed decides the bytes that are moved */
export function runExhibit(exhibit: Exhibit, seed = 1, traces: ExhibitTraces = {}): ExhibitVerdict {
  const withBug = runOnce(exhibit, true, seed, traces.withBug);
  const fixed = runOnce(exhibit, false, seed, traces.fixed);
  return { withBug, fixed, shown: withBug.result.outcome === 'failed' && fixed.result.outcome === 'passed' };
}

function runOnce(exhibit: Exhibit, withBug: boolean, seed: number, trace: TraceWriter | undefined): ExhibitRun {
  const parts = goodParts();
  exhibit.around?.(parts);
  if (withBug) exhibit.bug(parts);
  const world = worldFor({ platform: exhibit.platform ?? PLATFORMS.iop342, stack: stackOf(parts), seed });
  world.ring.follower = trace;
  let began = 0;
  const { id, title, rules, story } = exhibit;
  const subject: ConformanceCase = {
    id,
    title,
    rules,
    why: story.symptom,
    *run() {
      began = world.kernel.now;
      yield* exhibit.run(world);
    },
  };
  const result = runCaseIn(world, subject);
  return { result, began, timeline: timelineOf(world, result, began) };
}
