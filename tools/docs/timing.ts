/** docs/timing.md: every number that time rests on. */
import type { CostTable } from '../../emulator/kernel/costs';
import { costTable } from '../../emulator/kernel/costs';
import type { TimingParameter, TimingTable } from '../../emulator/memory/timing';
import { resolveTiming } from '../../emulator/memory/timing';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { MICROSECOND, MILLISECOND, NANOSECOND } from '../../emulator/sim/time';
import type { DiskModel } from '../../raid5/disks/models';
import { DISK_MODELS } from '../../raid5/disks/models';
import { markdownTable, pageHead } from './markdown';

export function timingPage(): string[] {
  return [
    ...pageHead('Timing', 'emulator/memory/timing.ts, emulator/kernel/costs.ts and raid5/disks/models.ts'),
    'No cycle count of these engines was ever published. Widths and block sizes are documented; what is marked assumed is a',
    'stand-in (docs/stand-ins.md, SI-13). Letters with page numbers are tags of the references: M the developer’s manual,',
    'E the eCos HAL. One tick of simulated time is a picosecond.',
    '',
    '## Clocks',
    '',
    ...grouped((platform) => clocks(platform)),
    '## Buses and memory',
    '',
    ...grouped((platform) => parameters(platform.timing, platform)),
    '## What driver and kernel code costs the processor',
    '',
    ...grouped((platform) => costs(costTable(platform.name))),
    '## Disks',
    '',
    ...Object.values(DISK_MODELS as Record<string, DiskModel>).flatMap(disk),
  ];
}

/** Sections of platforms; equal ones stand once. */
function grouped(section: (platform: PlatformRecord) => string[]): string[] {
  const groups = new Map<string, PlatformName[]>();
  for (const name of PLATFORM_NAMES) {
    const text = section(PLATFORMS[name]).join('\n');
    groups.set(text, [...(groups.get(text) ?? []), name]);
  }
  return [...groups].flatMap(([text, names]) => [`### ${names.join(', ')}`, '', text]);
}

function clocks({ core, ibclk, mclk }: PlatformRecord): string[] {
  return markdownTable(
    ['clock', 'name', 'period (ps)', 'source'],
    Object.entries({ core, ibclk, mclk }).map(([key, { name, period, source }]) => [key, name, String(period), source]),
  );
}

function parameters(table: TimingTable, { core, ibclk, mclk }: PlatformRecord): string[] {
  const resolved = resolveTiming(table, { core: core.period, ibclk: ibclk.period, mclk: mclk.period });
  return markdownTable(
    ['parameter', 'value', 'unit', 'resolved', 'meaning', 'source'],
    Object.entries(table as Record<string, TimingParameter>).map(([name, { value, unit, says, source }]) => [
      name,
      String(value),
      unit,
      unit.startsWith('bytes') ? '' : `${number(resolved[name as keyof TimingTable] / NANOSECOND)} ns`,
      says,
      source,
    ]),
  );
}

function costs(table: CostTable): string[] {
  return markdownTable(
    ['cost', 'value', 'unit', 'meaning', 'source'],
    Object.entries(table).map(([name, { value, unit, says, source }]) => [name, String(value), unit, says, source]),
  );
}

function disk({ name, title, overhead, parallel, rate, mechanics }: DiskModel): string[] {
  const rows = [
    ['overhead of a command', `${number(overhead / MICROSECOND)} µs`],
    ['commands at once', String(parallel)],
    ['rate between medium and host', `${number(rate / 1e6)} MB/s`],
    ...(mechanics === undefined
      ? []
      : [
          ['revolution', `${number(mechanics.revolution / MILLISECOND)} ms`],
          ['seek to the next track', `${number(mechanics.trackSeek / MILLISECOND)} ms`],
          ['full seek', `${number(mechanics.fullSeek / MILLISECOND)} ms`],
          ['sectors a track', String(mechanics.sectorsPerTrack)],
          ['sectors that a full seek spans', String(mechanics.span)],
        ]),
  ];
  return [
    `### ${name}: ${title}`,
    '',
    ...markdownTable(
      ['', 'value', 'source'],
      rows.map(([label, value]) => [label, value, 'assumed']),
    ),
  ];
}

/** Three digits after the point at most. */
function number(value: number): string {
  return String(Number(value.toFixed(3)));
}
