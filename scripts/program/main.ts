/** One command line from its words to the code it ends with. */
import { CommanderError } from 'commander';
import { FieldError } from '../../raid5/workload/input-error';
import { ExitCode } from '../console/exit-code';
import { program } from './program';
import type { CommandSection } from './spec';

/** Runs one command line; never throws. */
export async function main(argv: readonly string[], commands: readonly CommandSection[]): Promise<ExitCode> {
  let code: ExitCode = ExitCode.done;
  try {
    await program(commands, async (command, operands, options) => {
      code = await command.run(operands, options);
    }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    if (error instanceof FieldError) {
      process.stderr.write(`${error.message}\n`);
      return ExitCode.usage;
    }
    // Somebody closed the pipe that a file of this command was.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return ExitCode.done;
    process.stderr.write(`adma: a defect of the model, please report it\n${String((error as Error).stack)}\n`);
    return ExitCode.defect;
  }
}
