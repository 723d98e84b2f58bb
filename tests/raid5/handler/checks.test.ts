import { GuestPanic } from '../../../emulator/findings';
import { CHECK5 } from '../../../raid5/handler/check5';
import { CHECK6 } from '../../../raid5/handler/check6';
import { analyse } from '../../../raid5/handler/state';
import type { CheckState } from '../../../raid5/stripe/flags';
import { OP, R5, STRIPE } from '../../../raid5/stripe/flags';
import type { CheckGiven, CheckOutcome } from './check-rules';
import { checkByRules } from './check-rules';
import { disksOf, stripeOf, viewOf } from './stripes';

const STATES: readonly CheckState[] = [
  'idle',
  'run',
  'run_q',
  'run_pq',
  'check_result',
  'compute_run',
  'compute_result',
];

function checkByCode(given: CheckGiven): CheckOutcome | string {
  const { level, members, failed, uptodate } = given;
  const stripe = stripeOf(members);
  stripe.pdIdx = level === 6 ? members - 2 : members - 1;
  stripe.qdIdx = level === 6 ? members - 1 : -1;
  stripe.checkState = given.state;
  stripe.zeroSumResult.value = given.result;
  stripe.set(STRIPE.SYNCING | STRIPE.DEGRADED | (given.insync ? STRIPE.INSYNC : 0));
  stripe.dev.forEach((dev, disk) => dev.set(uptodate[disk] ? R5.UPTODATE : 0));
  const view = viewOf(
    stripe.dev.map((_, disk) => !failed.includes(disk)),
    { action: given.checkOnly ? 'check' : 'repair' },
  );
  const state = analyse(stripe, view);
  try {
    (level === 6 ? CHECK6 : CHECK5)[given.state](stripe, state, view.syncPass);
  } catch (error) {
    if (error instanceof GuestPanic) return error.rule;
    throw error;
  }
  const disks = (wanted: number): number[] => stripe.dev.flatMap((dev, disk) => (dev.has(wanted) ? [disk] : []));
  const writes = disks(R5.Wantwrite);
  const computes = state.ops & OP.COMPUTE ? [...stripe.targets].sort((a, b) => a - b) : [];
  // What is written is LOCKED and counted, what is computed runs; and a stripe that was written back is whole again.
  expect([disks(R5.LOCKED), state.locked]).toEqual([writes, writes.length]);
  expect([disks(R5.Wantcompute), stripe.has(STRIPE.COMPUTE_RUN)]).toEqual([computes, computes.length > 0]);
  if (writes.length > 0) expect(stripe.has(STRIPE.DEGRADED)).toBe(false);
  return {
    state: stripe.checkState,
    starts: (state.ops & OP.CHECK) !== 0,
    writes,
    computes,
    insync: stripe.has(STRIPE.INSYNC),
    mismatch: view.syncPass.mismatchSectors,
    pValid: stripe.dev[stripe.pdIdx].has(R5.UPTODATE),
  };
}

function* everyCheck(level: 5 | 6, members: number): Generator<CheckGiven, void, void> {
  const sets = Array.from({ length: 2 ** members }, (_, mask) => disksOf(mask));
  const states = STATES.filter((state) => level === 6 || !['run_q', 'run_pq'].includes(state));
  // A computed result stands for what the check had found; anything else would be a stale one.
  for (const state of states) {
    for (const failed of sets.filter(({ length }) => length <= level - 4)) {
      for (let result = 0; result < (level === 6 ? 4 : 2); result++) {
        for (const valid of sets) {
          const uptodate = Array.from({ length: members }, (_, disk) => valid.includes(disk));
          for (const checkOnly of [true, false]) {
            for (const insync of [true, false]) {
              // Failed members are remembered in scan order, the last one first (AN-06).
              yield { level, members, state, failed: [...failed].reverse(), result, checkOnly, insync, uptodate };
            }
          }
        }
      }
    }
  }
}

it.each([
  [5, 3, 1280],
  [6, 4, 19_712],
] as const)('RAID-%i of %i: every state of a check goes on as C5 and C6 say', (level, members, count) => {
  let compared = 0;
  for (const given of everyCheck(level, members)) {
    compared++;
    const [code, rules] = [checkByCode(given), checkByRules(given)];
    if (JSON.stringify(code) !== JSON.stringify(rules)) expect({ given, code }).toEqual({ given, code: rules });
  }
  expect(compared).toBe(count);
});

const NOTHING = { starts: false, writes: [], computes: [], insync: false, mismatch: 0, pValid: true };
const FIVE: CheckGiven = {
  level: 5,
  members: 4,
  state: 'idle',
  failed: [],
  result: 0,
  checkOnly: false,
  insync: false,
  uptodate: [true, true, true, true],
};
const SIX: CheckGiven = { ...FIVE, level: 6, members: 5, uptodate: [true, true, true, true, true] };

it.each<[string, CheckGiven, Partial<CheckOutcome>]>([
  [
    'of RAID-5 writes parity back, not the block of a member that failed meanwhile (C5-02, R-07)',
    { ...FIVE, state: 'compute_result', failed: [1] },
    { state: 'idle', insync: true, writes: [3] },
  ],
  [
    'of RAID-5 is looked at again when a member failed meanwhile (C5-04, R-06)',
    { ...FIVE, state: 'check_result', result: 1, failed: [1] },
    { state: 'idle' },
  ],
  [
    'of RAID-5 writes the block that is rebuilt without checking (C5-02, RS-03)',
    { ...FIVE, failed: [1] },
    { state: 'idle', insync: true, writes: [1] },
  ],
  [
    'of RAID-6 compares only Q when a data member is missing, since P has made its block (C6-04)',
    { ...SIX, failed: [0] },
    { state: 'run_q', starts: true },
  ],
  [
    'of RAID-6 compares only P when Q is missing, and P is lost to it (C6-01)',
    { ...SIX, failed: [4] },
    { state: 'run', starts: true, pValid: false },
  ],
  [
    'of RAID-6 has nothing to compare when two are missing, and writes both (C6-01)',
    { ...SIX, failed: [4, 1] },
    { state: 'idle', insync: true, writes: [1, 4] },
  ],
  [
    'of RAID-6 that found Q good writes the missing block next (C6-03)',
    { ...SIX, state: 'check_result', failed: [2] },
    { state: 'compute_result' },
  ],
  [
    'of RAID-6 that found both wrong computes both (C6-03)',
    { ...SIX, state: 'check_result', result: 3 },
    { state: 'compute_run', computes: [3, 4], mismatch: 8 },
  ],
])('a check %s', (_, given, expected) => {
  expect(checkByCode(given)).toEqual({ ...NOTHING, state: given.state, ...expected });
});
