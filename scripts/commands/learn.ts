/** `adma learn`: lessons whose exercises run on the emulator. */
import { readFileSync, watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import chalk from 'chalk';
import { FieldError } from '../../raid5/workload/input-error';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import type { Checked } from '../learn/check';
import { Examiner } from '../learn/check';
import { renderChecked } from '../learn/checked-report';
import type { LessonState } from '../learn/workshop';
import { lessonFile, lessonOf, Workshop, WORKSHOP } from '../learn/workshop';
import { LESSONS } from '../lessons';
import type { Lesson } from '../lessons/lesson';
import { numberOf } from '../lessons/lesson';

/** Options as commander hands them over. */
export interface LearnOptions {
  readonly dir?: string;
  readonly json?: boolean;
}

const SCHEMA_VERSION = 1;
/** Milliseconds that an editor may take to write a file. */
const SETTLE = 100;

/** Every lesson and how far one is. */
export function list(options: LearnOptions): ExitCode {
  const workshop = open(options);
  const states = LESSONS.map((lesson) => ({ lesson, state: workshop.stateOf(lesson) }));
  if (options.json === true) {
    const lessons = states.map(({ lesson, state }) => ({ number: numberOf(lesson), ...lesson, state }));
    return document({ lessons });
  }
  const passed = states.filter(({ state }) => state === 'passed').length;
  const rows = states.map(
    ({ lesson, state }) => `  ${MARKS[state]} ${String(numberOf(lesson)).padStart(2)}  ${lesson.title}`,
  );
  const { next } = workshop;
  const advice = next === undefined ? 'All of them: well done.' : adviceFor(next, workshop.stateOf(next));
  process.stdout.write(`${[`${passed} of ${LESSONS.length} lessons passed`, '', ...rows, '', advice].join('\n')}\n`);
  return ExitCode.done;
}

/** Copies an exercise into the learner's folder and shows its text. */
export function start(number: string, options: LearnOptions): ExitCode {
  const workshop = open(options);
  const lesson = lessonOf(number);
  const fresh = workshop.start(lesson);
  if (options.json === true) return document({ number: numberOf(lesson), file: workshop.exercise(lesson), fresh });
  process.stdout.write(`${readFileSync(lessonFile(lesson, 'lesson.md'), 'utf8')}\n`);
  const what = fresh ? 'Your file' : 'Your file is there already';
  process.stdout.write(`${what}: ${workshop.exercise(lesson)}\nThen: adma learn check ${numberOf(lesson)}\n`);
  return ExitCode.done;
}

/** Grades one exercise, or all that were started; 1 when one has not passed. */
export async function check(number: string | undefined, options: LearnOptions): Promise<ExitCode> {
  const workshop = open(options);
  const lessons = number === undefined ? workshop.started : [begun(workshop, lessonOf(number))];
  if (lessons.length === 0) throw new FieldError('no lesson is started', 'adma learn start 1');
  const results: Checked[] = [];
  const examiner = new Examiner(workshop);
  for (const lesson of lessons) results.push(await examiner.check(lesson));
  await examiner.close();
  if (options.json === true) document({ lessons: results.map(asJson) });
  else process.stdout.write(results.map((checked) => told(checked, workshop)).join('\n'));
  return results.every(({ passed }) => passed) ? ExitCode.done : ExitCode.failed;
}

/** The next hint for a lesson. */
export function hint(number: string, options: LearnOptions): ExitCode {
  const workshop = open(options);
  const lesson = begun(workshop, lessonOf(number));
  const index = workshop.takeHint(lesson);
  const more = lesson.hints.length - index - 1;
  const rest = more > 0 ? `${more} more: ask again` : 'this was the last one';
  if (options.json === true) return document({ number: numberOf(lesson), hint: lesson.hints[index], index, more });
  process.stdout.write(`${lesson.hints[index]}\n(hint ${index + 1} of ${lesson.hints.length}; ${rest})\n`);
  return ExitCode.done;
}

/** Puts the exercise back as it was; the learner's own is kept beside it. */
export function reset(number: string, options: LearnOptions): ExitCode {
  const workshop = open(options);
  const lesson = begun(workshop, lessonOf(number));
  workshop.reset(lesson);
  if (options.json === true) return document({ number: numberOf(lesson), file: workshop.exercise(lesson) });
  process.stdout.write(`${workshop.exercise(lesson)} is as it was; yours is exercise.old.ts beside it\n`);
  return ExitCode.done;
}

/** The solution of a lesson that was passed, with what there is to say about it. */
export function solution(number: string, options: LearnOptions): ExitCode {
  const workshop = open(options);
  const lesson = begun(workshop, lessonOf(number));
  if (workshop.stateOf(lesson) !== 'passed') {
    process.stderr.write(`lesson ${numberOf(lesson)} is not passed yet; adma learn hint ${numberOf(lesson)} helps\n`);
    return ExitCode.failed;
  }
  const [code, words] = (['solution.ts', 'after.md'] as const).map((name) =>
    readFileSync(lessonFile(lesson, name), 'utf8'),
  );
  if (options.json === true) return document({ number: numberOf(lesson), solution: code, commentary: words });
  process.stdout.write(`${code}\n${words}`);
  return ExitCode.done;
}

/** Checks whatever is saved, until Ctrl-C. */
export async function watch(options: LearnOptions): Promise<ExitCode> {
  const workshop = open(options);
  if (workshop.started.length === 0) throw new FieldError('no lesson is started', 'adma learn start 1');
  const examiner = new Examiner(workshop);
  const { next } = workshop;
  if (next !== undefined && workshop.stateOf(next) === 'started')
    process.stdout.write(told(await examiner.check(next), workshop));
  process.stderr.write(`watching ${workshop.folder}; Ctrl-C ends\n`);
  await new Promise<void>((resolve, reject) => {
    const timers = new Map<Lesson, NodeJS.Timeout>();
    const watcher = watchFolder(workshop.folder, { recursive: true }, (_, name) => {
      const lesson = workshop.started.find(({ slug }) => name === join(slug, 'exercise.ts'));
      if (lesson === undefined) return;
      clearTimeout(timers.get(lesson));
      const checkIt = (): void => {
        const checked = examiner.check(lesson).then((each) => process.stdout.write(`\n${told(each, workshop)}`));
        checked.catch(reject);
      };
      timers.set(lesson, setTimeout(checkIt, SETTLE));
    });
    process.once('SIGINT', () => {
      for (const timer of timers.values()) clearTimeout(timer);
      watcher.close();
      resolve();
    });
  });
  await examiner.close();
  return ExitCode.done;
}

const MARKS: Readonly<Record<LessonState, string>> = { passed: chalk.green('✓'), started: '…', new: ' ' };

function open({ dir = WORKSHOP }: LearnOptions): Workshop {
  return new Workshop(dir);
}

function begun(workshop: Workshop, lesson: Lesson): Lesson {
  if (workshop.started.includes(lesson)) return lesson;
  throw new FieldError(
    `lesson ${numberOf(lesson)} is not started in ${workshop.folder}`,
    `adma learn start ${numberOf(lesson)} first`,
  );
}

function adviceFor(lesson: Lesson, state: LessonState): string {
  return `Next: adma learn ${state === 'started' ? 'check' : 'start'} ${numberOf(lesson)}`;
}

/** The report, and after it whatever comes next. */
function told(checked: Checked, workshop: Workshop): string {
  const { lesson, passed } = checked;
  const report = renderChecked(checked);
  if (!passed) return `${report}\nadma learn hint ${numberOf(lesson)} gives a hint\n`;
  const { next } = workshop;
  const advice = next === undefined ? 'That was the last one.' : adviceFor(next, workshop.stateOf(next));
  return `${report}\n${readFileSync(lessonFile(lesson, 'after.md'), 'utf8')}\nSolution: adma learn solution ${numberOf(lesson)}\n${advice}\n`;
}

function asJson({ lesson, passed, checks, broken }: Checked): object {
  return { number: numberOf(lesson), slug: lesson.slug, title: lesson.title, passed, checks, broken };
}

function document(content: object): ExitCode {
  printJson(SCHEMA_VERSION, content);
  return ExitCode.done;
}
