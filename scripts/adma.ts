#!/usr/bin/env node
/** The command line: one command of `adma` for each file in commands/. */
import chalk from 'chalk';
import { Argument, Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { PLATFORM_NAMES } from '../emulator/platforms';
import { DISK_MODEL_NAMES } from '../raid5/disks/models';
import { FieldError } from '../raid5/workload/input-error';
import type { ExplainOptions } from './commands/explain';
import { explain } from './commands/explain';
import { addMd } from './commands/md';
import { published } from './commands/published';
import type { RegsOptions } from './commands/regs';
import { regs } from './commands/regs';
import type { ReplayOptions } from './commands/replay';
import { replay } from './commands/replay';
import type { RunOptions } from './commands/run';
import { run } from './commands/run';
import type { DmaTestOptions } from './commands/dmatest';
import { dmatest } from './commands/dmatest';
import type { ProbeOptions } from './commands/probe';
import { probe } from './commands/probe';
import type { TortureOptions } from './commands/torture';
import { tortureCommand } from './commands/torture';
import type { Raid6TestOptions } from './commands/raid6test';
import { raid6test } from './commands/raid6test';
import { ExitCode } from './console/exit-code';

const EXPLAIN_HELP = `
A descriptor is given as
  hex words, with 0x or without      0x0,0x4001F,0x9000,0x400,…
  hex bytes as they are in memory    1f 00 04 00 … or one string of digits
  a file with either, # starts a comment, or with the bytes themselves

Examples:
  adma explain 0xffd80004 0x2000
  adma explain adma0.ACSR 0x2820 --platform iop342
  adma explain cp6:c0,c4 0x3
  adma explain --descriptor 0,0x7,0,0x1000,0x8000,0,0x4000,0
  adma explain --descriptor chain.bin --unit aau --platform iop331`;

const RUN_HELP = `
A scenario describes array, workload and faults itself; of the options it takes --seed, --json and --trace only.

Examples:
  adma run scripts/scenarios/first-light.yaml
  adma run scripts/scenarios/random-write.fio --disk ssd --output-format json`;

/** What an array is built of and what goes wrong on it. */
function withArrayOptions(command: Command): Command {
  return command
    .option('--platform <name>', `${PLATFORM_NAMES.join(', ')} (default iop342)`)
    .option('--level <n>', 'RAID level: 4, 5 or 6 (default 5)')
    .option('--disks <n>', 'members (default 5)')
    .option('--chunk <size>', 'chunk size, a power of two (default 64KiB)')
    .option('--layout <name>', 'of parity, by mdadm’s names (default left-symmetric; parity-last with level 4)')
    .option('--cache <n>', 'stripe heads (default 256)')
    .option('--disk <model>', `${DISK_MODEL_NAMES.join(', ')} (default ${DISK_MODEL_NAMES[0]})`)
    .option('--fail <disk@time,…>', 'disks die: 2@1.5 is disk 2 after 1.5 simulated seconds')
    .option('--check', 'let md check parity afterwards')
    .option('--seed <n>', 'decides what is written (default 1)')
    .option('--json', 'print one JSON document on stdout')
    .option('--trace <file>', 'write trace points, one line each');
}

function program(finish: (code: ExitCode) => void): Command {
  const adma = new Command('adma')
    .description('Emulator of the Intel XScale I/O processors: RAID engines, their Linux drivers, md RAID-5 on top.')
    .version(version)
    .showHelpAfterError('(adma --help lists commands, adma COMMAND --help options and examples)')
    .exitOverride();
  const runCommand = adma
    .command('run')
    .description('run a scenario, or a fio job file on an array that options describe, and verify every byte')
    .argument('<file>', 'scenario.yaml or job.fio');
  withArrayOptions(runCommand)
    .option('--size <size>', 'with a job file: bytes the array offers (default: what the jobs need)')
    .option('--output-format <format>', 'with fio jobs: normal, or json as fio prints it')
    .addHelpText('after', RUN_HELP)
    .action(async (file: string, options: RunOptions) => finish(await run(file, options)));
  const replayCommand = adma
    .command('replay')
    .description('replay a block trace and verify every byte')
    .argument('<trace>', 'MSR Cambridge CSV, or fio iolog version 2 or 3; plain or gzip');
  withArrayOptions(replayCommand)
    .option('--pace <pace>', 'trace: recorded arrivals; asap: as fast as the array takes them (default trace)')
    .option('--speed <n>', 'with pace trace: n times faster than recorded (default 1)')
    .option('--depth <n>', 'with pace asap: requests in flight (default 32)')
    .addHelpText('after', '\nExample:\n  adma replay scripts/workloads/sqlite.csv.gz --pace asap --fail 2@1.5')
    .action(async (file: string, options: ReplayOptions) => finish(await replay(file, options)));
  adma
    .command('explain')
    .description('say what a register value or a descriptor means, field by field')
    .argument('[address]', 'of a register: 0xffd80004, adma0.ACSR, or cp6:CRn,CRm')
    .argument('[value]', 'of it: 0x2000, 0b10 or decimal')
    .option('--descriptor <file|hex>', 'a descriptor: hex words, hex bytes (little-endian), or a text or binary file')
    .option(
      '--unit <unit>',
      'whose descriptor: adma, aau, dma, or a unit like adma0 (default: the platform’s only kind)',
    )
    .option('--control <value>', 'with a descriptor: the unit’s control register; ACR bit 3 makes an AAU do P+Q')
    .option('--platform <name>', `${PLATFORM_NAMES.join(', ')} (default: all)`)
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', EXPLAIN_HELP)
    .action((address: string | undefined, value: string | undefined, options: ExplainOptions) =>
      finish(explain(address, value, options)),
    );
  adma
    .command('regs')
    .description('list the units of a platform, or the registers of a unit')
    .argument('[unit]', 'like adma0, aau, intc, timers')
    .option('--platform <name>', `${PLATFORM_NAMES.join(', ')} (default: all)`)
    .option('--fields', 'the fields of every register as well')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExamples:\n  adma regs --platform iop342\n  adma regs adma0 --fields')
    .action((unit: string | undefined, options: RegsOptions) => finish(regs(unit, options)));
  adma
    .command('probe')
    .description('boot a platform and print what its kernel says: the driver’s self-tests and what it found')
    .option('--platform <name>', `${PLATFORM_NAMES.join(', ')} (default iop342)`)
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  adma probe --platform iop331')
    .action((options: ProbeOptions) => finish(probe(options)));
  adma
    .command('dmatest')
    .description('the kernel’s DMA test on every channel: random transfers, every byte checked')
    .option('--platform <name>', `${PLATFORM_NAMES.join(', ')} (default iop342)`)
    .option('--device <name>', 'like iop-adma.0 (default: all)')
    .option('--channel <name>', 'like dma0chan0 (default: all)')
    .option('--max-channels <n>', 'no more than so many channels (default: all)')
    .option('--threads-per-chan <n>', 'threads of each kind on a channel (default 1)')
    .option('--buf-size <size>', 'test buffer (default 16KiB)')
    .option('--iterations <n>', 'tests of a thread (default 100)')
    .option('--xor-sources <n>', 'sources of an xor, made odd (default 3)')
    .option('--pq-sources <n>', 'sources of a P+Q, made odd (default 3)')
    .option('--timeout <ms>', 'simulated milliseconds a test may take, -1: for ever (default 3000)')
    .option('--alignment <log2>', 'of offsets and length, -1: the device’s (default -1)')
    .option('--transfer-size <size>', 'of every test (default: random)')
    .option('--polled', 'wait by polling, without interrupts')
    .option('--norandom', 'offsets 0, the whole buffer')
    .option('--noverify', 'do not look at the bytes')
    .option('--extended', 'then what the kernel’s omits: own data, checks, late acks, exhaustion, chains over channels')
    .option('--seed <n>', 'decides offsets, lengths and data (default 1)')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExamples:\n  adma dmatest --platform iop321 --iterations 20\n  adma dmatest --extended')
    .action((options: DmaTestOptions) => finish(dmatest(options)));
  adma
    .command('raid6test')
    .description('the kernel’s RAID-6 test: every pair of blocks lost, recovered, checked and compared')
    .option('--platform <name>', `${PLATFORM_NAMES.join(', ')} (default iop342)`)
    .option('--disks <list>', 'disks of the stripes, P and Q included (default 4,5,11,12,24,64)')
    .option('--extended', 'then DDF stripes with holes, failing preps, operations on channels of their own')
    .option('--seed <n>', 'decides the data (default 1)')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  adma raid6test --platform iop321 --disks 4,5,11')
    .action((options: Raid6TestOptions) => finish(raid6test(options)));
  adma
    .command('torture')
    .description('random arrays and everything that goes wrong on them, power cuts among it; every byte compared')
    .option('--seed <n>', 'of the first run; each one after has the next (default 1)')
    .option('--runs <n>', 'how many (default 20)')
    .option('--minutes <n>', 'how long, in place of how many')
    .option('--steps <list>', 'only these steps of a run, like 1,4,7')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  adma torture --seed 1000 --minutes 10')
    .action(async (options: TortureOptions) => finish(await tortureCommand(options)));
  adma
    .command('bench')
    .description('published figures beside what the model gives')
    .addArgument(new Argument('<what>').choices(['published']))
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  adma bench published')
    .action((_what: string, options: { json?: boolean }) => finish(published(options)));
  addMd(adma, finish);
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
