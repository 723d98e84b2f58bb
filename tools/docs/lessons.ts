/** docs/lessons.md: every lesson of `adma learn`, and the other way round which lesson teaches a rule. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../conformance/rules/catalogue';
import type { Rule } from '../../conformance/rules/rule';
import { KERNEL_RULES } from '../../emulator/kernel/rules';
import { LESSONS } from '../../scripts/lessons';
import type { Lesson } from '../../scripts/lessons/lesson';
import { numberOf } from '../../scripts/lessons/lesson';
import { markdownTable, pageHead } from './markdown';

const FOLDER = 'scripts/lessons';

/** docs/lessons.md */
export function lessonsPage(): string[] {
  return [
    ...pageHead('Lessons', FOLDER),
    `${LESSONS.length} exercises that run on the emulator, each with a text, hints that say more and more, and a grader that shows`,
    'what happened beside what should have happened. They build on one another; an afternoon is enough for all.',
    '',
    '    adma learn              # the list, and how far one is',
    '    adma learn start 1      # text and exercise, copied into ./adma-lessons/',
    '    adma learn check 1      # what is right, what is not, and both timelines; --json for who grades a class',
    '    adma learn watch        # the same whenever the exercise is saved',
    '    adma learn hint 1       # a nudge; asked again, more',
    '    adma learn solution 1   # once it is passed',
    '    adma learn reset 1      # the exercise as it was',
    '',
    ...markdownTable(
      ['', 'lesson', 'what it is about', 'of the kernel'],
      LESSONS.map((lesson) => [
        String(numberOf(lesson)),
        `[${lesson.title}](../${FOLDER}/${lesson.slug}/lesson.md)`,
        opening(lesson),
        lesson.kernel.map((name) => `\`${name}\``).join(', '),
      ]),
    ),
    '## By rule',
    '',
    'What the rules are held by besides: [rules.md](rules.md). `hw-…` are sections on the hardware, which the',
    '[register pages](registers) cite too.',
    '',
    ...markdownTable(
      ['rule', 'says', 'lessons'],
      taughtRules().map((rule) => [
        rule,
        sentence(rule),
        LESSONS.filter(({ rules }) => rules.includes(rule))
          .map(numberOf)
          .join(', '),
      ]),
    ),
  ];
}

/** The first paragraph of its text. */
function opening({ slug }: Lesson): string {
  const text = readFileSync(join(__dirname, '../..', FOLDER, slug, 'lesson.md'), 'utf8');
  const [, paragraph] = text.split(/\n\n+/);
  return paragraph;
}

/** Those of the stack first, in the order of their ids. */
function taughtRules(): string[] {
  const all = [...new Set(LESSONS.flatMap(({ rules }) => rules))].sort();
  const hardware = all.filter((rule) => rule.startsWith('hw-'));
  return [...all.filter((rule) => !hardware.includes(rule)), ...hardware];
}

function sentence(rule: string): string {
  const known: Readonly<Record<string, string | Rule>> = { ...KERNEL_RULES, ...RULES };
  const found = known[rule];
  return typeof found === 'object' ? found.says : (found ?? '');
}
