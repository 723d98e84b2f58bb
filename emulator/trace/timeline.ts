/**
 * The picture of a trace that both Perfetto formats are written from: tracks with slices on them, instants, counters, and
 * flows that lead from slice to slice. Slices of a track never overlap, so that they nest however a viewer looks.
 * It streams: what it keeps is what is open.
 */
import type { TracePointName, TracePoints, TraceRecord, TraceWriter } from './trace';

/** The groups of tracks in the order a viewer shows them, data going down. */
export const GROUPS = [
  ...(['requests', 'stripes', 'disks', 'async_tx', 'driver', 'processor', 'interrupts', 'engines', 'buses'] as const),
  'counters',
] as const;
export type Group = (typeof GROUPS)[number];

/** A line of the picture. */
export interface Track {
  /** from 1 */
  readonly id: number;
  readonly group: Group;
  /** unique in its group */
  readonly name: string;
  readonly kind: 'slices' | 'counter';
}

/** Where a flow touches a slice. */
export interface FlowStep {
  readonly flow: number;
  /** picoseconds, within the slice */
  readonly time: number;
  readonly kind: 'start' | 'step' | 'end';
}

/** A stretch of time on a track, in picoseconds. */
export interface Slice {
  readonly track: Track;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** of the record that began it */
  readonly fields: object;
  /** in the order of time */
  readonly steps: readonly FlowStep[];
}

/** Writes a picture down. A slice comes when it has ended; those of one track come in the order of time. */
export interface TimelineSink {
  track(track: Track): void;
  slice(slice: Slice): void;
  instant(track: Track, name: string, time: number, fields: object): void;
  counter(track: Track, time: number, value: number): void;
  close(): void;
}

/** How each point is drawn. Every room has a table of its own points. */
export type Drawings<Names extends TracePointName = TracePointName> = {
  readonly [K in Names]: (pen: Timeline, fields: TracePoints[K]) => void;
};

/** What carries a flow: a place in memory by its address, anything else by a name. */
export type FlowKey = string | number;

/** A track, and the slice that is open on it. */
interface Line {
  readonly track: Track;
  open: OpenSlice | undefined;
}

interface OpenSlice {
  readonly name: string;
  readonly start: number;
  readonly fields: object;
  readonly steps: FlowStep[];
}

const NO_FLOWS: readonly number[] = [];
const NO_STEPS: FlowStep[] = [];

export class Timeline {
  /** Time of the record that is being drawn. */
  now = 0;
  private fields: object = {};
  private readonly lines = Object.fromEntries(GROUPS.map((group) => [group, new Map<string, Line>()])) as Readonly<
    Record<Group, Map<string, Line>>
  >;
  private tracks = 0;
  /** Lines of a family that are taken, by what takes them. */
  private readonly lanes = new Map<string, (string | undefined)[]>();
  private readonly aliases = new Map<string, string>();
  private readonly bound = new Map<FlowKey, number>();
  private readonly queues = new Map<string, number[]>();
  /** Flows that have not ended, and whether they have touched a slice. */
  private readonly alive = new Map<number, boolean>();
  private flows = 0;
  /** The slice on whose behalf software below is being called now. */
  private caller: OpenSlice | undefined;

  constructor(
    private readonly sink: TimelineSink,
    private readonly drawings: Drawings,
  ) {}

  /** Draws one record. */
  readonly record: TraceWriter = ({ time, point, fields }: TraceRecord) => {
    this.now = time;
    this.fields = fields;
    // A record's fields are those of its point.
    (this.drawings[point] as (pen: Timeline, fields: unknown) => void)(this, fields);
  };

  /** Ends everything that is open. */
  close(): void {
    this.cutOff();
    this.sink.close();
  }

  /** Everything that is open ends here: the power is off. */
  cutOff(): void {
    for (const group of GROUPS) for (const line of this.lines[group].values()) this.finish(line, this.now);
    this.lanes.clear();
    this.bound.clear();
    this.queues.clear();
    this.alive.clear();
    this.caller = undefined;
  }

  // --- slices ------------------------------------------------------------------------------------------------

  /** Begins a slice; one that is open on the line ends. @param since picoseconds, if it began before now */
  begin(group: Group, line: string, name: string, flows: readonly number[] = NO_FLOWS, since = this.now): void {
    const on = this.line(group, line);
    this.finish(on, since);
    const slice: OpenSlice = { name, start: since, fields: this.fields, steps: [] };
    on.open = slice;
    for (const flow of flows) this.step(slice, flow, since);
  }

  /** Ends the slice of a line, if one is open. */
  end(group: Group, line: string): void {
    this.finish(this.line(group, line), this.now);
  }

  /** A slice whose end is known. */
  slice(group: Group, line: string, name: string, start: number, end: number, flows = NO_FLOWS): void {
    const { track } = this.line(group, line);
    const steps: FlowStep[] = flows.length === 0 ? NO_STEPS : [];
    for (const flow of flows) this.step({ steps }, flow, start);
    this.sink.slice({ track, name, start, end, fields: this.fields, steps });
  }

  /** Begins a slice on the first free line of a family: of things that are many at the same time. */
  beginOneOf(group: Group, family: string, key: string, name: string): void {
    const lanes = this.lanes.get(family) ?? [];
    this.lanes.set(family, lanes);
    const free = lanes.indexOf(undefined);
    const lane = free < 0 ? lanes.length : free;
    lanes[lane] = key;
    this.begin(group, `${family} ${lane}`, name);
  }

  /** Ends it. */
  endOneOf(group: Group, family: string, key: string): void {
    const lane = this.lineOf(family, key);
    if (lane === undefined) return;
    this.lanes.get(family)![lane] = undefined;
    this.end(group, `${family} ${lane}`);
  }

  /** Something that takes no time. Instants have lines of their own. */
  instant(group: Group, line: string, name: string): void {
    this.sink.instant(this.line(group, line).track, name, this.now, this.fields);
  }

  /** A quantity has a new value. */
  counter(name: string, value: number): void {
    this.sink.counter(this.line('counters', name).track, this.now, value);
  }

  /** What a line is called from now on, where a record knows better than those that name it by number. */
  alias(key: string, name: string): void {
    this.aliases.set(key, name);
  }

  named(key: string): string {
    return this.aliases.get(key) ?? key;
  }

  // --- flows -------------------------------------------------------------------------------------------------

  /** A new flow, that this thing carries from now on; the one it carried is over. */
  newFlow(key: FlowKey): number {
    this.unbind(key);
    const flow = ++this.flows;
    this.bound.set(key, flow);
    this.alive.set(flow, false);
    return flow;
  }

  /** Another thing carries the flow as well. */
  bind(key: FlowKey, flow: number): void {
    this.bound.set(key, flow);
  }

  /** A thing is gone, and the flow that it carried is over. */
  unbind(key: FlowKey): void {
    const flow = this.bound.get(key);
    if (flow !== undefined) this.alive.delete(flow);
    this.bound.delete(key);
  }

  /** A thing lets go of its flow, which goes on. */
  release(key: FlowKey): void {
    this.bound.delete(key);
  }

  /** What a thing carries, as a list of at most one. */
  flowsOf(key: FlowKey): readonly number[] {
    const flow = this.bound.get(key);
    return flow === undefined ? NO_FLOWS : [flow];
  }

  /** Leaves flows for whoever takes them. */
  leave(key: string, flows: readonly number[]): void {
    if (flows.length === 0) return;
    const queue = this.queues.get(key);
    if (queue === undefined) this.queues.set(key, [...flows]);
    else queue.push(...flows);
  }

  left(key: string): readonly number[] {
    return this.queues.get(key) ?? NO_FLOWS;
  }

  take(key: string): readonly number[] {
    const flows = this.left(key);
    this.queues.delete(key);
    return flows;
  }

  /** A flow touches the open slice of a line now. */
  touch(group: Group, line: string, flow: number): void {
    const slice = this.line(group, line).open;
    if (slice !== undefined) this.step(slice, flow, this.now);
  }

  /** The same for a line of a family. */
  touchOneOf(group: Group, family: string, key: string, flow: number): void {
    const lane = this.lineOf(family, key);
    if (lane !== undefined) this.touch(group, `${family} ${lane}`, flow);
  }

  /** From now on software is called on behalf of the slice of this line; of none: nobody's. */
  calls(group: Group, line: string): void {
    this.caller = this.line(group, line).open;
  }

  callsEnd(): void {
    this.caller = undefined;
  }

  /** A flow touches the slice on whose behalf software is being called, if there is one. */
  touchCaller(flow: number): void {
    if (this.caller !== undefined) this.step(this.caller, flow, this.now);
  }

  /** The last step of a flow, on the open slice of a line. */
  endFlow(group: Group, line: string, flow: number): void {
    const slice = this.line(group, line).open;
    if (this.alive.get(flow) === true) slice?.steps.push({ flow, time: this.now, kind: 'end' });
    this.alive.delete(flow);
  }

  // -----------------------------------------------------------------------------------------------------------

  private step({ steps }: Pick<OpenSlice, 'steps'>, flow: number, time: number): void {
    const touched = this.alive.get(flow);
    if (touched === undefined) return;
    steps.push({ flow, time, kind: touched ? 'step' : 'start' });
    this.alive.set(flow, true);
  }

  private lineOf(family: string, key: string): number | undefined {
    const lane = this.lanes.get(family)?.indexOf(key) ?? -1;
    return lane < 0 ? undefined : lane;
  }

  private finish(line: Line, time: number): void {
    const slice = line.open;
    if (slice === undefined) return;
    line.open = undefined;
    if (slice === this.caller) this.caller = undefined;
    const { name, start, fields, steps } = slice;
    const last = steps.length === 0 ? start : steps[steps.length - 1].time;
    this.sink.slice({ track: line.track, name, start, end: Math.max(time, last), fields, steps });
  }

  private line(group: Group, name: string): Line {
    const lines = this.lines[group];
    const known = lines.get(name);
    if (known !== undefined) return known;
    const track: Track = { id: ++this.tracks, group, name, kind: group === 'counters' ? 'counter' : 'slices' };
    const line: Line = { track, open: undefined };
    lines.set(name, line);
    this.sink.track(track);
    return line;
  }
}
