/** Checks exercises: runs each in isolation and remembers those that pass. */
import { join } from 'node:path';
import { IsolatedWorker, Lost } from '../isolation/isolated-worker';
import type { Check, Lesson } from '../lessons/lesson';
import { passes } from '../lessons/lesson';
import type { GradingAnswer, GradingJob } from './grading-job';
import type { Workshop } from './workshop';
import { lessonFile } from './workshop';

/** How one exercise stands. */
export interface Checked {
  readonly lesson: Lesson;
  readonly passed: boolean;
  readonly checks: readonly Check[];
  readonly happened: readonly string[];
  readonly example: readonly string[];
  /** Why it could not be run; empty otherwise. */
  readonly broken: string;
}

/** Host milliseconds that grading may take: lesson 18 runs some hundred small worlds, on a busy machine too. */
const PATIENCE = 30_000;

export class Examiner {
  private readonly worker = new IsolatedWorker<GradingJob, GradingAnswer>(join(__dirname, 'grading-worker'), PATIENCE);

  constructor(private readonly workshop: Workshop) {}

  /** Grades the learner's exercise; one that hangs or crashes has not passed. */
  async check(lesson: Lesson): Promise<Checked> {
    const file = this.workshop.exercise(lesson);
    const answer = await this.worker.run({ slug: lesson.slug, file, solution: lessonFile(lesson, 'solution.ts') });
    if (answer instanceof Lost) {
      return { lesson, passed: false, checks: [], happened: [], example: [], broken: answer.says };
    }
    const passed = answer.broken === '' && passes({ checks: answer.checks, timeline: [] });
    if (passed) this.workshop.pass(lesson);
    return { lesson, passed, ...answer };
  }

  /** Ends the thread. */
  close(): Promise<void> {
    return this.worker.close();
  }
}
