/** Runs one case on one stack and says how it ended. */
import { GuestPanic, ModelDefect } from '../emulator/findings';
import type { ThreadBody } from '../emulator/kernel/scheduler';
import type { Dram } from '../emulator/memory/dram';
import type { MachineOptions } from '../emulator/platforms/machine';
import type { PlatformRecord } from '../emulator/platforms/platform';
import type { CaseResult, Complaint, ConformanceCase } from './case';
import { CaseFailed, CaseSkipped } from './case';
import { ChoicesError } from './explorer/choices';
import type { Stack } from './stack';
import { CaseWorld } from './world/case-world';
import { brokenRules, complaintOfPanic, excerptAround, runThread } from './world/run-thread';

export interface CaseOptions {
  readonly platform: PlatformRecord;
  readonly stack: Stack;
  readonly seed: number;
  /** A DRAM to use again. */
  readonly dram?: Dram;
  /** Who decides in which order things happen; time does unless given. */
  readonly machine?: Omit<MachineOptions, 'trace' | 'strict' | 'dram' | 'dramBytes'>;
  /** Whether a failure shows the trace around it; true unless given. */
  readonly recorded?: boolean;
}

/** Bytes of DRAM of a case. */
export const CASE_DRAM = 4 * 1024 * 1024;

/**
 * Boots a world, runs the case and collects everything that is wrong in it: the case's own complaints, broken rules that
 * the kernel found, a panic, a crash of the driver. Throws ModelDefect, and ChoicesError for an
 * order of events that is of another case.
 */
export function runCase(subject: ConformanceCase, options: CaseOptions): CaseResult {
  return runCaseIn(worldFor(options), subject);
}

/** A world in which nothing has happened yet. */
export function worldFor({ dram, machine, platform, stack, seed, recorded = true }: CaseOptions): CaseWorld {
  const memory = dram === undefined ? { dramBytes: CASE_DRAM } : { dram };
  return new CaseWorld({ platform, stack, seed, recorded, machine: { ...machine, ...memory } });
}

/** The same in a world that the caller keeps. */
export function runCaseIn(world: CaseWorld, subject: ConformanceCase): CaseResult {
  let end: Complaint | undefined;
  try {
    runBody(world, subject);
  } catch (error) {
    if (error instanceof ModelDefect || error instanceof ChoicesError) throw error;
    if (error instanceof CaseSkipped)
      return { ...resultOf(subject, world, []), outcome: 'skipped', reason: error.reason };
    if (!mayStopWith(subject, error)) end = complaintOf(error, subject, world.kernel.now);
  }
  const complaints = [...brokenRules(world.kernel), ...world.complaints, ...(end === undefined ? [] : [end])];
  return resultOf(
    subject,
    world,
    complaints.sort((a, b) => a.time - b.time),
  );
}

function runBody(world: CaseWorld, subject: ConformanceCase): void {
  runThread(world.kernel, 'case', bodyOf(world, subject), 'the case');
}

function* bodyOf(world: CaseWorld, subject: ConformanceCase): ThreadBody {
  const { explored } = world.kernel.machine;
  if (explored !== undefined) explored.exploring = false;
  if (subject.bare !== true) yield* world.boot();
  if (explored !== undefined) explored.exploring = true;
  yield* subject.run(world);
}

function resultOf(subject: ConformanceCase, world: CaseWorld, complaints: readonly Complaint[]): CaseResult {
  const first = complaints.at(0);
  return {
    id: subject.id,
    outcome: first === undefined ? 'passed' : 'failed',
    complaints,
    excerpt: first === undefined ? [] : excerptAround(world.ring, first.time),
    simulated: world.kernel.now,
  };
}

/** Whether the kernel stopped as this case lets it. */
function mayStopWith({ bugs = [] }: ConformanceCase, error: unknown): boolean {
  return error instanceof GuestPanic && bugs.some((rule) => rule === error.rule);
}

/** What ended the run, in the words of a complaint. A host error comes from the code under test, or from a case. */
function complaintOf(error: unknown, subject: ConformanceCase, time: number): Complaint {
  const [rule] = subject.rules;
  if (error instanceof CaseFailed) {
    return { rule: error.rule, expected: error.expected, happened: error.happened, time, where: 'case' };
  }
  if (error instanceof GuestPanic) return complaintOfPanic(error, time);
  return { rule, expected: 'a driver that does not crash', happened: String(error), time, where: frameOf(error) };
}

/** The line that threw. */
function frameOf(error: unknown): string {
  const frame = error instanceof Error ? /^ *at (.*)$/m.exec(error.stack ?? '')?.[1] : undefined;
  return frame ?? 'driver';
}
