/** A recorded trace as text, read back: one event a line (emulator/trace/text.ts). */
import { InputError, quote } from '../../raid5/workload/input-error';

/** One event. Fields are as they were written: numbers (hexadecimal ones too), words and truth values. */
export interface TraceEvent {
  /** picoseconds */
  readonly time: number;
  readonly point: string;
  readonly fields: Readonly<Record<string, string>>;
}

const EVENT = /^ *(\d+) ([a-z_]+\.[a-z-]+) *(.*)$/;
const EXPECTED = 'what --trace writes into a file of text: time, point and name=value fields';

/**
 * Reads a whole trace.
 * @throws InputError for a line that is no event
 */
export function parseTraceText(text: string, file: string): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    line++;
    const end = text.indexOf('\n', start);
    const found = text.slice(start, end < 0 ? text.length : end);
    start = end < 0 ? text.length : end + 1;
    const match = EVENT.exec(found);
    if (match === null) throw new InputError(file, line, 1, `${quote(found.slice(0, 40))} is no event`, EXPECTED);
    const fields: Record<string, string> = {};
    for (const pair of match[3].split(' ')) {
      const at = pair.indexOf('=');
      if (at > 0) fields[pair.slice(0, at)] = pair.slice(at + 1);
    }
    events.push({ time: Number(match[1]), point: match[2], fields });
  }
  if (events.length === 0) throw new InputError(file, 1, 1, 'the file is empty', EXPECTED);
  return events;
}

/** A numeric field, whatever its base. */
export function numberOf({ fields }: TraceEvent, name: string): number {
  return Number(fields[name]);
}
