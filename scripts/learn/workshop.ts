/** The learner's own folder: exercises being worked on, and what was passed. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FieldError, InputError, quote } from '../../raid5/workload/input-error';
import { didYouMean } from '../input/spelling';
import { LESSONS } from '../lessons';
import type { Lesson } from '../lessons/lesson';
import { numberOf } from '../lessons/lesson';

/** Where exercises go unless asked otherwise, below the folder that one stands in. */
export const WORKSHOP = 'adma-lessons';
const PROGRESS = 'progress.json';

/** What the learner has done with one lesson. */
interface Done {
  readonly passed: boolean;
  /** Hints that were given. */
  readonly hints: number;
}

type Progress = Readonly<Record<string, Done>>;

const NOTHING: Done = { passed: false, hints: 0 };

export type LessonState = 'passed' | 'started' | 'new';

export class Workshop {
  private progress: Progress;

  /** @throws InputError when what it keeps there is not what it wrote */
  constructor(readonly folder: string) {
    this.progress = readProgress(join(folder, PROGRESS));
  }

  /** The learner's copy of an exercise. */
  exercise({ slug }: Lesson): string {
    return join(this.folder, slug, 'exercise.ts');
  }

  stateOf(lesson: Lesson): LessonState {
    if (this.of(lesson).passed) return 'passed';
    return existsSync(this.exercise(lesson)) ? 'started' : 'new';
  }

  /** Lessons that have an exercise here. */
  get started(): readonly Lesson[] {
    return LESSONS.filter((lesson) => existsSync(this.exercise(lesson)));
  }

  /** The first lesson that is not passed. */
  get next(): Lesson | undefined {
    return LESSONS.find((lesson) => !this.of(lesson).passed);
  }

  /** Copies exercise and text here. @returns false when they are here already */
  start(lesson: Lesson): boolean {
    const file = this.exercise(lesson);
    if (existsSync(file)) return false;
    mkdirSync(join(this.folder, lesson.slug), { recursive: true });
    copyFileSync(lessonFile(lesson, 'exercise.ts'), file);
    copyFileSync(lessonFile(lesson, 'lesson.md'), join(this.folder, lesson.slug, 'README.md'));
    return true;
  }

  /** Begins anew; what was there is kept as `exercise.old.ts`. */
  reset(lesson: Lesson): void {
    const file = this.exercise(lesson);
    if (existsSync(file)) renameSync(file, join(this.folder, lesson.slug, 'exercise.old.ts'));
    this.remember(lesson, NOTHING);
    this.start(lesson);
  }

  /** The next hint, from 0; the last one again when there are no more. */
  takeHint(lesson: Lesson): number {
    const { passed, hints } = this.of(lesson);
    const taken = Math.min(hints + 1, lesson.hints.length);
    this.remember(lesson, { passed, hints: taken });
    return taken - 1;
  }

  pass(lesson: Lesson): void {
    this.remember(lesson, { ...this.of(lesson), passed: true });
  }

  private of({ slug }: Lesson): Done {
    return this.progress[slug] ?? NOTHING;
  }

  private remember({ slug }: Lesson, done: Done): void {
    this.progress = { ...this.progress, [slug]: done };
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, PROGRESS), `${JSON.stringify(this.progress, null, 2)}\n`);
  }
}

/** A file that belongs to a lesson. */
export function lessonFile({ slug }: Lesson, name: 'lesson.md' | 'exercise.ts' | 'solution.ts' | 'after.md'): string {
  return join(__dirname, '../lessons', slug, name);
}

/** The lesson a user means by its number, or by its name. */
export function lessonOf(text: string): Lesson {
  const lesson = LESSONS.find((one) => String(numberOf(one)) === text || one.slug === text || one.slug === `0${text}`);
  if (lesson !== undefined) return lesson;
  const names = LESSONS.map(({ slug }) => slug);
  throw new FieldError(`${quote(text)} is no lesson${didYouMean(text, names)}`, `a number from 1 to ${LESSONS.length}`);
}

function readProgress(file: string): Progress {
  if (!existsSync(file)) return {};
  const wrong = (problem: string): InputError =>
    new InputError(file, 1, 1, problem, 'what adma learn wrote there; delete it to begin anew');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw wrong('this is no JSON');
  }
  if (typeof value !== 'object' || value === null || !Object.values(value).every(isDone))
    throw wrong('this is no progress');
  return value as Progress;
}

function isDone(value: unknown): value is Done {
  if (typeof value !== 'object' || value === null || !('passed' in value) || !('hints' in value)) return false;
  return typeof value.passed === 'boolean' && Number.isInteger(value.hints);
}
