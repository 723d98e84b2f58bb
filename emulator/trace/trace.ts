/**
 * Trace points and their fields. A point is recorded at the moment of change, never of access. Modules of
 * higher rooms add theirs by declaration merging, so that a name always has one set of fields.
 */
export interface TracePoints {
  'engine.start': { unit: string; descriptor: number };
  'engine.fetch': { unit: string; descriptor: number; next: number };
  'engine.read': { unit: string; source: number; address: number; bytes: number };
  'engine.write': { unit: string; address: number; bytes: number };
  'engine.complete': { unit: string; descriptor: number; result: number };
  'engine.reread': { unit: string; descriptor: number; next: number };
  'engine.error': { unit: string; descriptor: number; kind: string };
  'engine.idle': { unit: string };
  'intc.line': { source: number; asserted: boolean };
  'cpu.irq': { source: number };
  'cpu.tasklet': { name: string };
  'cpu.thread': { name: string };
}

export type TracePointName = keyof TracePoints;

/** One recorded point. */
export type TraceRecord = {
  [K in TracePointName]: { readonly time: number; readonly point: K; readonly fields: TracePoints[K] };
}[TracePointName];

/** Where recorded points go. */
export type TraceWriter = (record: TraceRecord) => void;

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

/** One greppable line an event: time in picoseconds, point, `name=value` fields, numbers in hexadecimal. */
export function textTraceWriter(write: (line: string) => void): TraceWriter {
  return ({ time, point, fields }) => {
    const text = Object.entries(fields).map(
      ([name, value]) => `${name}=${typeof value === 'number' ? `0x${value.toString(16)}` : String(value)}`,
    );
    write(`${String(time).padStart(16)} ${point.padEnd(16)} ${text.join(' ')}\n`);
  };
}
