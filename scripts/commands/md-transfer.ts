/** `adma md read` and `adma md write`: contents of an array to and from a file of the host, degraded too. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { Kernel } from '../../emulator/kernel/kernel';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { Bio } from '../../raid5/bio';
import { SECTOR } from '../../raid5/geometry';
import { FieldError } from '../../raid5/workload/input-error';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import { binaryBytes } from '../console/units';
import { onHost } from '../images/image-error';
import type { Field } from '../input/fields';
import { fields, forOption } from '../input/fields';
import type { Session, SessionOptions } from './md-session';
import { mdSession } from './md-session';

export interface TransferOptions extends SessionOptions {
  /** the file to write to */
  readonly out?: string;
  /** the file to read from */
  readonly in?: string;
  /** where in the array */
  readonly offset?: string;
  /** how much */
  readonly length?: string;
}

/** Version of the JSON document. */
const SCHEMA_VERSION = 1;
/** One request, in bytes, and how many are under way. */
const PIECE = 256 * 1024;
const DEPTH = 8;

/** A stretch of the array, in bytes. */
interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** Reads a stretch of the array into a file. No image changes. */
export function mdRead(folder: string, options: TransferOptions): Promise<ExitCode> {
  const path = forOption('--out', () => given(options.out));
  return mdSession(folder, options, 'read', function* (session) {
    const stretch = stretchOf(session, options);
    const file = onHost(path, () => openSync(path, 'w'));
    try {
      return yield* transfer(session, stretch, false, (bytes, at) => {
        for (let done = 0; done < bytes.length;) {
          done += onHost(path, () => writeSync(file, bytes, done, bytes.length - done, at + done));
        }
      });
    } finally {
      closeSync(file);
    }
  });
}

/** Writes a file to a stretch of the array, all of it unless a length says less. */
export function mdWrite(folder: string, options: TransferOptions): Promise<ExitCode> {
  const path = forOption('--in', () => given(options.in));
  const file = onHost(path, () => openSync(path, 'r'));
  const size = onHost(path, () => fstatSync(file).size);
  return mdSession(folder, options, 'write', function* (session) {
    const stretch = stretchOf(session, { length: `${size}`, ...options });
    return yield* transfer(session, stretch, true, (bytes, at) => {
      const got = onHost(path, () => readSync(file, bytes, 0, bytes.length, at));
      if (got < bytes.length) throw new FieldError(`${path} ends at byte ${at + got}`, `${bytes.length} more`);
    });
  }).finally(() => closeSync(file));
}

function given(path: string | undefined): string {
  if (path === undefined) throw new FieldError('it is missing', 'a file');
  return path;
}

function stretchOf({ md }: Session, options: TransferOptions): Stretch {
  const all = md.sectors * SECTOR;
  const read = (flag: string, text: string | undefined, fallback: number): number =>
    forOption(flag, () => {
      const bytes = text === undefined ? fallback : BYTES.parse(text);
      if (bytes % SECTOR !== 0) throw new FieldError(`${bytes} bytes`, `whole sectors of ${SECTOR}`);
      return bytes;
    });
  const offset = read('--offset', options.offset, 0);
  if (offset > all) forOption('--offset', () => beyond(offset, all));
  const length = read(options.in === undefined ? '--length' : '--in', options.length, all - offset);
  if (offset + length > all) forOption('--length', () => beyond(offset + length, all));
  return { offset, length };
}

function beyond(end: number, all: number): never {
  throw new FieldError(`byte ${end} lies behind the end of the array`, `${all} at most`);
}

/** Bytes: `0` or a size like 64MiB. */
const BYTES: Field<number> = {
  expected: fields.size.expected,
  types: ['number', 'string'],
  parse: (text) => (/^\d+$/.test(text) ? Number(text) : fields.size.parse(text)),
};

/** Moves a stretch in pieces, several at a time. @param host gives or takes the bytes of a piece, `at` bytes into the file */
function* transfer(
  session: Session,
  { offset, length }: Stretch,
  write: boolean,
  host: (bytes: Uint8Array, at: number) => void,
): Generator<void, ExitCode, void> {
  const { kernel, md } = session;
  const ended = kernel.waitQueue();
  const free = Array.from({ length: DEPTH }, () =>
    Array.from({ length: PIECE / PAGE_SIZE }, () => kernel.pages.alloc()),
  );
  const lost: Stretch[] = [];
  let done = 0;
  for (let at = 0; at < length; at += PIECE) {
    yield* ended.wait(() => free.length > 0);
    const pages = free.pop()!;
    const bytes = Math.min(PIECE, length - at);
    if (write) copyIn(kernel, pages, bytes, (piece) => host(piece, at));
    const end = (failed: boolean): void => {
      if (failed) lost.push({ offset: offset + at, length: bytes });
      else if (!write) host(copyOut(kernel, pages, bytes), at);
      done += bytes;
      free.push(pages);
      ended.wake();
    };
    yield* md.makeRequest(new Bio(write, (offset + at) / SECTOR, bytes / SECTOR, pages, end));
    session.progress(write ? 'write' : 'read', done, length);
  }
  yield* ended.wait(() => free.length === DEPTH);
  for (const pages of free) for (const page of pages) kernel.pages.free(page);
  session.progressOver();
  for (const { offset: at, length: bytes } of lost) {
    const piece = `${binaryBytes(bytes)} from byte ${at}`;
    process.stderr.write(`${piece} could not be ${write ? 'written' : 'read'}: too much of the array is missing\n`);
  }
  if (session.json) printJson(SCHEMA_VERSION, { action: write ? 'write' : 'read', offset, length, lost });
  return lost.length === 0 ? ExitCode.done : ExitCode.failed;
}

function copyIn(kernel: Kernel, pages: readonly Page[], bytes: number, fill: (piece: Uint8Array) => void): void {
  const piece = new Uint8Array(bytes);
  fill(piece);
  eachPage(kernel, pages, bytes, (memory, at) => memory.set(piece.subarray(at, at + memory.length)));
}

function copyOut(kernel: Kernel, pages: readonly Page[], bytes: number): Uint8Array {
  const piece = new Uint8Array(bytes);
  eachPage(kernel, pages, bytes, (memory, at) => piece.set(memory, at));
  return piece;
}

function eachPage(
  { machine: { dram } }: Kernel,
  pages: readonly Page[],
  bytes: number,
  visit: (memory: Uint8Array, at: number) => void,
): void {
  for (let at = 0; at < bytes; at += PAGE_SIZE) {
    const start = pages[at / PAGE_SIZE].address - dram.base;
    visit(dram.bytes.subarray(start, start + Math.min(PAGE_SIZE, bytes - at)), at);
  }
}
