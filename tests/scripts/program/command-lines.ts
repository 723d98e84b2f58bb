/** Every command of the table, and command lines run in this process. */
import { COMMANDS } from '../../../scripts/commands/table';
import { main } from '../../../scripts/program/main';
import type { CommandRow, CommandSpec, GroupSpec } from '../../../scripts/program/spec';
import { isGroup } from '../../../scripts/program/spec';

/** A command with the words that call it. */
export interface Called {
  /** `md create` */
  readonly path: string;
  readonly row: CommandRow;
  readonly spec: CommandSpec | GroupSpec;
}

function calledBy(rows: readonly CommandRow[], before: string): Called[] {
  return rows.flatMap((row) => {
    const spec = row.load();
    const path = `${before}${row.name}`;
    return [{ path, row, spec }, ...(isGroup(spec) ? calledBy(spec.commands, `${path} `) : [])];
  });
}

/** All commands, groups before what they hold. */
export const CALLED: readonly Called[] = calledBy(
  COMMANDS.flatMap(({ commands }) => commands),
  '',
);

/** Those that do something themselves. */
export const LEAVES = CALLED.filter((called): called is Called & { spec: CommandSpec } => !isGroup(called.spec));

/** Words of an example; none of them is quoted. */
export function wordsOf(line: string): string[] {
  const [program, ...words] = line.split(' ');
  expect([program, line.includes("'"), line.includes('"')]).toEqual(['adma', false, false]);
  return words;
}

/** What a command line printed, and how it ended. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The same with both streams as a terminal shows them. */
export interface PrintedRun extends Run {
  readonly printed: string;
}

/** Runs a command line here: same code as the program, without its process. */
export async function run(words: readonly string[]): Promise<Run> {
  const { code, stdout, stderr } = await runPrinted(words);
  return { code, stdout, stderr };
}

/** The same, and what a terminal would show. */
export async function runPrinted(words: readonly string[]): Promise<PrintedRun> {
  let stdout = '';
  let stderr = '';
  let printed = '';
  const spies = [
    jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => ((stdout += String(text)), (printed += String(text)), true)),
    jest
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => ((stderr += String(text)), (printed += String(text)), true)),
  ];
  try {
    const code = await main(words, COMMANDS);
    return { code, stdout, stderr, printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
