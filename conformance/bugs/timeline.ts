/** What happened in a run, in the order of time. */
import type { TraceRecord } from '../../emulator/trace/trace';
import type { CaseResult } from '../case';
import type { CaseWorld } from '../world/case-world';

/** One line of it. */
export interface TimelineEntry {
  /** picoseconds since power-on */
  readonly time: number;
  readonly track: 'engine' | 'processor' | 'stripe' | 'run' | 'wrong';
  readonly text: string;
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** What a trace point says; undefined for those that a timeline leaves out. */
function fromTrace(record: TraceRecord): TimelineEntry | undefined {
  const { time } = record;
  switch (record.point) {
    case 'engine.start':
      return { time, track: 'engine', text: `${record.fields.unit} starts at ${hex(record.fields.descriptor)}` };
    case 'engine.complete':
      return { time, track: 'engine', text: `${record.fields.unit} has done ${hex(record.fields.descriptor)}` };
    case 'engine.reread':
      return {
        time,
        track: 'engine',
        text: `${record.fields.unit} reads its next pointer again: ${hex(record.fields.next)}`,
      };
    case 'engine.error':
      return { time, track: 'engine', text: `${record.fields.unit} stops: ${record.fields.kind}` };
    case 'engine.idle':
      return { time, track: 'engine', text: `${record.fields.unit} is idle` };
    case 'cpu.irq':
      return { time, track: 'processor', text: `interrupt ${record.fields.source}` };
    case 'cpu.tasklet':
      return { time, track: 'processor', text: `tasklet ${record.fields.name}` };
    default:
      return undefined;
  }
}

/** The timeline of a run that has ended. @param from picoseconds; what was before is left out */
export function timelineOf(world: CaseWorld, { complaints }: CaseResult, from: number): TimelineEntry[] {
  const traced = world.ring.all.flatMap((record) => fromTrace(record) ?? []);
  const stripes = world.arrays.flatMap(({ done }) => done.map((note) => ({ ...note, track: 'stripe' }) as const));
  const notes = world.notes.map((note) => ({ ...note, track: 'run' }) as const);
  const log = world.kernel.log.map(
    ({ time, text }) => ({ time, track: 'processor', text: `kernel: ${text}` }) as const,
  );
  const wrong = complaints.map(
    ({ time, rule, expected, happened }) =>
      ({ time, track: 'wrong', text: `${rule}: expected ${expected}; ${happened}` }) as const,
  );
  return [...traced, ...log, ...stripes, ...notes, ...wrong]
    .filter(({ time }) => time >= from)
    .sort((a, b) => a.time - b.time);
}
