/** The museum in text: the list, a story, and two runs side by side. */
import chalk from 'chalk';
import type { Exhibit } from '../../conformance/bugs/exhibit';
import type { ExhibitRun, ExhibitVerdict } from '../../conformance/bugs/run-exhibit';
import type { TimelineEntry } from '../../conformance/bugs/timeline';
import { columns } from './table';

/** Columns of a line, and of one run beside the other. */
const WIDTH = 118;
const SIDE = 53;
/** Rows before and after the first one in which the runs differ. */
const BEFORE = 16;
const AFTER = 32;

/** A line for each exhibit. */
export function exhibitList(exhibits: readonly Exhibit[]): string {
  const rows = exhibits.map(({ id, title, commit }) => [id, title, /, (\d+)\)$/.exec(commit)?.[1] ?? '']);
  return [...columns(rows), '', 'adma bugs show ID tells the story, adma bugs run ID shows it.', ''].join('\n');
}

/** What went wrong, what was seen, what it teaches. */
export function exhibitStory(exhibit: Exhibit): string {
  const { wrong, symptom, lesson } = exhibit.story;
  return [
    ...head(exhibit),
    ...paragraph('wrong', wrong),
    ...paragraph('symptom', symptom),
    ...paragraph('lesson', lesson),
    '',
  ].join('\n');
}

/** The story in short, and both runs. */
export function exhibitReport(exhibit: Exhibit, { withBug, fixed, shown }: ExhibitVerdict): string {
  return [
    ...head(exhibit),
    ...paragraph('wrong', exhibit.story.wrong),
    '',
    `${'µs'.padStart(10)}  ${chalk.bold('with the bug'.padEnd(SIDE))} ${chalk.bold('fixed')}`,
    ...sideBySide(withBug, fixed),
    '',
    ...outcome('with the bug', withBug),
    ...outcome('fixed', fixed),
    shown ? 'verdict       shown: fails with the bug, good without' : 'verdict       not shown',
    '',
  ].join('\n');
}

function head({ id, title, commit, rules, platform }: Exhibit): string[] {
  const where = platform === undefined ? 'iop342' : platform.name;
  return [
    `${chalk.bold(id)}  ${title}`,
    ...paragraph('repaired', commit),
    ...paragraph('rules', rules.join(', ')),
    ...paragraph('on', where),
  ];
}

/** A name and a text of several lines beside it. */
function paragraph(name: string, text: string): string[] {
  const indent = 10;
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line.length + word.length + 1 > WIDTH - indent - 20) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line, i) => `${(i === 0 ? name : '').padEnd(indent)}${line}`);
}

function outcome(name: string, { result }: ExhibitRun): string[] {
  const label = name.padEnd(14);
  if (result.complaints.length === 0) return [`${label}${chalk.green('✓')} ${result.outcome}`];
  return result.complaints.map(
    ({ rule, expected, happened }, i) =>
      `${i === 0 ? label : ''.padEnd(14)}${chalk.red('✗')} ${rule}: expected ${expected}; ${happened}`,
  );
}

/** A moment of both runs. */
interface Row {
  /** picoseconds since the run began */
  readonly time: number;
  readonly left: TimelineEntry | undefined;
  readonly right: TimelineEntry | undefined;
}

function sideBySide(withBug: ExhibitRun, fixed: ExhibitRun): string[] {
  const rows = merged(withBug, fixed);
  const differs = rows.findIndex(({ left, right }) => left === undefined || right === undefined);
  const split = differs < 0 ? rows.length : differs;
  const lines: string[] = [];
  let hidden = 0;
  const flush = (): void => {
    if (hidden > 0) lines.push(`${''.padStart(10)}  … ${hidden} more`);
    hidden = 0;
  };
  rows.forEach((row, i) => {
    const near = i >= split - BEFORE && i < split + AFTER;
    if (!near && row.left?.track !== 'wrong' && row.right?.track !== 'wrong') {
      hidden++;
      return;
    }
    flush();
    lines.push(line(row));
  });
  flush();
  return lines;
}

/** Both timelines in one order; what both have at the same moment is one row. */
function merged(withBug: ExhibitRun, fixed: ExhibitRun): Row[] {
  const rows: Row[] = [];
  const [a, b] = [withBug.timeline, fixed.timeline];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const left = i < a.length ? a[i].time - withBug.began : Infinity;
    const right = j < b.length ? b[j].time - fixed.began : Infinity;
    if (left === right && a[i].text === b[j].text) rows.push({ time: left, left: a[i++], right: b[j++] });
    else if (left <= right) rows.push({ time: left, left: a[i++], right: undefined });
    else rows.push({ time: right, left: undefined, right: b[j++] });
  }
  return rows;
}

function line({ time, left, right }: Row): string {
  const both = left !== undefined && right !== undefined;
  const first = cell(left);
  return `${(time / 1e6).toFixed(2).padStart(10)}  ${first} ${both ? '=' : cell(right)}`.trimEnd();
}

function cell(entry: TimelineEntry | undefined): string {
  const text = entry?.text ?? '';
  const cut = (text.length > SIDE ? `${text.slice(0, SIDE - 1)}…` : text).padEnd(SIDE);
  return entry?.track === 'wrong' ? chalk.red(cut) : cut;
}
