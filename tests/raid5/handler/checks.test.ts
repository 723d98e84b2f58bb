import { SumCheck } from '../../../dmaengine/flags';
import type { SyncPass } from '../../../raid5/handler/checks';
import { handleParityCheck } from '../../../raid5/handler/checks';
import { analyse } from '../../../raid5/handler/state';
import type { CheckState } from '../../../raid5/stripe/flags';
import { OP, R5, STRIPE } from '../../../raid5/stripe/flags';
import { R5Dev, StripeHead } from '../../../raid5/stripe/stripe-head';

const PARITY = 1;
const DATA = 2;

interface Case {
  readonly check: CheckState;
  /** The member that is not Insync. */
  readonly failed?: number;
  readonly result?: number;
  readonly checkOnly?: boolean;
  readonly insync?: boolean;
  /** Blocks that are not UPTODATE. */
  readonly missing?: readonly number[];
}

interface Outcome {
  readonly check: CheckState;
  readonly ops: number;
  readonly writes: readonly number[];
  readonly insync: boolean;
  readonly mismatch: number;
  readonly target: number;
}

function handle(given: Case): Outcome {
  const stripe = new StripeHead(Array.from({ length: 4 }, (_, i) => new R5Dev({ address: 4096 * i })));
  stripe.pdIdx = PARITY;
  stripe.checkState = given.check;
  stripe.zeroSumResult.value = given.result ?? 0;
  stripe.set(STRIPE.SYNCING | STRIPE.DEGRADED | (given.insync ? STRIPE.INSYNC : 0));
  stripe.dev.forEach((dev, disk) => dev.set(given.missing?.includes(disk) ? 0 : R5.UPTODATE));
  const state = analyse(stripe, (disk) => disk !== given.failed);
  const pass: SyncPass = { checkOnly: given.checkOnly ?? true, mismatchSectors: 0 };
  handleParityCheck(stripe, state, pass);
  expect(stripe.has(STRIPE.HANDLE)).toBe(true);
  const writes = stripe.dev.flatMap((dev, disk) => (dev.has(R5.Wantwrite) ? [disk] : []));
  for (const disk of writes) expect(stripe.dev[disk].has(R5.LOCKED)).toBe(true);
  if (writes.length > 0) expect([stripe.has(STRIPE.DEGRADED), state.locked]).toEqual([false, writes.length]);
  return {
    check: stripe.checkState,
    ops: state.ops,
    writes,
    insync: stripe.has(STRIPE.INSYNC),
    mismatch: pass.mismatchSectors,
    target: stripe.target,
  };
}

const NOTHING: Outcome = { check: 'idle', ops: 0, writes: [], insync: false, mismatch: 0, target: -1 };
const BAD = SumCheck.P_RESULT;

it.each<[string, Case, Partial<Outcome>]>([
  ['starts when all blocks are there (C5-01)', { check: 'idle' }, { check: 'run', ops: OP.CHECK }],
  ['waits while the check runs (C5-03)', { check: 'run' }, { check: 'run' }],
  ['waits while the check runs and a member failed (C5-03)', { check: 'run', failed: DATA }, { check: 'run' }],
  ['waits while parity is computed (C5-03)', { check: 'compute_run' }, { check: 'compute_run' }],
  ['is in sync when the sum is zero (C5-04)', { check: 'check_result' }, { insync: true }],
  [
    'counts 8 sectors and writes nothing when told only to check (C5-04, RS-02)',
    { check: 'check_result', result: BAD },
    { insync: true, mismatch: 8 },
  ],
  [
    'counts 8 sectors and computes parity when told to repair (C5-04)',
    { check: 'check_result', result: BAD, checkOnly: false, missing: [PARITY] },
    { check: 'compute_run', ops: OP.COMPUTE, mismatch: 8, target: PARITY },
  ],
  [
    'leaves the stripe to be looked at again when a member failed meanwhile (C5-04, R-06)',
    { check: 'check_result', result: BAD, failed: DATA },
    {},
  ],
  [
    'writes parity back when it has been computed (C5-02)',
    { check: 'compute_result', checkOnly: false },
    { insync: true, writes: [PARITY] },
  ],
  [
    'writes parity back, not the block of a member that failed meanwhile (C5-02, R-07)',
    { check: 'compute_result', checkOnly: false, failed: DATA },
    { insync: true, writes: [PARITY] },
  ],
  [
    'does not write over a stripe that a write has brought in sync (C5-02)',
    { check: 'compute_result', insync: true },
    { insync: true },
  ],
  [
    'writes the block of the failed member back without checking (C5-02, RS-03)',
    { check: 'idle', failed: DATA },
    { insync: true, writes: [DATA] },
  ],
  [
    'writes parity back when its member failed (C5-02)',
    { check: 'idle', failed: PARITY },
    { insync: true, writes: [PARITY] },
  ],
])('a stripe under check %s', (_, given, expected) => {
  expect(handle(given)).toEqual({ ...NOTHING, ...expected });
});

it('takes parity off the valid blocks when the check starts, because software destroys it (C5-01, XV-01)', () => {
  const stripe = new StripeHead(Array.from({ length: 3 }, () => new R5Dev({ address: 4096 })));
  stripe.set(STRIPE.SYNCING);
  stripe.dev.forEach((dev) => dev.set(R5.UPTODATE));
  handleParityCheck(
    stripe,
    analyse(stripe, () => true),
    { checkOnly: true, mismatchSectors: 0 },
  );
  expect(stripe.dev.map((dev) => dev.has(R5.UPTODATE))).toEqual([false, true, true]);
});

it.each<[string, Case, string]>([
  ['a check starts with a block missing', { check: 'idle', missing: [3] }, 'C5-01'],
  ['a block is written back that is not there', { check: 'idle', failed: DATA, missing: [DATA] }, 'C5-02'],
  ['computed parity is written back that is not there', { check: 'compute_result', missing: [PARITY] }, 'C5-02'],
])('panics when %s', (_, given, rule) => {
  expect(() => handle(given)).toThrow(expect.objectContaining({ rule }));
});
