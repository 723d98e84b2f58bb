/** Lists of units and registers. */
import chalk from 'chalk';
import type { PlacedRegister, Unit } from '../../emulator/platforms/units';
import { bitRange } from '../../emulator/registers/layout';
import type { RegisterLayout } from '../../emulator/registers/layout';
import { bitsText } from '../../emulator/registers/explain';
import type { PlatformGroup } from '../commands/platform-groups';
import { cp6Text } from './explain-report';
import { columns } from './table';
import { addressRange, hexAddress } from './units';

/** A unit without its registers. */
export type UnitSummary = Omit<Unit, 'registers'>;

/** A unit with its registers, their fields on demand. */
export interface UnitAnswer extends UnitSummary {
  readonly registers: readonly (Omit<PlacedRegister, 'layout'> &
    Pick<RegisterLayout, 'name' | 'offset' | 'title' | 'source'> & {
      readonly reset: number;
      readonly fields?: RegisterLayout['fields'];
    })[];
}

export interface UnitsDocument<T> {
  readonly schemaVersion: number;
  readonly answers: readonly PlatformGroup<T>[];
}

/** The text of a list of units, for stdout. */
export function renderUnits({ answers }: UnitsDocument<readonly UnitSummary[]>): string {
  return answers
    .map(({ platforms, answer }) => {
      const [head, ...rows] = columns([
        ['unit', 'what it is', 'addresses', 'interrupt sources'],
        ...answer.map((unit) => [unit.name, unit.title, place(unit), interrupts(unit)]),
      ]);
      return `${[chalk.bold(platforms.join(', ')), chalk.dim(head), ...rows].join('\n')}\n`;
    })
    .join('\n');
}

/** The text of a list of registers, for stdout. */
export function renderUnit({ answers }: UnitsDocument<UnitAnswer>): string {
  return answers.map(({ platforms, answer }) => registerList(platforms, answer)).join('\n');
}

function registerList(platforms: readonly string[], unit: UnitAnswer): string {
  const { registers } = unit;
  const mapped = registers.some(({ address }) => address !== null);
  const inCp6 = registers.some(({ cp6 }) => cp6 !== null);
  const [head, ...rows] = columns([
    [...(mapped ? ['offset', 'address'] : []), ...(inCp6 ? ['cp6'] : []), 'name', 'reset', 'what it is'],
    ...registers.map(({ name, offset, address, cp6, reset, title }) => [
      ...(mapped ? [`0x${offset.toString(16).padStart(2, '0')}`, address === null ? '' : hexAddress(address)] : []),
      ...(inCp6 ? [cp6 === null ? '' : cp6Text(cp6)] : []),
      name,
      hexAddress(reset),
      title,
    ]),
  ]);
  return `${[
    chalk.bold(`${unit.name}: ${unit.title}, ${place(unit)}`),
    chalk.dim(platforms.join(', ')),
    ...(unit.interrupts.length === 0 ? [] : [chalk.dim(`interrupt sources: ${interrupts(unit)}`)]),
    '',
    chalk.dim(head),
    ...rows.flatMap((row, i) => [row, ...fieldRows(registers[i].fields)]),
  ].join('\n')}\n`;
}

function fieldRows(fields: RegisterLayout['fields'] | undefined): string[] {
  if (fields === undefined) return [];
  const sorted = Object.entries(fields).sort(([, a], [, b]) => bitRange(b)[1] - bitRange(a)[1]);
  return columns(sorted.map(([name, field]) => ['    ', bitsText(bitRange(field)), name, field.access, field.says]));
}

function place({ window }: UnitSummary): string {
  return window === null ? 'coprocessor 6' : addressRange(window);
}

function interrupts(unit: UnitSummary): string {
  return unit.interrupts.map(({ name, source }) => `${name} ${source}`).join(', ');
}
