/** Explained registers and descriptors as a driver author reads them. */
import chalk from 'chalk';
import type { ExplainedDescriptor } from '../../emulator/platforms/explain-descriptor';
import type { UnitKind } from '../../emulator/platforms/units';
import type { ExplainedField, ExplainedRegister } from '../../emulator/registers/explain';
import { bitsText } from '../../emulator/registers/explain';
import type { PlatformGroup } from '../commands/platform-groups';
import { columns } from './table';
import { count, hexAddress } from './units';

/** Where a register is and what its value says. */
export interface RegisterAnswer extends ExplainedRegister {
  readonly unit: string;
  readonly kind: UnitKind;
  readonly offset: number;
  readonly address: number | null;
  readonly cp6: readonly [number, number] | null;
}

export interface RegisterDocument {
  readonly schemaVersion: number;
  /** As the user named it. */
  readonly place: string;
  readonly value: number;
  readonly answers: readonly PlatformGroup<RegisterAnswer>[];
}

export interface DescriptorDocument {
  readonly schemaVersion: number;
  readonly words: readonly number[];
  readonly answers: readonly PlatformGroup<ExplainedDescriptor>[];
}

const LABEL = 11;
/** Fields of this many bits or fewer are shown as decimal numbers. */
const DECIMAL_BITS = 4;
/** Fields of more bits are counts or addresses: hexadecimal, then decimal. */
const BYTE_BITS = 8;

/** The text of an explained register, for stdout. */
export function renderRegisters({ answers }: RegisterDocument): string {
  return answers.map(({ platforms, answer }) => register(platforms, answer)).join('\n');
}

/** The text of an explained descriptor, for stdout. */
export function renderDescriptors({ answers }: DescriptorDocument): string {
  return answers.map(({ platforms, answer }) => descriptor(platforms, answer)).join('\n');
}

/** `c0, c4` of coprocessor 6. */
export function cp6Text([crn, crm]: readonly [number, number]): string {
  return `c${crn}, c${crm}`;
}

function register(platforms: readonly string[], answer: RegisterAnswer): string {
  const { unit, name, title, value, address, cp6, reset, source, fields, warnings } = answer;
  const places = [
    ...(address === null ? [] : [hexAddress(address)]),
    ...(cp6 === null ? [] : [`coprocessor 6 ${cp6Text(cp6)}`]),
  ];
  return lines([
    chalk.bold(`${unit}.${name} = ${hexAddress(value)}  ${title}`),
    label('platforms', platforms.join(', ')),
    label('at', `${places.join(', ')}; reset ${hexAddress(reset)}`),
    label('reference', source),
    '',
    ...fieldTable(fields),
    ...warningLines(warnings),
  ]);
}

function fieldTable(fields: readonly ExplainedField[]): string[] {
  const [head, ...rows] = columns([
    ['bits', 'field', 'value', 'access', 'meaning'],
    ...fields.map((field) => [bitsText(field.bits), field.name, fieldValue(field), field.access, meaning(field)]),
  ]);
  return [chalk.dim(head), ...rows.map((row, i) => (fields[i].value === 0 ? chalk.dim(row) : row))];
}

function fieldValue({ name, bits: [high, low], value }: ExplainedField): string {
  if (name === 'ADDRESS') return hexAddress(value * 2 ** low);
  const width = high - low + 1;
  if (width <= DECIMAL_BITS) return String(value);
  const digits = `0x${value.toString(16).padStart(Math.ceil(width / 4), '0')}`;
  return width > BYTE_BITS && width < 32 && value > 0 ? `${digits} = ${count(value)}` : digits;
}

function meaning({ says, named, line }: ExplainedField): string {
  return `${says}${named === null ? '' : `: ${named}`}${line === null ? '' : ` (drives the ${line} interrupt)`}`;
}

function descriptor(platforms: readonly string[], answer: ExplainedDescriptor): string {
  const { unit, operation, source, bytes, words, reads, writes, effects, warnings } = answer;
  return lines([
    chalk.bold(`${unit} descriptor: ${operation}, ${count(bytes)} bytes`),
    label('platforms', platforms.join(', ')),
    label('reference', source),
    '',
    ...wordTable(words),
    '',
    ...labelled(
      'reads',
      columns(reads.map(({ address, effect }) => [address === null ? 'nothing' : hexAddress(address), effect])),
    ),
    ...labelled('writes', columns(writes.map(({ address, what }) => [hexAddress(address), what]))),
    ...labelled('then', effects),
    ...warningLines(warnings),
  ]);
}

function wordTable(words: ExplainedDescriptor['words']): string[] {
  const rows = columns([
    ['word', 'register', 'value', 'meaning'],
    ...words.flatMap(({ word, register: name, value, says, fields }) => [
      [String(word), name, hexAddress(value), says],
      ...fields.map((field) => [
        '',
        '',
        '',
        `  ${bitsText(field.bits)} ${field.name} = ${fieldValue(field)}: ${meaning(field)}`,
      ]),
    ]),
  ]);
  return rows.map((row, i) => (i === 0 ? chalk.dim(row) : row));
}

function label(name: string, text: string): string {
  return `${chalk.dim(name.padEnd(LABEL))} ${text}`;
}

function labelled(name: string, rows: readonly string[]): string[] {
  return (rows.length === 0 ? ['nothing'] : rows).map((row, i) => label(i === 0 ? name : '', row));
}

function warningLines(warnings: readonly string[]): string[] {
  return warnings.length === 0 ? [] : ['', ...warnings.map((warning) => `${chalk.yellow('!')} ${warning}`)];
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
