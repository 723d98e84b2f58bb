/** A checked exercise as a person reads it. */
import chalk from 'chalk';
import { numberOf } from '../lessons/lesson';
import type { Checked } from './check';

/** Lines of a timeline that are shown. */
const LINES = 28;
/** Columns of each side. */
const WIDTH = 58;

/** Checks, and when not all hold: what happened beside what should have. */
export function renderChecked(checked: Checked): string {
  const { lesson, passed, checks, broken, happened, example } = checked;
  const lines = [`${chalk.bold(`Lesson ${numberOf(lesson)}`)}  ${lesson.title}`, ''];
  if (broken !== '') lines.push(`${chalk.red('✗')} ${broken}`);
  for (const { ok, says, found } of checks)
    lines.push(ok ? `${chalk.green('✓')} ${says}` : `${chalk.red('✗')} ${says}: ${found}`);
  if (!passed && happened.length + example.length > 0) lines.push('', ...sideBySide(happened, example));
  return `${lines.join('\n')}\n`;
}

function sideBySide(happened: readonly string[], example: readonly string[]): string[] {
  const first = firstDifference(happened, example);
  const from = Math.max(0, Math.min(first - 6, Math.max(happened.length, example.length) - LINES));
  const row = (left: string, right: string): string => `${cut(left).padEnd(WIDTH)} │ ${cut(right)}`.trimEnd();
  const lines = [chalk.dim(row('what happened', 'what should have happened'))];
  if (from > 0) lines.push(chalk.dim(row('…', '…')));
  for (let i = from; i < Math.min(from + LINES, Math.max(happened.length, example.length)); i++) {
    const [left, right] = [happened[i] ?? '', example[i] ?? ''];
    lines.push(left === right ? chalk.dim(row(left, right)) : row(left, right));
  }
  return lines;
}

function firstDifference(a: readonly string[], b: readonly string[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return 0;
}

function cut(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}
