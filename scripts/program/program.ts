/** The program that commander makes of the table of commands. */
import { Command } from 'commander';
import { version } from '../../package.json';
import { FieldError } from '../../raid5/workload/input-error';
import { didYouMean } from '../input/spelling';
import { overview } from './overview';
import type { CommandRow, CommandSection, CommandSpec, GroupSpec } from './spec';
import { isGroup } from './spec';

/** Does what a command line asks for, once it is understood. */
export type Execute = (
  command: CommandSpec,
  operands: readonly (string | undefined)[],
  options: object,
) => Promise<void>;

/** The program, ready to parse; it throws CommanderError where commander would exit. */
export function program(sections: readonly CommandSection[], execute: Execute): Command {
  const adma = new Command('adma').version(version).exitOverride();
  adma.helpInformation = () => overview(sections);
  refuseInOneLine(adma, 'adma --help lists commands');
  hold(
    adma,
    sections.flatMap(({ commands }) => commands),
    execute,
  );
  adma.command('help [command...]', { hidden: true }).action(async (words: readonly string[]) => {
    await adma.parseAsync([...words, '--help'], { from: 'user' });
  });
  return adma;
}

/** Puts the names of commands into the one that holds them; the one that is called is then described in full. */
function hold(parent: Command, rows: readonly CommandRow[], execute: Execute): void {
  // An option behind the name of a command is that command's.
  parent.enablePositionalOptions();
  // Commander's own `help` would show a command before it is described.
  parent.helpCommand(false);
  for (const { name, says } of rows) parent.command(name).description(says);
  parent.hook('preSubcommand', (_, called) => {
    const row = rows.find(({ name }) => name === called.name());
    if (row !== undefined) describe(called, row.load(), execute);
  });
}

function describe(command: Command, spec: CommandSpec | GroupSpec, execute: Execute): void {
  const path = pathOf(command);
  command.addHelpText('after', afterHelp(spec));
  if (isGroup(spec)) {
    refuseInOneLine(command, `${path} --help lists commands`);
    hold(command, spec.commands, execute);
    const { run, options = [], examples, later = {} } = spec;
    for (const [name, [problem, expected]] of Object.entries(later)) refuse(command, name, problem, expected);
    if (run === undefined) return;
    for (const { name, says } of options) command.option(name, says);
    command.allowExcessArguments();
    command.action(async () => {
      const [word] = command.args;
      if (word !== undefined) command.error(`unknown command '${word}'${didYouMean(word, namesOf(spec.commands))}`);
      await execute({ options, examples, run }, [], command.opts());
    });
    return;
  }
  refuseInOneLine(command, `${path} --help lists options and examples`);
  for (const { name, says } of spec.arguments ?? []) command.argument(name, says);
  for (const { name, says } of spec.options) command.option(name, says);
  command.action(() => execute(spec, command.processedArgs.flat() as (string | undefined)[], command.opts()));
}

/** A word that is understood, and refused whatever follows it. */
function refuse(parent: Command, name: string, problem: string, expected: string): void {
  const refused = parent.command(name, { hidden: true }).argument('[words...]').allowUnknownOption();
  refused.action(() => {
    throw new FieldError(problem, expected);
  });
}

function namesOf(rows: readonly CommandRow[]): string[] {
  return rows.map(({ name }) => name);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function afterHelp(spec: CommandSpec | GroupSpec): string {
  const notes = isGroup(spec) || spec.notes === undefined ? [] : ['', spec.notes];
  return [...notes, '', 'Examples:', ...spec.examples.map((line) => `  ${line}`)].join('\n');
}

/** Commander says what is wrong on one line, what was meant on another, and where help is on a third. */
function refuseInOneLine(command: Command, help: string): void {
  command.configureOutput({
    outputError(text, write) {
      const [problem, meant = ''] = text.replace(/^error: |\.$/gm, '').split('\n');
      const similar = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(meant)?.[1].split(', ') ?? [];
      const whole = abbreviated(command, problem);
      const near = whole.length > 0 ? whole : similar;
      write(`${problem}${near.length === 0 ? '' : ` (did you mean '${near.join("' or '")}'?)`}; ${help}\n`);
    },
  });
}

/** What begins like the word that is unknown: commander knows other misspellings, but not that words are cut short. */
function abbreviated({ commands, options }: Command, problem: string): string[] {
  const word = /^unknown (?:command|option) '(.*)'$/.exec(problem)?.[1];
  const words = [...commands.map((held) => held.name()), ...options.map(({ long }) => long ?? '')];
  return words.filter((whole) => word !== undefined && /\w/.test(word) && whole.startsWith(word));
}
