/**
 * What a document shows of a terminal. A block marked `console` holds commands behind `$ `, continued behind `> `, each
 * followed by what it prints; `…` stands for any lines where it is alone, for any text inside a line. A command succeeds,
 * unless `$ echo $?` behind it shows another code.
 */
import type { CodeBlock } from './markdown';

/** A command of a document, with what the document says it prints. */
export interface ShownCommand {
  readonly line: number;
  readonly command: string;
  /** empty where nothing is shown, and then nothing is compared */
  readonly output: readonly string[];
  /** code that it ends with */
  readonly code: number;
}

const ASKS_CODE = 'echo $?';

/** The commands of a `console` block. @throws Error for a line that belongs to none */
export function shownCommands({ line: first, lines }: CodeBlock): ShownCommand[] {
  const shown: { line: number; command: string; output: string[]; code: number }[] = [];
  lines.forEach((text, i) => {
    const last = shown.at(-1);
    if (text.startsWith('$ ')) {
      shown.push({ line: first + i, command: text.slice(2), output: [], code: 0 });
    } else if (last === undefined) {
      throw new Error(`line ${first + i}: output before any command`);
    } else if (text.startsWith('> ') && last.output.length === 0) {
      last.command += `\n${text.slice(2)}`;
    } else {
      last.output.push(text.trimEnd());
    }
  });
  return shown.flatMap((one, i) => {
    if (one.command === ASKS_CODE) return [];
    const next = shown.at(i + 1);
    return [{ ...one, output: trimmed(one.output), code: next?.command === ASKS_CODE ? Number(next.output[0]) : 0 }];
  });
}

/** Whether a command printed what is shown. */
export function prints(shown: readonly string[], printed: string): boolean {
  return matchesFrom(shown, trimmed(printed.split('\n').map((line) => line.trimEnd())));
}

function matchesFrom(shown: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first.trim() === '…') return printed.concat('').some((_, i) => matchesFrom(rest, printed.slice(i)));
  return printed.length > 0 && lineMatches(first, printed[0]) && matchesFrom(rest, printed.slice(1));
}

function lineMatches(shown: string, printed: string): boolean {
  const parts = shown.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(printed);
}

/** Without empty lines at both ends. */
function trimmed(lines: readonly string[]): string[] {
  const full = (line: string): boolean => line !== '';
  return lines.slice(Math.max(lines.findIndex(full), 0), lines.findLastIndex(full) + 1);
}
