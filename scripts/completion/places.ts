/** The table of commands as a shell sees it: what can stand at each place of a command line. */
import type { CommandRow, CommandSection, ParameterSpec, Values } from '../program/spec';
import { isGroup } from '../program/spec';

/** A word with what it is for. */
export interface Described {
  readonly name: string;
  readonly says: string;
}

/** An option by its long name. */
export interface Flag extends Described {
  /** what follows it: nothing, anything, or something that can be completed */
  readonly value: 'nothing' | 'anything' | Values;
}

/** After the words of `path`. */
export interface Place {
  /** `adma md create` */
  readonly path: string;
  readonly commands: readonly Described[];
  readonly flags: readonly Flag[];
  /** what arguments may be, if a shell can know; files where one of them is a file */
  readonly operands: Values | undefined;
}

const HELP: Flag = { name: '--help', says: 'options and examples', value: 'nothing' };
const VERSION: Flag = { name: '--version', says: 'version of adma', value: 'nothing' };

/** Every place, `adma` itself first. */
export function placesOf(sections: readonly CommandSection[]): readonly Place[] {
  const [root, ...rest] = placesUnder(
    'adma',
    sections.flatMap(({ commands }) => commands),
  );
  return [{ ...root, flags: [...root.flags, VERSION] }, ...rest];
}

function placesUnder(
  path: string,
  rows: readonly CommandRow[],
  options: readonly ParameterSpec[] = [],
): readonly Place[] {
  const commands = rows.map(({ name, says }) => ({ name, says }));
  const flags = [...options.map(flagOf), HELP];
  return [{ path, commands, flags, operands: undefined }, ...rows.flatMap((row) => placesOfRow(path, row))];
}

function placesOfRow(parent: string, row: CommandRow): readonly Place[] {
  const path = `${parent} ${row.name}`;
  const spec = row.load();
  if (isGroup(spec)) return placesUnder(path, spec.commands, spec.options);
  const operands = (spec.arguments ?? []).flatMap(({ values }) => values ?? []);
  return [
    {
      path,
      commands: [],
      flags: [...spec.options.map(flagOf), HELP],
      operands: operands.includes('file') ? 'file' : operands.includes('folder') ? 'folder' : wordsOf(operands),
    },
  ];
}

function wordsOf(operands: readonly string[]): Values | undefined {
  return operands.length === 0 ? undefined : operands;
}

function flagOf({ name, says, values }: ParameterSpec): Flag {
  const [long, value] = name.split(' ');
  return { name: long, says, value: value === undefined ? 'nothing' : (values ?? 'anything') };
}

/** What may follow some options, each as `PATH --option`. */
export interface OptionValue {
  readonly after: readonly string[];
  readonly value: Exclude<Flag['value'], 'nothing'>;
}

/** Every option that takes a value, those with the same values together. */
export function optionValues(places: readonly Place[]): readonly OptionValue[] {
  const groups = new Map<string, { after: string[]; value: OptionValue['value'] }>();
  for (const { path, flags } of places) {
    for (const { name, value } of flags) {
      if (value === 'nothing') continue;
      const group = groups.get(String(value)) ?? { after: [], value };
      groups.set(String(value), { ...group, after: [...group.after, `${path} ${name}`] });
    }
  }
  return [...groups.values()];
}
