/** XOR: the step of a phase, and whole operations over up to 32 sources. */
import { chooseByCount, listLoop, SPECIAL_COUNTS, sourceLocals, takeSources } from './sources';
import { func, get, range, set, sweep, SWEEP_LOCALS, sweepEach, xor, ZERO } from './wat';

/** queue := queue XOR memory. */
const accumulate = func(
  'accumulate',
  { exported: true, params: ['queue', 'source', 'bytes'], locals: { i32: SWEEP_LOCALS } },
  sweepEach(8, (piece) => piece.store(get('queue'), xor(piece.load(get('queue')), piece.load(get('source'))))),
);

/** A fixed number of sources: their addresses stay in locals, and each piece is one expression. */
const special = SPECIAL_COUNTS.map((count) =>
  func(
    `xor${count}`,
    { params: ['to', 'list', 'bytes'], locals: { i32: [...SWEEP_LOCALS, ...sourceLocals(count)] } },
    takeSources(count),
    sweepEach(16, (piece) =>
      piece.store(get('to'), xor(...sourceLocals(count).map((source) => piece.load(get(source))))),
    ),
  ),
);

/** Any number of sources: their addresses are read from the list again and again, eight sums are kept. */
const UNROLL = 8;
const general = func(
  'xorAny',
  {
    params: ['to', 'list', 'count', 'bytes'],
    locals: { i32: [...SWEEP_LOCALS, 'entry', 'last', 'source'], v128: range(UNROLL).map((i) => `sum${i}`) },
  },
  sweep(UNROLL, (pieces) =>
    [
      ...pieces.map(({ index }) => set(`sum${index}`, ZERO)),
      listLoop(
        'up',
        ...pieces.map(({ index, load }) => set(`sum${index}`, xor(get(`sum${index}`), load(get('source'))))),
      ),
      ...pieces.map(({ index, store }) => store(get('to'), get(`sum${index}`))),
    ].join('\n'),
  ),
);

const choose = func(
  'xor',
  { exported: true, params: ['to', 'list', 'count', 'bytes'] },
  chooseByCount(
    'xor',
    ['to', 'list', 'bytes'],
    `(call $xorAny ${['to', 'list', 'count', 'bytes'].map(get).join(' ')})`,
  ),
);

export const XOR = [accumulate, ...special, general, choose];
