import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { InputError } from '../../../raid5/workload/input-error';
import { readInput } from '../../../scripts/input/read-input';

const EXPECTED = 'expected a readable text file, plain or gzip';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'adma-input-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}

it('reads plain text', () => expect(readInput(write('a.csv', 'one\ntwo µ\n'))).toBe('one\ntwo µ\n'));

it('reads an empty file as empty text', () => expect(readInput(write('a.csv', ''))).toBe(''));

it('drops a byte order mark', () => expect(readInput(write('a.csv', '\ufeff1'))).toBe('1'));

it('tells gzip by its magic bytes and not by its name', () => {
  expect(readInput(write('a.csv', gzipSync('packed')))).toBe('packed');
  expect(readInput(write('b.csv.gz', 'plain'))).toBe('plain');
});

it('joins the members of a concatenated gzip file', () => {
  const file = write('a.gz', Buffer.concat([gzipSync('one '), gzipSync('two')]));
  expect(readInput(file)).toBe('one two');
});

describe('what cannot be read', () => {
  const packed = gzipSync('x'.repeat(5000) + Array.from({ length: 200 }, (_, i) => i * i).join());
  const damaged = Uint8Array.from(packed, (byte, index) => (index === packed.length - 6 ? byte ^ 1 : byte));
  it.each<[string, (() => string) | undefined, string]>([
    ['a missing file', undefined, 'the file does not exist'],
    ['a directory', () => directory, 'this is a directory'],
    ['a file used as a directory', () => join(write('a.csv', ''), 'b.csv'), 'the file does not exist'],
    ['a truncated gzip file', () => write('a.gz', packed.subarray(0, packed.length / 2)), 'the gzip file is truncated'],
    ['two bytes of a gzip file', () => write('a.gz', packed.subarray(0, 2)), 'the gzip file is truncated'],
    ['a damaged gzip file', () => write('a.gz', damaged), 'the gzip file is damaged'],
    ['binary', () => write('a.csv', Uint8Array.of(0xff, 0xfe, 0)), 'the file holds bytes that are no UTF-8'],
  ])('refuses %s', (_, make, problem) => {
    const file = make?.() ?? join(directory, 'nothing.csv');
    expect(() => readInput(file)).toThrow(new InputError(file, 1, 1, problem, EXPECTED.replace('expected ', '')));
    expect(() => readInput(file)).toThrow(new Error(`${file}:1:1: ${problem}, ${EXPECTED}`));
  });
});
