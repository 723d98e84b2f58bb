import { countReads } from '../../../raid5/handler/dirtying';
import { OP, R5 } from '../../../raid5/stripe/flags';
import type { Given } from './rules';
import { BIO, decideByCode, disksOf, NONE, stripeOf } from './stripes';

/** An empty cache: w blocks overwritten, v partially written, of d data members; then P, and Q on RAID-6. */
function empty(level: 5 | 6, d: number, w: number, v: number, failed = -1, rmwLevel: 0 | 1 | 2 = 1): Given {
  const blocks = Array.from({ length: d + level - 4 }, (_, i) => ({
    uptodate: false,
    locked: false,
    overwrite: i < w,
    insync: i !== failed,
    toread: false,
    towrite: i < w + v,
    wantcompute: false,
  }));
  return { blocks, p: d, q: level === 6 ? d + 1 : -1, preread: true, syncing: false, rmwLevel, dirty: false };
}

/** The counts alone, before anything is read for partial writes. */
function counts(given: Given): { rmw: number; rcw: number } {
  const stripe = stripeOf(given.blocks.length);
  stripe.pdIdx = given.p;
  stripe.qdIdx = given.q;
  given.blocks.forEach((block, i) => {
    stripe.dev[i].flags = (block.overwrite ? R5.OVERWRITE : 0) | (block.insync ? R5.Insync : 0);
    stripe.dev[i].towrite = block.towrite ? BIO : NONE;
  });
  return countReads(stripe);
}

function reads(given: Given): number[] {
  return disksOf(decideByCode(stripeOf(given.blocks.length), given).decided.reads);
}

it.each([5, 6] as const)(
  'RAID-%i counts rmw = w + v + its parities and rcw = d - w on an empty cache (WR-15)',
  (level) => {
    for (let d = 1; d <= 8; d++) {
      for (let w = 0; w <= d; w++) {
        for (let v = w === 0 ? 1 : 0; w + v <= d; v++) {
          const expected = { rmw: w + v + (level === 6 ? 2 : 1), rcw: d - w };
          expect([d, w, v, counts(empty(level, d, w, v))]).toEqual([d, w, v, expected]);
        }
      }
    }
  },
);

it.each<[5 | 6, number, number, 0 | 1 | 2, readonly number[], string]>([
  [5, 3, 1, 1, [1, 2], 'rcw: 2 = 2 at level 1'],
  [5, 3, 1, 2, [0, 3], 'rmw: 2 = 2 at level 2'],
  [5, 4, 1, 1, [0, 4], 'rmw: 2 < 3'],
  [5, 4, 1, 0, [1, 2, 3], 'rcw: rmw is disabled'],
  [5, 4, 2, 1, [2, 3], 'rcw: 2 < 3'],
  [5, 6, 2, 1, [0, 1, 6], 'rmw: 3 < 4'],
  [5, 7, 3, 1, [3, 4, 5, 6], 'rcw: 4 = 4'],
  [6, 4, 1, 1, [1, 2, 3], 'rcw: 3 = 3'],
  [6, 4, 1, 2, [0, 4, 5], 'rmw: 3 = 3 at level 2'],
  [6, 5, 1, 1, [0, 5, 6], 'rmw: 3 < 4'],
  [6, 5, 1, 0, [1, 2, 3, 4], 'rcw: rmw is disabled'],
])('RAID-%i of %i data members, %i overwritten, at rmw level %i reads %j (%s) (WR-03, WR-12, WR-15)', (...row) => {
  const [level, d, w, rmwLevel, expected] = row;
  expect(reads(empty(level, d, w, 0, -1, rmwLevel))).toEqual(expected);
});

it.each([5, 6] as const)(
  'RAID-%i writes a full stripe without reading, and counts it as full (WR-08, WR-15)',
  (level) => {
    for (let d = level - 4; d <= 6; d++) {
      const given = { ...empty(level, d, d, 0), preread: false };
      const { decided } = decideByCode(stripeOf(given.blocks.length), given);
      expect(decided).toEqual({ reads: 0, computes: 0, fills: 0, delayed: false, write: 'full', drains: 2 ** d - 1 });
    }
  },
);

it('where parity may be wrong, a write is a reconstruct-write however much that reads (WR-01, R-58)', () => {
  const given = { ...empty(5, 6, 1, 0), dirty: true };
  expect(reads(given)).toEqual([1, 2, 3, 4, 5]);
  expect(reads({ ...given, dirty: false })).toEqual([0, 6]);
});

it('prices the partially written block of a failed member at 2·disks in both counts, and so reads everything first (WR-16)', () => {
  const given = empty(5, 3, 0, 1, 0);
  expect(counts(given)).toEqual({ rmw: 8 + 1, rcw: 8 + 2 });
  const patient = decideByCode(stripeOf(4), { ...given, preread: false }).decided;
  expect([patient.reads, patient.delayed]).toEqual([0, true]);
  expect(reads(given)).toEqual([1, 2, 3]);
  const cached = given.blocks.map((block, i) => ({ ...block, uptodate: i !== 0 }));
  const { decided, state } = decideByCode(stripeOf(4), { ...given, blocks: cached });
  expect(decided).toMatchObject({ computes: 1, reads: 0, write: 'rcw', drains: 1 });
  expect(state.ops).toBe(OP.COMPUTE | OP.BIODRAIN | OP.RECONSTRUCT);
});

it('of a RAID-6 with two members missing, a partial write to one reads all others and computes both (FI-03, FI-04, R-33)', () => {
  const given = empty(6, 4, 0, 1, 0);
  given.blocks[2].insync = false;
  expect(reads(given)).toEqual([1, 3, 4, 5]);
  const cached = given.blocks.map((block, i) => ({ ...block, uptodate: i !== 0 && i !== 2 }));
  const { decided } = decideByCode(stripeOf(6), { ...given, blocks: cached });
  expect(decided).toMatchObject({ computes: 0b101, reads: 0 });
});

it('of a RAID-6, P is computed when all else is here, even on a working member (FI-04, R-56)', () => {
  const blocks = empty(6, 3, 0, 0).blocks.map((block, i) => ({ ...block, uptodate: i !== 3 }));
  const { decided } = decideByCode(stripeOf(5), { ...empty(6, 3, 0, 0), blocks, syncing: true });
  expect(decided).toMatchObject({ computes: 0b01000, reads: 0 });
  const missingQ = blocks.map((block, i) => ({ ...block, uptodate: i !== 4 }));
  const other = decideByCode(stripeOf(5), { ...empty(6, 3, 0, 0), blocks: missingQ, syncing: true }).decided;
  expect(other).toMatchObject({ computes: 0, reads: 0b10000 });
});
