/** docs/registers/*.md: the registers of every kind of unit. */
import { IOP13XX_INTC } from '../../emulator/intc/iop13xx';
import type { SourcePatternName, VectorRegisterName } from '../../emulator/intc/registers';
import { intcRegister, SOURCE_PATTERNS, VECTOR_REGISTERS } from '../../emulator/intc/registers';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import type { PlacedRegister, Unit, UnitKind } from '../../emulator/platforms/units';
import { platformUnits, sourceCount, sourceDriver } from '../../emulator/platforms/units';
import { bitsText } from '../../emulator/registers/explain';
import type { RegisterLayout } from '../../emulator/registers/layout';
import { bitRange } from '../../emulator/registers/layout';
import { hexOf, markdownTable, pageHead } from './markdown';

const ACCESS = [
  'Access: `ro` writes change nothing, `rw` holds what is written, `w1c` writing one clears, `set` writing one sets and only',
  'hardware clears, `reserved` reads 0 and writing ones is a finding, `unknown` is documented nowhere and reads 0. The words of',
  'the current descriptor are loaded by the unit and are `ro` for software.',
  '',
];

/** Platforms and their units of one kind, in the order of the platforms. */
function unitsOf(kind: UnitKind): { readonly platform: PlatformName; readonly unit: Unit }[] {
  return PLATFORM_NAMES.flatMap((platform) =>
    platformUnits(PLATFORMS[platform])
      .filter((unit) => unit.kind === kind)
      .map((unit) => ({ platform, unit })),
  );
}

/** The page of an engine or of the timers, whose registers are the same on every platform. */
export function unitPage(kind: UnitKind, title: string, from: string): string[] {
  const places = unitsOf(kind);
  const { registers } = places[0].unit;
  return [
    ...pageHead(title, from),
    ...markdownTable(
      ['platform', 'unit', 'base', 'coprocessor 6', 'interrupt sources'],
      places.map(({ platform, unit }) => [
        platform,
        unit.name,
        unit.window === null ? '' : hexOf(unit.window.base, 8),
        unit.registers[0].cp6 === null ? '' : `CRn = offset / 4, CRm = ${unit.registers[0].cp6[1]}`,
        unit.interrupts.map(({ name, source }) => `${name} ${source}`).join(', '),
      ]),
    ),
    ...ACCESS,
    '## Registers',
    '',
    ...markdownTable(
      ['offset', 'name', 'reset', 'what it is', 'reference'],
      registers.map(({ layout }) => [
        hexOf(layout.offset),
        layout.name,
        hexOf(layout.reset ?? 0, 8),
        layout.title,
        layout.source,
      ]),
    ),
    '## Fields',
    '',
    ...families(registers).flatMap(fieldSection),
  ];
}

/** Neighbours that differ in their numbers only, as one. */
function families(registers: readonly PlacedRegister[]): RegisterLayout[][] {
  const found = new Map<string, RegisterLayout[]>();
  for (const { layout } of registers) {
    const key = JSON.stringify([layout.name, layout.fields]).replaceAll(/\d+/g, '#');
    found.set(key, [...(found.get(key) ?? []), layout]);
  }
  return [...found.values()];
}

function fieldSection(family: readonly RegisterLayout[]): string[] {
  const [first] = family;
  const last = family[family.length - 1];
  const heading = first === last ? `${first.name}: ${first.title}` : `${first.name} … ${last.name}`;
  return [`### ${heading}`, '', ...fieldTable(first)];
}

function fieldTable(layout: RegisterLayout): string[] {
  const fields = Object.entries(layout.fields).sort(([, a], [, b]) => bitRange(b)[1] - bitRange(a)[1]);
  return markdownTable(
    ['bits', 'field', 'access', 'meaning'],
    fields.map(([name, field]) => [
      bitsText(bitRange(field)),
      name,
      field.access,
      [field.says, values(field.values), field.line === undefined ? '' : `drives the ${field.line} interrupt`]
        .filter((text) => text !== '')
        .join('; '),
    ]),
  );
}

function values(named: Readonly<Record<number, string>> | undefined): string {
  const name = (value: number): string => (value > 9 ? hexOf(value) : String(value));
  return Object.entries(named ?? {})
    .map(([value, text]) => `${name(Number(value))} = ${text}`)
    .join(', ');
}

/** The page of an interrupt controller of the IOP13xx. */
export function iop13xxIntcPage(): string[] {
  const names = [...new Set(IOP13XX_INTC.registers.map(({ name }) => name))];
  return [
    ...pageHead('Interrupt controller of the IOP13xx', 'emulator/intc/registers.ts and emulator/intc/iop13xx.ts'),
    'Coprocessor 6: CRm is the page, CRn the register; nothing is memory mapped (hw-iop13xx 1.4).',
    '',
    ...markdownTable(
      ['CRm', 'CRn', 'register', 'what it is'],
      names.map((name) => {
        const places = IOP13XX_INTC.registers.filter((register) => register.name === name);
        const last = places.length - 1;
        const title =
          name in VECTOR_REGISTERS
            ? VECTOR_REGISTERS[name as VectorRegisterName].title
            : SOURCE_PATTERNS[name as SourcePatternName].title;
        return [
          String(places[0].crm),
          last === 0 ? String(places[0].crn) : `0 – ${last}`,
          last === 0 ? name : `${name}0 – ${name}${last}`,
          title,
        ];
      }),
    ),
    ...patternSections(names),
    ...sourceSection('iop342'),
  ];
}

/** The page of the interrupt controllers of the IOP3xx. */
export function iop3xxIntcPage(): string[] {
  const names = ['iop321', 'iop331'] as const;
  const used = new Set<string>();
  const tables = names.flatMap((name) => {
    const unit = platformUnits(PLATFORMS[name]).find(({ kind }) => kind === 'intc')!;
    for (const { layout } of unit.registers) used.add(layout.name.replace(/\d$/, ''));
    return [
      `## ${name}`,
      '',
      ...markdownTable(
        ['address', 'coprocessor 6', 'register', 'what it is'],
        unit.registers.map(({ layout, address, cp6 }) => [
          hexOf(address!, 8),
          `c${cp6![0]}, c${cp6![1]}`,
          layout.name,
          layout.title,
        ]),
      ),
    ];
  });
  return [
    ...pageHead('Interrupt controllers of the IOP3xx', 'emulator/intc/registers.ts and emulator/intc/iop3xx.ts'),
    'One set of registers, memory mapped and in coprocessor 6 (hw-iop3xx 1.4).',
    '',
    ...tables,
    ...patternSections([...used]),
    ...names.flatMap(sourceSection),
  ];
}

function patternSections(names: readonly string[]): string[] {
  return [
    '## Fields',
    '',
    ...names.flatMap((name) => {
      if (name in VECTOR_REGISTERS) {
        const vector = name as VectorRegisterName;
        const layout = intcRegister({ name: vector, word: 0, offset: 0, source: '', numbered: false }, () => undefined);
        return [`### ${name}: ${layout.title}`, '', ...fieldTable(layout)];
      }
      const pattern = SOURCE_PATTERNS[name as SourcePatternName];
      const width = pattern.bits === 1 ? 'One bit' : 'Two bits';
      const named = 'values' in pattern ? ` (${values(pattern.values)})` : '';
      const text = `${width} a source, \`${pattern.access}\`, lowest source in bit 0: ${pattern.says}${named}.`;
      return [`### ${name}: ${pattern.title}`, '', text, ''];
    }),
  ];
}

function sourceSection(name: PlatformName): string[] {
  const platform: PlatformRecord = PLATFORMS[name];
  const rows = Array.from({ length: sourceCount(platform) }, (_, source) => [
    String(source),
    sourceDriver(platform, source),
  ]);
  return [
    `## Sources that this model drives: ${name}`,
    '',
    ...markdownTable(
      ['source', 'driven by'],
      rows.flatMap(([source, driver]) => (source === undefined || driver === undefined ? [] : [[source, driver]])),
    ),
  ];
}
