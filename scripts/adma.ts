#!/usr/bin/env node
/** The command line: runs one command of the table and says how it ended. */
import { CommanderError } from 'commander';
import { FieldError } from '../raid5/workload/input-error';
import { COMMANDS } from './commands/table';
import { ExitCode } from './console/exit-code';
import { program } from './program/program';

/** Runs one command line; never throws. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = ExitCode.done;
  try {
    await program(COMMANDS, async (command, operands, options) => {
      code = await command.run(operands, options);
    }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    if (error instanceof FieldError) {
      process.stderr.write(`${error.message}\n`);
      return ExitCode.usage;
    }
    process.stderr.write(`adma: a defect of the model, please report it\n${String((error as Error).stack)}\n`);
    return ExitCode.defect;
  }
}

// chalk knows FORCE_COLOR and asks whether stdout is a terminal, but has not heard of NO_COLOR (no-color.org).
if ((process.env['NO_COLOR'] ?? '') !== '') process.env['FORCE_COLOR'] = '0';
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
}
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
