/**
 * Block traces in the column order of the MSR Cambridge collection (Narayanan et al., FAST 2008), one request a line,
 * no header line:
 *
 *     timestamp,host,disk,Read|Write,offset,size,response time
 *
 * Timestamps and response times are in ticks of 100 ns (Windows file times have 18 digits, more than a double holds),
 * offsets and sizes in bytes, multiples of a sector of 512. All lines are of one host and disk. Lines may end in CR LF.
 */
import { InputError, quote } from './input-error';

/** One request of a trace. Traces carry no data. */
export interface TraceRequest {
  /** arrival in ticks of 100 ns since the earliest request of the trace; see `arrivalTime` */
  readonly ticks: number;
  readonly kind: 'read' | 'write';
  /** bytes, a multiple of 512 */
  readonly offset: number;
  /** bytes, a multiple of 512, not 0; offset + length is at most 2^53 - 1 */
  readonly length: number;
  /** line of the trace file, from 1 */
  readonly line: number;
}

const COLUMNS = ['timestamp', 'host', 'disk', 'Read or Write', 'offset', 'size', 'response time'];
const [TIMESTAMP, HOST, DISK, OPERATION, OFFSET, SIZE, RESPONSE_TIME] = COLUMNS.keys();
const FORMAT = `${COLUMNS.length} columns: timestamp,host,disk,Read|Write,offset,size,response time`;
const SECTOR = 512;

/** Timestamps are split here, so that both halves of 64 bits are exact in a double. */
const LOW_DIGITS = 9;
const LOW = 10 ** LOW_DIGITS;
const TIMESTAMP_DIGITS = 20;
/** Two moments on either side of the first line stay exactly representable relative to each other. 14 years. */
const FURTHEST = 2 ** 52;

/** A cursor over the lines of a trace: field `c` of the current line is text[starts[c] .. starts[c + 1] - 1). */
class Line {
  number = 0;
  readonly starts = new Int32Array(COLUMNS.length + 1);
  private next = 0;

  constructor(
    readonly text: string,
    readonly file: string,
  ) {}

  /** Moves to the next line and finds its columns; false at the end of the file. */
  advance(): boolean {
    if (this.next >= this.text.length) return false;
    const { text, starts } = this;
    const feed = text.indexOf('\n', this.next);
    let end = feed === -1 ? text.length : feed;
    starts[0] = this.next;
    this.number++;
    this.next = end + 1;
    if (end > starts[0] && text.charCodeAt(end - 1) === 0x0d) end--;
    for (let column = 1; column < COLUMNS.length; column++) {
      const comma = text.indexOf(',', starts[column - 1]);
      if (comma === -1 || comma >= end) this.tooShort(column, end);
      starts[column] = comma + 1;
    }
    starts[COLUMNS.length] = end + 1;
    const extra = text.indexOf(',', starts[RESPONSE_TIME]);
    if (extra !== -1 && extra < end) this.failAt(extra + 1, `the line has more than ${COLUMNS.length} columns`, FORMAT);
    return true;
  }

  field(column: number): string {
    return this.text.slice(this.starts[column], this.starts[column + 1] - 1);
  }

  /** The value of the digits text[from .. to); everything that is not a digit is refused on behalf of `column`. */
  digits(column: number, from: number, to: number): number {
    let value = 0;
    for (let i = from; i < to; i++) {
      const digit = this.text.charCodeAt(i) - 0x30;
      if (digit < 0 || digit > 9) this.notWhole(column);
      value = value * 10 + digit;
    }
    return value;
  }

  /** A column that holds an integer from 0 to 2^53 - 1. */
  integer(column: number): number {
    const from = this.starts[column];
    const to = this.starts[column + 1] - 1;
    if (from === to) this.notWhole(column);
    const value = this.digits(column, from, to);
    if (value > Number.MAX_SAFE_INTEGER) {
      this.fail(column, `${COLUMNS[column]} ${quote(this.field(column))} is too large`, 'at most 2^53 - 1');
    }
    return value;
  }

  fail(column: number, problem: string, expected: string): never {
    return this.failAt(this.starts[column], problem, expected);
  }

  private failAt(index: number, problem: string, expected: string): never {
    throw new InputError(this.file, this.number, index - this.starts[0] + 1, problem, expected);
  }

  private tooShort(columns: number, end: number): never {
    return this.failAt(
      end,
      end === this.starts[0] ? 'the line is empty' : `the line ends after column ${columns} of ${COLUMNS.length}`,
      FORMAT,
    );
  }

  private notWhole(column: number): never {
    const text = this.field(column);
    const problem = /^-\d/.test(text) ? 'is negative' : 'is no integer';
    return this.fail(column, `${COLUMNS[column]} ${quote(text)} ${problem}`, 'a decimal integer of 0 or more');
  }
}

/** Timestamps relative to the first one it saw, exact although neither fits a double. */
class RelativeTime {
  private high = NaN;
  private low = NaN;

  ticks(line: Line): number {
    const from = line.starts[TIMESTAMP];
    const to = line.starts[TIMESTAMP + 1] - 1;
    if (to - from > TIMESTAMP_DIGITS) {
      line.fail(TIMESTAMP, `the timestamp has ${to - from} characters`, `at most ${TIMESTAMP_DIGITS} digits`);
    }
    const split = Math.max(from, to - LOW_DIGITS);
    const high = line.digits(TIMESTAMP, from, split);
    const low = from === to ? line.integer(TIMESTAMP) : line.digits(TIMESTAMP, split, to);
    if (line.number === 1) [this.high, this.low] = [high, low];
    const ticks = (high - this.high) * LOW + (low - this.low);
    if (Math.abs(ticks) > FURTHEST) {
      line.fail(TIMESTAMP, 'the timestamp is years away from the first', `at most ${FURTHEST} ticks of 100 ns between`);
    }
    return ticks;
  }
}

function sectors(line: Line, column: number): number {
  const bytes = line.integer(column);
  if (bytes % SECTOR !== 0) {
    line.fail(column, `${COLUMNS[column]} ${bytes} is no multiple of ${SECTOR}`, 'whole sectors, in bytes');
  }
  return bytes;
}

function kind(line: Line): 'read' | 'write' {
  const operation = line.field(OPERATION);
  if (operation === 'Write') return 'write';
  if (operation === 'Read') return 'read';
  return line.fail(OPERATION, `${quote(operation)} is no operation`, 'Read or Write');
}

/**
 * Parses a whole trace. Published MSR traces are out of order by small amounts (they were written at completion), so
 * the result is sorted by time, stably: requests of the same tick keep the order of the file.
 *
 * @param text the decompressed file
 * @param file its name, for errors
 * @returns at least one request, by ascending ticks, the first at 0
 * @throws InputError for the first line that is no request, an empty file, or a second host or disk
 */
export function parseMsrTrace(text: string, file: string): TraceRequest[] {
  if (text.length === 0) throw new InputError(file, 1, 1, 'the file is empty', `a trace, ${FORMAT}`);
  const line = new Line(text, file);
  const time = new RelativeTime();
  const requests: { -readonly [K in keyof TraceRequest]: TraceRequest[K] }[] = [];
  let device = ''; // host and disk with their commas
  let sorted = true;
  let previous = 0;
  while (line.advance()) {
    const ticks = time.ticks(line);
    if (line.number === 1) device = text.slice(line.starts[HOST], line.starts[DISK + 1]);
    else if (!text.startsWith(device, line.starts[HOST])) {
      const found = quote(`${line.field(HOST)},${line.field(DISK)}`);
      line.fail(HOST, `${found} is another disk than in line 1`, `${quote(device.slice(0, -1))}: one disk a trace`);
    }
    const request = {
      ticks,
      kind: kind(line),
      offset: sectors(line, OFFSET),
      length: sectors(line, SIZE),
      line: line.number,
    };
    if (request.length === 0) line.fail(SIZE, 'size is 0', `a positive multiple of ${SECTOR}`);
    if (request.offset + request.length > Number.MAX_SAFE_INTEGER) {
      line.fail(SIZE, 'the request ends beyond 2^53 - 1', 'offset + size of at most 2^53 - 1');
    }
    line.integer(RESPONSE_TIME);
    requests.push(request);
    sorted &&= ticks >= previous;
    previous = ticks;
  }
  if (!sorted) {
    requests.sort((a, b) => a.ticks - b.ticks);
    const earliest = requests[0].ticks;
    for (const request of requests) request.ticks -= earliest;
  }
  return requests;
}

/** The bytes a trace touches: from the lowest offset to the end of the furthest request. */
export function extent(requests: readonly TraceRequest[]): { readonly start: number; readonly end: number } {
  let start = Infinity;
  let end = 0;
  for (const { offset, length } of requests) {
    if (offset < start) start = offset;
    if (offset + length > end) end = offset + length;
  }
  return { start, end };
}
