/** Kernels that move bytes or look at them: copy, fill, endian swap, the zero check. */
import { add, func, get, i32, range, repeatWhile, set, sweep, SWEEP_LOCALS, sweepEach, VECTOR } from './wat';

/** Between memory and a queue, either way. */
const move = func(
  'move',
  { exported: true, params: ['to', 'from', 'bytes'], locals: { i32: SWEEP_LOCALS } },
  sweepEach(8, (piece) => piece.store(get('to'), piece.load(get('from')))),
);

const rotateBytes = (vector: string): string =>
  `(i8x16.shuffle ${range(VECTOR)
    .map((lane) => (lane + 1) % VECTOR)
    .join(' ')} ${vector} ${vector})`;

/**
 * Byte k of an address mod 4 takes byte k of the pattern. Rotated by the phase of the destination, the pattern begins
 * with its first byte there; strides of 16 keep the phase, single bytes rotate it on.
 */
const fill = func(
  'fill',
  { exported: true, params: ['to', 'pattern', 'bytes'], locals: { i32: SWEEP_LOCALS, v128: ['word'] } },
  set('word', `(i32x4.splat (i32.rotr ${get('pattern')} (i32.shl ${get('to')} ${i32(3)})))`),
  sweepEach(4, (piece) =>
    [piece.store(get('to'), get('word')), ...(piece.bytes === 1 ? [set('word', rotateBytes(get('word')))] : [])].join(
      '\n',
    ),
  ),
);

/** Whether all bytes are zero: 1 or 0. Leaves at the first turn that is not. */
const isZero = func(
  'isZero',
  { exported: true, params: ['queue', 'bytes'], result: true, locals: { i32: SWEEP_LOCALS } },
  sweep(4, (pieces) => {
    const all = pieces.map((piece) => piece.load(get('queue'))).reduce((a, b) => `(v128.or ${a} ${b})`);
    return `(if (v128.any_true ${all}) (then (return ${i32(0)})))`;
  }),
  i32(1),
);

const REVERSED_WORDS = range(VECTOR).map((lane) => lane ^ 3);

/** Reverses the bytes of each word; `words` ends the vectors at a word, and single words follow. */
const swap32 = func(
  'swap32',
  { exported: true, params: ['queue', 'bytes'], locals: { i32: ['end'], v128: ['words'] } },
  set('end', add(get('queue'), `(i32.and ${get('bytes')} ${i32(-VECTOR)})`)),
  repeatWhile(
    'vectors',
    `(i32.lt_u ${get('queue')} ${get('end')})`,
    set('words', `(v128.load ${get('queue')})`),
    `(v128.store ${get('queue')} (i8x16.shuffle ${REVERSED_WORDS.join(' ')} ${get('words')} ${get('words')}))`,
    set('queue', add(get('queue'), i32(VECTOR))),
  ),
  set('end', add(get('queue'), `(i32.and ${get('bytes')} ${i32(12)})`)),
  repeatWhile(
    'words',
    `(i32.lt_u ${get('queue')} ${get('end')})`,
    set('words', `(v128.load32_zero ${get('queue')})`),
    `(v128.store32_lane 0 ${get('queue')} (i8x16.shuffle ${REVERSED_WORDS.join(' ')} ${get('words')} ${get('words')}))`,
    set('queue', add(get('queue'), i32(4))),
  ),
);

export const MEMORY = [move, fill, isZero, swap32];
