/** What the grading worker is asked and what it answers. */
import type { Check } from '../lessons/lesson';

export interface GradingJob {
  readonly slug: string;
  /** The learner's file. */
  readonly file: string;
  /** The file that does it right, whose timeline is the example. */
  readonly solution: string;
}

export interface GradingAnswer {
  readonly checks: readonly Check[];
  /** What happened on the machine, a line each. */
  readonly happened: readonly string[];
  /** What happens with the solution. */
  readonly example: readonly string[];
  /** Why it could not be run at all; empty otherwise. */
  readonly broken: string;
}
