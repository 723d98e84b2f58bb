/** From an exercise in the learner's folder to what is remembered of it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Examiner } from '../../../scripts/learn/check';
import { renderChecked } from '../../../scripts/learn/checked-report';
import { lessonFile, Workshop } from '../../../scripts/learn/workshop';
import { LESSONS } from '../../../scripts/lessons';
import { run } from '../program/command-lines';

const [first, second] = LESSONS;

let folder: string;
let workshop: Workshop;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adma-learner-'));
  workshop = new Workshop(folder);
  for (const lesson of [first, second]) workshop.start(lesson);
});

afterEach(() => rmSync(folder, { recursive: true }));

function solve(lesson: typeof first): void {
  copyFileSync(lessonFile(lesson, 'solution.ts'), workshop.exercise(lesson));
}

it('gives each exercise its own answer, also when they are checked at the same time, and remembers what passed', async () => {
  solve(first);
  const examiner = new Examiner(workshop);
  const checked = await Promise.all([first, second, first].map((lesson) => examiner.check(lesson)));
  await examiner.close();
  expect(checked.map(({ lesson, passed }) => [lesson, passed])).toEqual([
    [first, true],
    [second, false],
    [first, true],
  ]);
  expect(checked[2].example).toEqual(checked[0].example);
  expect(renderChecked(checked[1])).toContain('what should have happened');
  const later = new Workshop(folder);
  expect([later.stateOf(first), later.stateOf(second)]).toEqual(['passed', 'started']);
});

it('shows a solution to who has passed, and to nobody else', async () => {
  const dir = ['--dir', folder];
  expect((await run(['learn', 'solution', '1', ...dir])).code).toBe(1);
  expect((await run(['learn', 'check', '1', ...dir])).code).toBe(1);
  solve(first);
  const { code, stdout } = await run(['learn', 'check', '--json', ...dir]);
  const { lessons } = JSON.parse(stdout) as { lessons: { number: number; passed: boolean }[] };
  expect([code, lessons.map(({ number, passed }) => [number, passed])]).toEqual([
    1,
    [
      [1, true],
      [2, false],
    ],
  ]);
  expect(await run(['learn', 'solution', '1', ...dir])).toMatchObject({ code: 0 });
});
