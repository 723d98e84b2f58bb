/** The lines of a fio job file: sections and parameters with their places. What they mean is in fio-keys.ts. */
import { InputError, quote } from '../../raid5/workload/input-error';

/** A parameter as it stands in the file. */
export interface FioParameter {
  readonly key: string;
  /** Undefined for a bare key. */
  readonly text: string | undefined;
  /** from 1 */
  readonly line: number;
  /** of the key, from 1 */
  readonly column: number;
  /** of the value, or of the key where there is none */
  readonly valueColumn: number;
}

export interface FioSection {
  readonly name: string;
  readonly line: number;
  /** Its own parameters, behind those of the `[global]` sections above it: later ones win. */
  readonly parameters: readonly FioParameter[];
}

/**
 * Splits a job file. A line whose first character is `;` or `#` is a comment; so is what follows ` ;` or ` #`.
 * `[global]` sections apply to the jobs below them.
 * @returns the jobs, at least one
 * @throws InputError
 */
export function splitFioFile(text: string, file: string): FioSection[] {
  const jobs: FioSection[] = [];
  const global: FioParameter[] = [];
  let current: FioParameter[] | undefined;
  text.split('\n').forEach((raw, index) => {
    const line = index + 1;
    const code = raw.replace(/(^|\s)[;#].*$/, '').trimEnd();
    const body = code.trimStart();
    if (body === '') return;
    const column = code.length - body.length + 1;
    if (body.startsWith('[')) {
      const name = /^\[([^\]]+)\]$/.exec(body)?.[1].trim() ?? '';
      if (name === '')
        throw new InputError(file, line, column, `${quote(body)} is no section`, '[global] or [job name]');
      current = name === 'global' ? global : [...global];
      if (name !== 'global') jobs.push({ name, line, parameters: current });
      return;
    }
    if (current === undefined) {
      throw new InputError(file, line, column, `${quote(body)} stands before any section`, '[global] or [job name]');
    }
    current.push(parameter(body, file, line, column));
  });
  if (jobs.length === 0) throw new InputError(file, 1, 1, 'the file has no job', 'a section like [job name]');
  return jobs;
}

function parameter(body: string, file: string, line: number, column: number): FioParameter {
  const equals = body.indexOf('=');
  if (equals < 0) {
    if (/\s/.test(body)) throw new InputError(file, line, column, `${quote(body)} is no parameter`, 'key=value');
    return { key: body, text: undefined, line, column, valueColumn: column };
  }
  const key = body.slice(0, equals).trimEnd();
  const value = body.slice(equals + 1);
  const text = value.trim();
  const valueColumn = column + equals + 1 + (value.length - value.trimStart().length);
  if (key === '') throw new InputError(file, line, column, `${quote(body)} has no key`, 'key=value');
  if (text === '') throw new InputError(file, line, valueColumn, `${key} has no value`, 'key=value');
  return { key, text, line, column, valueColumn };
}
