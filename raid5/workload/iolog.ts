/**
 * fio's iolog, versions 2 and 3 (HOWTO, "Trace file format"): a header line, then one action a line.
 *
 *     fio version 2 iolog          fio version 3 iolog
 *     FILE add|open|close          TIMESTAMP FILE add|open|close
 *     FILE ACTION OFFSET LENGTH    TIMESTAMP FILE ACTION OFFSET LENGTH
 *
 * `read` and `write` become requests. `sync` and `datasync` are accepted and do nothing: what a write put on the array is
 * on its disks when the write is answered. `trim` is refused, and so is a second file: the array is one device.
 * Version 3 has timestamps in microseconds; a clock that goes back stands still, as in fio. Version 2 has `wait`: so many
 * microseconds (in the place of the offset, below 100 discarded) after the wait before it.
 */
import { InputError, quote } from './input-error';
import type { TraceRequest } from './msr-trace';

const HEADER = /^fio version (\d+) iolog\r?$/;
const TICKS_PER_MICROSECOND = 10;
/** Shorter waits count for nothing. */
const SHORTEST_WAIT = 100;
const SECTOR = 512;

const ACTIONS = ['add', 'open', 'close', 'read', 'write', 'sync', 'datasync', 'wait'];

/** Whether a text calls itself an iolog. */
export function isIolog(text: string): boolean {
  return text.startsWith('fio version ');
}

/** One line: words with their places. */
class Line {
  readonly words: readonly { readonly text: string; readonly column: number }[];

  constructor(
    private readonly file: string,
    readonly number: number,
    text: string,
  ) {
    this.words = [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], column: match.index + 1 }));
  }

  word(index: number, expected: string): string {
    const word = this.words.at(index);
    if (word === undefined) this.fail(index, `the line ends after ${this.words.length} words`, expected);
    return word.text;
  }

  integer(index: number, name: string): number {
    const text = this.word(index, `a ${name}`);
    if (!/^\d{1,16}$/.test(text) || Number(text) > Number.MAX_SAFE_INTEGER) {
      this.fail(index, `${name} ${quote(text)} is no whole number`, 'an integer from 0 to 2^53 - 1');
    }
    return Number(text);
  }

  end(index: number): void {
    if (this.words.length > index) this.fail(index, 'the line has more words', `${index} words`);
  }

  fail(index: number, problem: string, expected: string): never {
    const last = this.words.at(-1);
    const column = this.words.at(index)?.column ?? (last === undefined ? 1 : last.column + last.text.length);
    throw new InputError(this.file, this.number, column, problem, expected);
  }
}

/** The one file of a log, and what has been done to it. */
class LogFile {
  private name: string | undefined;
  private isOpen = false;

  manage(line: Line, at: number, action: string): void {
    const name = line.words[at].text;
    if (action === 'add') {
      if (this.name !== undefined && this.name !== name) {
        line.fail(at, `${quote(name)} is a second file`, `one file: the array stands for ${quote(this.name)}`);
      }
      this.name = name;
      return;
    }
    if (name !== this.name) line.fail(at, `${quote(name)} was not added`, `a line '${name} add' before`);
    if (action === 'close' && !this.isOpen) line.fail(at, `${quote(name)} is not open`, `a line '${name} open' before`);
    this.isOpen = action === 'open';
  }

  require(line: Line, at: number): void {
    const name = line.words[at].text;
    if (name !== this.name || !this.isOpen) line.fail(at, `${quote(name)} is not open`, `a line '${name} open' before`);
  }
}

/**
 * Reads an iolog.
 * @returns its reads and writes, by ascending time; the first one arrives at 0
 * @throws InputError for the first line that is wrong
 */
export function parseIolog(text: string, file: string): TraceRequest[] {
  const lines = text.split('\n');
  const version = HEADER.exec(lines[0])?.[1];
  if (version !== '2' && version !== '3') {
    throw new InputError(file, 1, 1, `${quote(lines[0])} is no header`, 'fio version 2 iolog or fio version 3 iolog');
  }
  const clock = version === '3' ? new Timestamps() : new Waits();
  const logFile = new LogFile();
  const requests: TraceRequest[] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = new Line(file, i + 1, lines[i]);
    if (line.words.length === 0) continue;
    const at = version === '3' ? 1 : 0;
    if (version === '3') clock.advance(line.integer(0, 'timestamp'));
    line.word(at, 'a file name');
    const action = line.word(at + 1, 'an action');
    if (!ACTIONS.includes(action)) {
      line.fail(at + 1, `${quote(action)} is nothing that the array can do`, `one of: ${ACTIONS.join(', ')}`);
    }
    if (action === 'add' || action === 'open' || action === 'close') {
      line.end(at + 2);
      logFile.manage(line, at, action);
      continue;
    }
    logFile.require(line, at);
    const offset = line.integer(at + 2, 'offset');
    const length = line.integer(at + 3, 'length');
    line.end(at + 4);
    if (action === 'wait') {
      if (version === '3') line.fail(at + 1, 'version 3 has no wait', 'timestamps');
      clock.advance(offset);
    }
    if (action === 'read' || action === 'write') {
      requireSectors(line, at + 2, offset, length);
      requests.push({ ticks: clock.ticks, kind: action, offset, length, line: i + 1 });
    }
  }
  if (requests.length === 0) throw new InputError(file, lines.length, 1, 'the log ends', 'a read or a write');
  const earliest = requests[0].ticks;
  return requests.map((request) => ({ ...request, ticks: request.ticks - earliest }));
}

function requireSectors(line: Line, at: number, offset: number, length: number): void {
  if (offset % SECTOR !== 0) line.fail(at, `offset ${offset} is no multiple of ${SECTOR}`, 'whole sectors, in bytes');
  if (length === 0 || length % SECTOR !== 0) {
    line.fail(at + 1, `length ${length} is no positive multiple of ${SECTOR}`, 'whole sectors, in bytes');
  }
  if (offset + length > Number.MAX_SAFE_INTEGER) {
    line.fail(at, 'the request ends beyond 2^53 - 1', 'offset + length of at most 2^53 - 1');
  }
}

/** The clock of version 3. */
class Timestamps {
  ticks = 0;
  private last: number | undefined;

  advance(timestamp: number): void {
    this.ticks += Math.max(0, timestamp - (this.last ?? timestamp)) * TICKS_PER_MICROSECOND;
    this.last = timestamp;
  }
}

/** The clock of version 2. */
class Waits {
  ticks = 0;

  advance(microseconds: number): void {
    if (microseconds >= SHORTEST_WAIT) this.ticks += microseconds * TICKS_PER_MICROSECOND;
  }
}
