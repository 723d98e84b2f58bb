import type { TraceRecord, TraceWriter } from '../../emulator/trace/trace';
import { textTraceWriter } from '../../emulator/trace/text';

/** Records kept: the last so many. */
const KEPT = 4096;

/** The latest trace records, for the excerpt around a complaint. */
export class TraceRing {
  /** Also hears every record. */
  follower: TraceWriter | undefined;
  private records: TraceRecord[] = [];

  /** The writer to give to a machine. */
  readonly record = (record: TraceRecord): void => {
    this.follower?.(record);
    this.records.push(record);
    if (this.records.length >= 2 * KEPT) this.records = this.records.slice(-KEPT);
  };

  /** What is remembered, oldest first. */
  get all(): readonly TraceRecord[] {
    return this.records;
  }

  /** Lines around a moment: up to `before` records that end there and `after` that follow. @param time picoseconds */
  around(time: number, before: number, after: number): string[] {
    const following = this.records.findIndex((record) => record.time > time);
    const split = following < 0 ? this.records.length : following;
    const lines: string[] = [];
    const write = textTraceWriter((line) => lines.push(line.trimEnd()));
    this.records.slice(Math.max(0, split - before), split + after).forEach(write);
    return lines;
  }
}
