/**
 * CRC-32C (polynomial 0x1EDC6F41, hw-iop13xx 4.8) by slicing: a step takes 16 bytes, and each has a table of 256 words;
 * table k says what a byte does to the register when k more bytes of the step follow it. The register is the customary
 * one, least significant bit first.
 */
import { CRC_SLICES, CRC_TABLE_BYTES } from '../../emulator/datapath/layout';
import { add, func, get, i32, range, repeatWhile, set } from './wat';

/** 0x1EDC6F41 with its bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const shiftRight = (value: string, bits: number): string => (bits ? `(i32.shr_u ${value} ${i32(bits)})` : value);
const byteOf = (value: string, index: number): string => `(i32.and ${shiftRight(value, 8 * index)} ${i32(255)})`;
const entry = (table: number, byte: string): string =>
  `(i32.load offset=${table * CRC_TABLE_BYTES} ${add(get('tables'), `(i32.shl ${byte} ${i32(2)})`)})`;
const xor = (...values: readonly string[]): string => values.reduce((a, b) => `(i32.xor ${a} ${b})`);

/** One byte: the definition of the checksum is in this loop of eight bits. */
const firstTable = [
  set('value', get('byte')),
  ...range(8).map(() =>
    set(
      'value',
      xor(
        shiftRight(get('value'), 1),
        `(i32.and ${i32(POLYNOMIAL)} (i32.sub ${i32(0)} (i32.and ${get('value')} ${i32(1)})))`,
      ),
    ),
  ),
];

/** Writes the tables. */
const prepare = func(
  'crcPrepare',
  { exported: true, params: ['tables'], locals: { i32: ['byte', 'value', 'at'] } },
  repeatWhile(
    'bytes',
    `(i32.lt_u ${get('byte')} ${i32(256)})`,
    ...firstTable,
    `(i32.store ${add(get('tables'), `(i32.shl ${get('byte')} ${i32(2)})`)} ${get('value')})`,
    set('byte', add(get('byte'), i32(1))),
  ),
  set('byte', i32(0)),
  repeatWhile(
    'slices',
    `(i32.lt_u ${get('byte')} ${i32(256)})`,
    set('at', add(get('tables'), `(i32.shl ${get('byte')} ${i32(2)})`)),
    ...range(CRC_SLICES - 1).flatMap((table) => [
      set('value', `(i32.load offset=${table * CRC_TABLE_BYTES} ${get('at')})`),
      `(i32.store offset=${(table + 1) * CRC_TABLE_BYTES} ${get('at')} ` +
        `${xor(shiftRight(get('value'), 8), entry(0, byteOf(get('value'), 0)))})`,
    ]),
    set('byte', add(get('byte'), i32(1))),
  ),
);

const words = range(CRC_SLICES / 4);
/** What byte i of a step contributes. */
const entries = range(CRC_SLICES).map((i) => entry(CRC_SLICES - 1 - i, byteOf(get(`word${i >> 2}`), i & 3)));

const update = func(
  'crcUpdate',
  {
    exported: true,
    params: ['tables', 'register', 'source', 'bytes'],
    result: true,
    locals: { i32: ['end', ...words.map((i) => `word${i}`)] },
  },
  set('end', add(get('source'), `(i32.and ${get('bytes')} ${i32(-CRC_SLICES)})`)),
  repeatWhile(
    'slices',
    `(i32.ne ${get('source')} ${get('end')})`,
    ...words.map((i) => set(`word${i}`, `(i32.load offset=${4 * i} align=1 ${get('source')})`)),
    set('word0', xor(get('word0'), get('register'))),
    set(
      'register',
      // The next step waits for the bytes that meet the register: they come in last.
      xor(xor(...entries.slice(4)), xor(...entries.slice(0, 4))),
    ),
    set('source', add(get('source'), i32(CRC_SLICES))),
  ),
  set('end', add(get('source'), `(i32.and ${get('bytes')} ${i32(CRC_SLICES - 1)})`)),
  repeatWhile(
    'bytes',
    `(i32.ne ${get('source')} ${get('end')})`,
    set(
      'register',
      xor(shiftRight(get('register'), 8), entry(0, byteOf(xor(get('register'), `(i32.load8_u ${get('source')})`), 0))),
    ),
    set('source', add(get('source'), i32(1))),
  ),
  get('register'),
);

export const CRC = [prepare, update];
