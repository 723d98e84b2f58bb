/**
 * The Trace Event format that chrome://tracing defined and ui.perfetto.dev reads: JSON, times in microseconds. A process
 * is a group of tracks, a thread a track. Times are whole nanoseconds, rounded down at both ends of a slice, so that
 * neighbours stay neighbours.
 */
import { HEXADECIMAL } from './text';
import type { FlowStep, Slice, TimelineSink, Track } from './timeline';
import { GROUPS } from './timeline';
import { TIME_FIELDS } from './trace';

const PHASES: Readonly<Record<FlowStep['kind'], string>> = {
  start: '"ph":"s"',
  step: '"ph":"t"',
  end: '"ph":"f","bp":"e"',
};

/** Writes the document in pieces. */
export function chromeSink(write: (text: string) => void): TimelineSink {
  let separator = '\n';
  const event = (text: string): void => {
    write(`${separator}${text}`);
    separator = ',\n';
  };
  const groups = new Set<string>();
  write('{"displayTimeUnit":"ns","traceEvents":[');
  return {
    track(track) {
      const pid = pidOf(track);
      if (!groups.has(track.group)) {
        groups.add(track.group);
        event(metadata('process_name', pid, pid, { name: track.group }));
        event(metadata('process_sort_index', pid, pid, { sort_index: pid }));
      }
      if (track.kind === 'counter') return;
      event(metadata('thread_name', pid, tidOf(track), { name: track.name }));
      event(metadata('thread_sort_index', pid, tidOf(track), { sort_index: track.id }));
    },
    slice({ track, name, start, end, fields, steps }: Slice) {
      const dur = nanoseconds(end) - nanoseconds(start);
      event(`{"ph":"X",${place(track, name, start)},"dur":${microseconds(dur)},"args":${args(fields)}}`);
      for (const { flow, time, kind } of steps) {
        event(`{${PHASES[kind]},"id":${flow},"cat":"flow",${place(track, 'flow', time)}}`);
      }
    },
    instant(track, name, time, fields) {
      event(`{"ph":"i","s":"t",${place(track, name, time)},"args":${args(fields)}}`);
    },
    counter(track, time, value) {
      event(`{"ph":"C",${place(track, track.name, time)},"args":{"value":${value}}}`);
    },
    close() {
      write('\n]}\n');
    },
  };
}

/** Whole nanoseconds of a time in picoseconds. */
export function nanoseconds(picoseconds: number): number {
  return Math.floor(picoseconds / 1000);
}

/** Nanoseconds as microseconds with three decimals, exactly. */
function microseconds(ns: number): string {
  return `${Math.floor(ns / 1000)}.${String(ns % 1000).padStart(3, '0')}`;
}

function pidOf({ group }: Track): number {
  return GROUPS.indexOf(group) + 1;
}

/** Above every process number: a thread of its process's number would be its main thread. */
function tidOf({ id }: Track): number {
  return GROUPS.length + id;
}

/** Everything up to the time stands for a track once and for all. */
const places = new WeakMap<Track, string>();

function place(track: Track, name: string, time: number): string {
  let start = places.get(track);
  if (start === undefined) {
    const thread = track.kind === 'counter' ? pidOf(track) : tidOf(track);
    start = `"pid":${pidOf(track)},"tid":${thread},"ts":`;
    places.set(track, start);
  }
  return `${start}${microseconds(nanoseconds(time))},"name":${quoted(name)}`;
}

/** Names, of which there are few, in quotes. */
const quotes = new Map<string, string>();

function quoted(text: string): string {
  let known = quotes.get(text);
  if (known === undefined) {
    known = JSON.stringify(text);
    quotes.set(text, known);
  }
  return known;
}

function metadata(name: string, pid: number, tid: number, values: object): string {
  return `{"ph":"M","pid":${pid},"tid":${tid},"name":"${name}","args":${JSON.stringify(values)}}`;
}

/** Times are left out: the slice has them. */
function args(fields: object): string {
  let text = '';
  for (const name in fields) {
    if (TIME_FIELDS.has(name)) continue;
    const value: unknown = fields[name as keyof typeof fields];
    text += `${text === '' ? '' : ','}"${name}":`;
    if (typeof value === 'string') text += quoted(value);
    else text += HEXADECIMAL.has(name) ? `"0x${(value as number).toString(16)}"` : String(value);
  }
  return `{${text}}`;
}
