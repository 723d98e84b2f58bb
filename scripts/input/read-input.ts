/** Input files as text or bytes. */
import { constants } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { InputError } from '../../raid5/workload/input-error';

/** What people call the errors of the file system and of zlib; others keep their own words. */
const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  ENOTDIR: 'the file does not exist',
  EISDIR: 'this is a directory',
  EACCES: 'the file may not be read',
  Z_BUF_ERROR: 'the gzip file is truncated',
  Z_DATA_ERROR: 'the gzip file is damaged',
  ERR_FS_FILE_TOO_LARGE: 'the file is too large',
  ERR_BUFFER_TOO_LARGE: 'the file is too large',
  ERR_STRING_TOO_LONG: 'the file is too large',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'the file holds bytes that are no UTF-8',
};

/**
 * Reads a text file, plain or gzip; a byte order mark is dropped.
 * @throws InputError at 1:1 when there is no such file, it is a directory, may not be read, is damaged, truncated, no
 *   UTF-8 or longer than a string can be (512 MiB)
 */
export function readInput(file: string): string {
  return refusing(file, 'a readable text file, plain or gzip', () =>
    new TextDecoder('utf-8', { fatal: true }).decode(fileBytes(file)),
  );
}

/**
 * Reads a file of any bytes, plain or gzip.
 * @throws InputError at 1:1 as `readInput` does
 */
export function readBytes(file: string): Uint8Array {
  return refusing(file, 'a readable file, plain or gzip', () => fileBytes(file));
}

/** Gzip is told by its first two bytes (RFC 1952, 2.3.1), not by the name of the file. */
function fileBytes(file: string): Uint8Array {
  const bytes: Uint8Array = readFileSync(file);
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return gzip ? gunzipSync(bytes, { maxOutputLength: constants.MAX_STRING_LENGTH }) : bytes;
}

function refusing<T>(file: string, expected: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new InputError(file, 1, 1, PROBLEMS[code] ?? message, expected);
  }
}
