/** P+Q: the steps of phases, and whole operations over up to 32 sources. */
import { MULTIPLIERS_OFFSET, SOURCE_TABLES_BYTES, TABLES_OFFSET } from '../../emulator/datapath/layout';
import { doubled, multiplied, prepareTables, TABLE_LOCALS } from './galois';
import { chooseByCount, listLoop, SPECIAL_COUNTS, sourceLocals, takeSources } from './sources';
import type { Piece } from './wat';
import { add, func, get, i32, range, set, sweep, SWEEP_LOCALS, sweepEach, VECTOR, xor, ZERO } from './wat';

/** A step over one source with any multiplier; `s` holds the piece of the source. */
function step(name: string, params: readonly string[], body: (piece: Piece) => readonly string[]): string {
  return func(
    name,
    {
      exported: true,
      params: [...params, 'source', 'multiplier', 'bytes'],
      locals: { i32: SWEEP_LOCALS, v128: [...TABLE_LOCALS, 's'] },
    },
    prepareTables(get('multiplier')),
    sweepEach(4, (piece) => [set('s', piece.load(get('source'))), ...body(piece)].join('\n')),
  );
}

const P = get('p');
const Q = get('q');
const accumulateInto = (queue: string, piece: Piece, value: string): string =>
  piece.store(queue, xor(piece.load(queue), value));

const steps = [
  step('loadPq', ['p', 'q'], (piece) => [piece.store(P, get('s')), piece.store(Q, multiplied('s'))]),
  step('accumulatePq', ['p', 'q'], (piece) => [
    accumulateInto(P, piece, get('s')),
    accumulateInto(Q, piece, multiplied('s')),
  ]),
  step('multiplyLoad', ['q'], (piece) => [piece.store(Q, multiplied('s'))]),
  step('multiplyAccumulate', ['q'], (piece) => [accumulateInto(Q, piece, multiplied('s'))]),
];

/** Consecutive powers of two: Horner from the last source, Q := 2Q + S. */
const specialSyndromes = SPECIAL_COUNTS.map((count) =>
  func(
    `syndrome${count}`,
    {
      params: ['p', 'q', 'list', 'bytes'],
      locals: { i32: [...SWEEP_LOCALS, ...sourceLocals(count)], v128: ['s', 'sum', 'horner'] },
    },
    takeSources(count),
    sweepEach(4, (piece) =>
      [
        set('sum', piece.load(get(`source${count - 1}`))),
        set('horner', get('sum')),
        ...range(count - 1)
          .reverse()
          .flatMap((i) => [
            set('s', piece.load(get(`source${i}`))),
            set('sum', xor(get('sum'), get('s'))),
            set('horner', xor(doubled('horner'), get('s'))),
          ]),
        piece.store(P, get('sum')),
        piece.store(Q, get('horner')),
      ].join('\n'),
    ),
  ),
);

/** Locals for the sums of `unroll` pieces. */
const sums = (unroll: number): string[] => range(unroll).flatMap((i) => [`p${i}`, `q${i}`]);
const clearSums = (pieces: readonly Piece[]): string[] =>
  pieces.flatMap(({ index }) => [set(`p${index}`, ZERO), set(`q${index}`, ZERO)]);
const storeSums = (pieces: readonly Piece[]): string[] =>
  pieces.flatMap(({ index, store }) => [store(P, get(`p${index}`)), store(Q, get(`q${index}`))]);

const UNROLL = 4;

/** Any number of sources, listed from the last to the first. */
const anySyndrome = func(
  'syndromeAny',
  {
    params: ['p', 'q', 'list', 'count', 'bytes'],
    locals: { i32: [...SWEEP_LOCALS, 'entry', 'last', 'source'], v128: ['s', ...sums(UNROLL)] },
  },
  sweep(UNROLL, (pieces) =>
    [
      ...clearSums(pieces),
      listLoop(
        'down',
        ...pieces.flatMap(({ index, load }) => [
          set('s', load(get('source'))),
          set(`p${index}`, xor(get(`p${index}`), get('s'))),
          set(`q${index}`, xor(doubled(`q${index}`), get('s'))),
        ]),
      ),
      ...storeSums(pieces),
    ].join('\n'),
  ),
);

const syndrome = func(
  'syndrome',
  { exported: true, params: ['p', 'q', 'list', 'count', 'bytes'] },
  chooseByCount(
    'syndrome',
    ['p', 'q', 'list', 'bytes'],
    `(call $syndromeAny ${['p', 'q', 'list', 'count', 'bytes'].map(get).join(' ')})`,
  ),
);

/**
 * Any multipliers: they stand behind the addresses in the list, and behind them is room for the tables, which are made
 * first. One source after the other is folded into the sums of a turn.
 */
const pqGeneral = func(
  'pqGeneral',
  {
    exported: true,
    params: ['p', 'q', 'list', 'count', 'bytes'],
    locals: {
      i32: [...SWEEP_LOCALS, 'entry', 'last', 'source', 'table'],
      v128: [...TABLE_LOCALS, 's', ...sums(UNROLL)],
    },
  },
  set('table', add(get('list'), i32(TABLES_OFFSET))),
  listLoop(
    'up',
    prepareTables(`(i32.load offset=${MULTIPLIERS_OFFSET} ${get('entry')})`),
    `(v128.store ${get('table')} ${get('low')})`,
    `(v128.store offset=${VECTOR} ${get('table')} ${get('high')})`,
    set('table', add(get('table'), i32(SOURCE_TABLES_BYTES))),
  ),
  sweep(UNROLL, (pieces) =>
    [
      ...clearSums(pieces),
      set('table', add(get('list'), i32(TABLES_OFFSET))),
      listLoop(
        'up',
        set('low', `(v128.load ${get('table')})`),
        set('high', `(v128.load offset=${VECTOR} ${get('table')})`),
        ...pieces.flatMap(({ index, load }) => [
          set('s', load(get('source'))),
          set(`p${index}`, xor(get(`p${index}`), get('s'))),
          set(`q${index}`, xor(get(`q${index}`), multiplied('s'))),
        ]),
        set('table', add(get('table'), i32(SOURCE_TABLES_BYTES))),
      ),
      ...storeSums(pieces),
    ].join('\n'),
  ),
);

export const PQ = [...steps, ...specialSyndromes, anySyndrome, syndrome, pqGeneral];
