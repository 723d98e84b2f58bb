/** The plainest form of a trace: one greppable line an event. */
import type { TraceWriter } from './trace';

/** Fields that hold addresses or words of registers: written in hexadecimal, everything else in decimal. */
export const HEXADECIMAL: ReadonlySet<string> = new Set([
  ...['descriptor', 'head', 'next', 'parent', 'behind', 'current', 'address', 'result'],
]);

/** Writes time in picoseconds, point, and `name=value` for each field. */
export function textTraceWriter(write: (line: string) => void): TraceWriter {
  return ({ time, point, fields }) => {
    let line = `${String(time).padStart(16)} ${point.padEnd(16)}`;
    for (const name in fields) line += ` ${name}=${valueText(name, fields[name as keyof typeof fields])}`;
    write(`${line}\n`);
  };
}

function valueText(name: string, value: unknown): string {
  return typeof value === 'number' && HEXADECIMAL.has(name) ? `0x${value.toString(16)}` : String(value);
}
