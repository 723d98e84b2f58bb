/** What a lesson is made of. Its files lie in the folder named after it: lesson.md, exercise.ts, solution.ts, after.md, grade.ts. */
import type { Exports } from '../conformance/load-module';

/** What `adma learn` knows of a lesson before it opens it. */
export interface Lesson {
  /** Name of its folder: `01-first-descriptor`; the number is how it is called. */
  readonly slug: string;
  readonly title: string;
  /** Rules of the stack, or sections of the manuals, that it stands for. */
  readonly rules: readonly string[];
  /** Kernel functions and registers that do this on a real machine. */
  readonly kernel: readonly string[];
  /** From a nudge to nearly everything. */
  readonly hints: readonly [string, string, ...string[]];
}

/** One thing that a grader looked at. */
export interface Check {
  /** What should be, as a sentence. */
  readonly says: string;
  readonly ok: boolean;
  /** What is instead; empty when it is. */
  readonly found: string;
}

/** What a grader found, and what happened on the machine meanwhile. */
export interface Grade {
  readonly checks: readonly Check[];
  /** One line for each thing that happened, in order; set beside the solution's. */
  readonly timeline: readonly string[];
}

/** `grade.ts` exports this as `grade`: runs what an exercise exports on the emulator. Deterministic; may throw what the exercise throws. */
export type Grader = (exercise: Exports) => Grade;

/** Number of a lesson, from 1. */
export function numberOf({ slug }: Lesson): number {
  return Number(slug.slice(0, 2));
}

/** Whether all of it is right. */
export function passes({ checks }: Grade): boolean {
  return checks.length > 0 && checks.every(({ ok }) => ok);
}
