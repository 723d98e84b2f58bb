#!/usr/bin/env node
/** The command line: `adma run`, `adma replay`. */
import chalk from 'chalk';
import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { PLATFORM_NAMES } from '../emulator/platforms';
import { DISK_MODEL_NAMES } from '../raid5/disks/models';
import { FieldError } from '../raid5/workload/input-error';
import type { ReplayOptions } from './commands/replay';
import { replay } from './commands/replay';
import type { RunOptions } from './commands/run';
import { runScenario } from './commands/run';
import { ExitCode } from './console/exit-code';

function program(finish: (code: ExitCode) => void): Command {
  const adma = new Command('adma')
    .description('Emulator of the Intel XScale I/O processors: RAID engines, their Linux drivers, md RAID-5 on top.')
    .version(version)
    .showHelpAfterError('(adma --help lists commands, adma COMMAND --help options and examples)')
    .exitOverride();
  adma
    .command('run')
    .description('run a scenario and verify every byte')
    .argument('<scenario>', 'YAML file')
    .option('--seed <n>', 'decides what is written; goes before the scenario’s own')
    .option('--json', 'print one JSON document on stdout')
    .option('--trace <file>', 'write trace points, one line each')
    .addHelpText('after', '\nExample:\n  adma run scripts/scenarios/first-light.yaml')
    .action(async (file: string, options: RunOptions) => finish(await runScenario(file, options)));
  adma
    .command('replay')
    .description('replay a block trace (MSR Cambridge CSV, plain or gzip) and verify every byte')
    .argument('<trace>', 'CSV file')
    .option('--platform <name>', `${PLATFORM_NAMES.join(', ')} (default iop342)`)
    .option('--level <n>', 'RAID level (default 5)')
    .option('--disks <n>', 'members (default 5)')
    .option('--chunk <size>', 'chunk size, a power of two (default 64KiB)')
    .option('--cache <n>', 'stripe heads (default 256)')
    .option('--disk <model>', `${DISK_MODEL_NAMES.join(', ')} (default ${DISK_MODEL_NAMES[0]})`)
    .option('--pace <pace>', 'trace: recorded arrivals; asap: as fast as the array takes them (default trace)')
    .option('--speed <n>', 'with pace trace: n times faster than recorded (default 1)')
    .option('--depth <n>', 'with pace asap: requests in flight (default 32)')
    .option('--fail <disk@time>', 'a disk dies: 2@1.5 is disk 2 after 1.5 simulated seconds')
    .option('--check', 'let md check parity afterwards')
    .option('--seed <n>', 'decides what is written (default 1)')
    .option('--json', 'print one JSON document on stdout')
    .option('--trace <file>', 'write trace points, one line each')
    .addHelpText('after', '\nExample:\n  adma replay scripts/workloads/sqlite.csv.gz --pace asap --fail 2@1.5')
    .action(async (file: string, options: ReplayOptions) => finish(await replay(file, options)));
  return adma;
}

/** Runs one command line; never throws. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = ExitCode.done;
  try {
    await program((finished) => {
      code = finished;
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

if (process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '') chalk.level = 0;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
