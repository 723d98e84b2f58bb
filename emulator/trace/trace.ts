/**
 * Trace points and their fields. A point is recorded at the moment of change, never of access. Modules of
 * higher rooms add theirs by declaration merging, so that a name always has one set of fields.
 *
 * Times in fields (`since`, `start`, `end`) are picoseconds like the time of the record itself. A descriptor is known
 * by its physical address, a stripe by its place in the cache, a request by its number.
 */
export interface TracePoints {
  /** A machine begins at time 0. */
  'machine.power-on': { platform: string };
  /** The active bit of an engine comes on: it goes on at this descriptor. */
  'engine.start': { unit: string; descriptor: number };
  'engine.fetch': { unit: string; descriptor: number; next: number; since: number };
  'engine.read': Access & { source: number };
  'engine.write': Access;
  'engine.complete': { unit: string; descriptor: number; result: number };
  'engine.reread': { unit: string; descriptor: number; next: number };
  'engine.error': { unit: string; descriptor: number; kind: string };
  /** The unit sets a status flag that drives this source, because of this descriptor. */
  'engine.interrupt': { unit: string; descriptor: number; source: number; line: string };
  'engine.idle': { unit: string };
  /** A transaction is granted: it has the data bus of the DRAM from `start` to `end`, which may be still to come. */
  'bus.grant': {
    master: string;
    route: 'port' | 'internal';
    write: boolean;
    address: number;
    bytes: number;
    start: number;
    end: number;
  };
  /** The same for bulk traffic that is not of an engine. */
  'bus.transfer': { master: string; bytes: number; start: number; end: number };
  'intc.line': { source: number; asserted: boolean };
  /** The core is in its interrupt entry and has read which source to serve; -1 for none. */
  'cpu.irq': { source: number };
  'cpu.irq-end': { source: number };
  'cpu.tasklet': { name: string };
  'cpu.tasklet-end': { name: string };
  'cpu.thread': { name: string };
  'cpu.thread-end': { name: string };
}

/** A block of data that an engine has read or written. */
interface Access {
  unit: string;
  descriptor: number;
  address: number;
  bytes: number;
  /** when it was asked for */
  since: number;
}

export type TracePointName = keyof TracePoints;

/** One recorded point. */
export type TraceRecord = {
  [K in TracePointName]: { readonly time: number; readonly point: K; readonly fields: TracePoints[K] };
}[TracePointName];

/** Where recorded points go. */
export type TraceWriter = (record: TraceRecord) => void;

/** Fields that are times, in picoseconds. */
export const TIME_FIELDS: ReadonlySet<string> = new Set(['since', 'start', 'end']);

/**
 * The writer of a machine that is powered on when another has run before it: its times go on where the other stopped.
 * @param origin picoseconds
 */
export function continuing(writer: TraceWriter, origin: number): TraceWriter {
  return (record) => {
    const fields: Record<string, unknown> = { ...record.fields };
    for (const name of TIME_FIELDS) {
      const time = fields[name];
      if (typeof time === 'number') fields[name] = time + origin;
    }
    writer({ time: record.time + origin, point: record.point, fields } as unknown as TraceRecord);
  };
}

/** Stamps points with the time and hands them to a writer. */
export class Trace {
  constructor(
    private readonly now: () => number,
    private readonly writer: TraceWriter,
  ) {}

  /** Records one point. Call as `trace?.emit(…)`, so that nothing is built while nobody records. */
  emit<K extends TracePointName>(point: K, fields: TracePoints[K]): void {
    this.writer({ time: this.now(), point, fields } as TraceRecord);
  }
}
