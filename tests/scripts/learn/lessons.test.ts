import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../../conformance/rules/catalogue';
import { KERNEL_RULES } from '../../../emulator/kernel/rules';
import { loadModule } from '../../../scripts/conformance/load-module';
import { lessonFile } from '../../../scripts/learn/workshop';
import { LESSONS } from '../../../scripts/lessons';
import { GRADERS } from '../../../scripts/lessons/graders';
import type { Grade, Lesson } from '../../../scripts/lessons/lesson';
import { numberOf, passes } from '../../../scripts/lessons/lesson';

function solved(lesson: Lesson): Grade {
  return GRADERS[lesson.slug]()(loadModule(lessonFile(lesson, 'solution.ts')));
}

/** Whether an exercise passes; one that throws does not. */
function passesAsGiven(lesson: Lesson): boolean {
  const exercise = loadModule(lessonFile(lesson, 'exercise.ts'));
  try {
    return passes(GRADERS[lesson.slug]()(exercise));
  } catch {
    return false;
  }
}

describe('the lessons', () => {
  it('are numbered from 1 without a gap, and are all of the folder', () => {
    expect(LESSONS.map(numberOf)).toEqual(LESSONS.map((_, i) => i + 1));
    const folder = join(__dirname, '../../../scripts/lessons');
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(LESSONS.map(({ slug }) => slug));
    expect(Object.keys(GRADERS)).toEqual(LESSONS.map(({ slug }) => slug));
  });

  describe.each(LESSONS.map((lesson) => [lesson.slug, lesson] as const))('%s', (_, lesson) => {
    it('fails as it is given', () => {
      expect(passesAsGiven(lesson)).toBe(false);
    });

    it('passes when it is solved, with something to see', () => {
      const { checks, timeline } = solved(lesson);
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(checks.length).toBeGreaterThan(1);
      expect(timeline.length).toBeGreaterThan(0);
    });

    it('is graded the same every time', () => {
      expect(solved(lesson)).toEqual(solved(lesson));
    });

    it('has its text, what is to be said afterwards, and hints that say more and more', () => {
      for (const name of ['lesson.md', 'after.md'] as const) expect(existsSync(lessonFile(lesson, name))).toBe(true);
      expect(readFileSync(lessonFile(lesson, 'lesson.md'), 'utf8')).toMatch(new RegExp(`^# ${numberOf(lesson)} · `));
      expect(lesson.hints.length).toBeGreaterThanOrEqual(2);
      expect(new Set(lesson.hints).size).toBe(lesson.hints.length);
    });

    it('names rules that there are', () => {
      for (const rule of lesson.rules) {
        if (!/^hw-/.test(rule)) expect({ ...RULES, ...KERNEL_RULES }).toHaveProperty([rule]);
      }
      expect(lesson.kernel.length).toBeGreaterThan(0);
    });
  });
});
