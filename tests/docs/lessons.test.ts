/** The page of lessons, beside the folder it is written from. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lessonsPage } from '../../tools/docs/lessons';

const DOCS = join(__dirname, '../../docs');
const LESSONS = join(__dirname, '../../scripts/lessons');

/** Cells of every row of every table, heads and rules left out. */
function rows(page: readonly string[]): string[][] {
  const lines = page.filter((line) => line.startsWith('| ')).map((line) => line.split(' | '));
  return lines.map((cells) => cells.map((cell) => cell.replace(/^\| | \|$/g, '')));
}

describe('the page of lessons', () => {
  const folders = readdirSync(LESSONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const page = lessonsPage();

  it('has a row for every folder, with its text linked and what it is about', () => {
    const lessons = rows(page).filter(([, title]) => title?.startsWith('['));
    expect(lessons.map(([number]) => Number(number))).toEqual(folders.map((_, i) => i + 1));
    lessons.forEach(([, title, about], i) => {
      const [, target] = /\]\((.+)\)$/.exec(title)!;
      expect(target).toContain(folders[i]);
      expect(existsSync(join(DOCS, target))).toBe(true);
      expect(about).toMatch(/^[A-Z].{20,}[.:?!]$/);
    });
  });

  it('leads from a rule of the stack, with what it says, to the lessons that teach it', () => {
    const found = rows(page).filter(([rule]) => rule === 'IA-71');
    expect(found).toHaveLength(1);
    expect(found[0][1]).toContain('clear their own bit alone');
    expect(found[0][2].split(', ')).toContain('2');
    for (const [rule, says] of rows(page).filter(([id]) => /^[A-Z][A-Z0-9]-\d\d$/.test(id))) {
      expect([rule, says]).toEqual([rule, expect.stringMatching(/.{10,}/)]);
    }
  });
});
