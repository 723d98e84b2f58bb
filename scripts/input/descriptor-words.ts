/** The words of a descriptor as a user hands them over: on the command line, or in a text or binary file. */
import { FieldError, InputError, quote } from '../../raid5/workload/input-error';
import { readBytes } from './read-input';

const EXPECTED = 'words like 0x1000,0x2001F,… or a file with them';
const IN_FILE = 'hex words like 0x0002001f, or hex bytes like 1f 00 02 00, little-endian';
/** More than any descriptor; a longer file is something else. */
const MOST_BYTES = 65_536;

/**
 * Reads the words of a descriptor. Three forms, told apart by what is there:
 * - hex words, separated by commas or spaces, `0x` or not: `0x1000,0x2001F`
 * - hex bytes as they stand in memory, little-endian: pairs of digits, or one string of digits: `1f000200 …`
 * - in a file also those bytes themselves
 * In a text file `#` starts a comment. What holds anything but hex digits is the name of a file.
 * @throws FieldError for anything else
 */
export function descriptorWords(given: string): number[] {
  if (/^[\s,]*$/.test(given)) throw new FieldError(`${quote(given)} holds no word`, EXPECTED);
  if (/^[0-9a-fx,\s]+$/i.test(given)) {
    return parseHex(given, (problem) => new FieldError(problem, EXPECTED));
  }
  const bytes = readBytes(given);
  if (bytes.length > MOST_BYTES) throw new InputError(given, 1, 1, 'the file is too large for a descriptor', IN_FILE);
  if (!isText(bytes)) return wordsOf(bytes, (problem) => new InputError(given, 1, 1, problem, IN_FILE));
  const text = new TextDecoder().decode(bytes).replaceAll(/#.*/g, '');
  return parseHex(text, (problem) => new InputError(given, 1, 1, problem, IN_FILE));
}

type Refuse = (problem: string) => FieldError;

function parseHex(text: string, refuse: Refuse): number[] {
  const tokens = text.split(/[\s,]+/).filter((token) => token !== '');
  const wrong = tokens.find((token) => !/^(0x)?[0-9a-f]+$/i.test(token));
  if (wrong !== undefined) throw refuse(`${quote(wrong)} is no hexadecimal number`);
  if (tokens.length === 0) throw refuse('there is no word');
  const bare = tokens.every((token) => !/^0x/i.test(token));
  if (bare && (tokens.every((token) => token.length === 2) || tokens.some((token) => token.length > 8))) {
    const digits = tokens.join('');
    if (digits.length % 2 !== 0) throw refuse(`${digits.length} hex digits are no whole number of bytes`);
    return wordsOf(
      Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
      refuse,
    );
  }
  return tokens.map((token) => {
    const digits = token.replace(/^0x/i, '');
    if (digits.length > 8) throw refuse(`${quote(token)} is more than 32 bits`);
    return parseInt(digits, 16);
  });
}

function wordsOf(bytes: Uint8Array, refuse: Refuse): number[] {
  if (bytes.length === 0) throw refuse('there is no word');
  if (bytes.length % 4 !== 0) throw refuse(`${bytes.length} bytes are no whole number of 32-bit words`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13);
}
