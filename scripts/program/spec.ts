/**
 * How a command describes itself. Help, parsing, completion and the tests of the command line all read these records, and
 * reading one loads nothing of the emulator: what a command runs is required when it runs.
 */
import type { ExitCode } from '../console/exit-code';

/** What a value may be, for completion: one of a few words, a file or a folder. */
export type Values = readonly string[] | 'file' | 'folder';

/** An argument or an option. */
export interface ParameterSpec {
  /** in commander's notation: `<file>`, `[unit]`, `<path...>`; `--seed <n>`, `--json` */
  readonly name: string;
  /** completes the line of the help text */
  readonly says: string;
  /** absent: anything */
  readonly values?: Values;
}

/** A command that does something. */
export interface CommandSpec {
  readonly arguments?: readonly ParameterSpec[];
  readonly options: readonly ParameterSpec[];
  /** what the lines of arguments and options leave open */
  readonly notes?: string;
  /** whole command lines; a test runs them */
  readonly examples: readonly string[];
  /**
   * Does it. Optional arguments that are not given are undefined; options have the names that commander makes of them.
   * @throws FieldError for wrong input
   */
  run(operands: readonly (string | undefined)[], options: object): ExitCode | Promise<ExitCode>;
}

/** A command that holds others, and may do something by itself. */
export interface GroupSpec {
  readonly commands: readonly CommandRow[];
  readonly examples: readonly string[];
  /** Commands that others have and this program has not yet, each with what is wrong and what would be right. */
  readonly later?: Readonly<Record<string, readonly [problem: string, expected: string]>>;
  /** Of the command without any of those it holds. */
  readonly options?: readonly ParameterSpec[];
  readonly run?: CommandSpec['run'];
}

/** A line in the table of commands. */
export interface CommandRow {
  readonly name: string;
  /** one line of the overview, 66 columns at most */
  readonly says: string;
  /** Gives the rest, which nobody needs before the command is named. */
  load(): CommandSpec | GroupSpec;
}

/** Commands that the overview shows under one heading. */
export interface CommandSection {
  readonly heading: string;
  readonly commands: readonly CommandRow[];
}

/** Whether a command holds others. */
export function isGroup(spec: CommandSpec | GroupSpec): spec is GroupSpec {
  return 'commands' in spec;
}
