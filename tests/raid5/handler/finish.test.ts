import { STRIPE_STEPS } from '../../../raid5/steps';
import { correctReadErrors, failStripe, parityIsSafe, reconstructFinished } from '../../../raid5/handler/finish';
import { analyse } from '../../../raid5/handler/state';
import { Bio } from '../../../raid5/bio';
import { R5, STRIPE } from '../../../raid5/stripe/flags';
import type { StripeHead } from '../../../raid5/stripe/stripe-head';
import { BIO, disksOf, stripeOf, viewOf } from './stripes';

/** Five members: data on 0, 1, 2, P on 3, Q on 4 with level 6; four and no Q with level 5. */
function stripe(level: 5 | 6, flags = R5.UPTODATE): StripeHead {
  const head = stripeOf(level - 1);
  head.pdIdx = 3;
  head.qdIdx = level === 6 ? 4 : -1;
  for (const dev of head.dev) dev.set(flags);
  return head;
}

function stateOf(head: StripeHead, failed: readonly number[]) {
  return analyse(head, viewOf(head.dev.map((_, disk) => !failed.includes(disk))));
}

describe.each([5, 6] as const)('RAID-%i', (level) => {
  const members = level - 1;
  const losses = Array.from({ length: 2 ** members }, (_, mask) => disksOf(mask)).filter(
    ({ length }) => length <= level - 4,
  );

  it('a reconstruct makes the stripe count as in sync only where it looked at all of it, and only for its own block (HS-08, R-09, R-44)', () => {
    for (const failed of losses) {
      for (const written of Array.from({ length: 7 }, (_, mask) => disksOf(mask + 1))) {
        for (const result of ['drain_result', 'prexor_drain_result'] as const) {
          const head = stripe(level);
          head.reconstructState = result;
          const touched = [...written, 3, ...(level === 6 ? [4] : [])];
          for (const disk of written) head.dev[disk].written = BIO;
          for (const disk of touched) head.dev[disk].set(R5.LOCKED);
          reconstructFinished(head, stateOf(head, failed), STRIPE_STEPS);
          const writes = head.dev.flatMap((dev, disk) => (dev.has(R5.Wantwrite) ? [disk] : []));
          expect([writes, head.reconstructState]).toEqual([touched, 'idle']);
          const whole = result === 'drain_result' && failed.length < 2;
          const insync = whole && (failed.length === 0 || touched.some((disk) => failed.includes(disk)));
          expect([failed, written, result, head.has(STRIPE.INSYNC)]).toEqual([failed, written, result, insync]);
        }
      }
    }
  });

  it('writes are answered when P, and Q, are on their disks or their disks are gone (HS-09)', () => {
    for (const failed of losses) {
      for (const flags of [0, R5.UPTODATE, R5.LOCKED, R5.LOCKED | R5.UPTODATE]) {
        for (const qFlags of [0, R5.UPTODATE, R5.LOCKED, R5.LOCKED | R5.UPTODATE]) {
          const head = stripe(level, 0);
          head.dev[3].set(flags);
          if (level === 6) head.dev[4].set(qFlags);
          const pSafe = failed.includes(3) || flags === R5.UPTODATE;
          const qSafe = level === 5 || failed.includes(4) || qFlags === R5.UPTODATE;
          expect([failed, flags, qFlags, parityIsSafe(head, stateOf(head, failed))]).toEqual([
            failed,
            flags,
            qFlags,
            pSafe && qSafe,
          ]);
        }
      }
    }
  });
});

it('too many failures end writes and what cannot be read, and let go of every block (HS-19)', () => {
  const ended: string[] = [];
  const bio = (name: string): Bio[] => {
    const one = new Bio(name.startsWith('w'), 0, 8, [], (failed) =>
      ended.push(`${name} ${failed ? 'failed' : 'good'}`),
    );
    return [one];
  };
  const head = stripe(5, R5.LOCKED);
  [0, 1, 2].forEach((disk) => {
    head.dev[disk].toread = bio(`read ${disk}`);
    head.dev[disk].towrite = bio(`write ${disk}`);
  });
  head.dev[2].written = bio('written 2');
  head.dev[1].set(R5.UPTODATE);
  const state = stateOf(head, [0, 1]);
  const failedMembers: number[] = [];
  failStripe(head, state, (disk) => failedMembers.push(disk));
  expect(ended.sort()).toEqual([
    'read 0 failed',
    'write 0 failed',
    'write 1 failed',
    'write 2 failed',
    'written 2 failed',
  ]);
  expect([state.toWrite, state.written, failedMembers]).toEqual([0, 0, []]);
  expect(head.dev.some((dev) => dev.has(R5.LOCKED))).toBe(false);
});

it('a block that could not be read is written when it is known, then read back (HS-15)', () => {
  const head = stripe(6);
  head.dev[1].set(R5.ReadError);
  const wanted = (): string[] =>
    ['Wantwrite', 'Wantread', 'ReWrite', 'LOCKED'].filter((name) => head.dev[1].has(R5[name as keyof typeof R5]));
  correctReadErrors(head, stateOf(head, []));
  expect(wanted()).toEqual(['Wantwrite', 'ReWrite', 'LOCKED']);
  head.dev[1].clear(R5.Wantwrite);
  correctReadErrors(head, stateOf(head, []));
  expect(wanted()).toEqual(['ReWrite', 'LOCKED']);
  head.dev[1].clear(R5.LOCKED);
  correctReadErrors(head, stateOf(head, []));
  expect(wanted()).toEqual(['Wantread', 'ReWrite', 'LOCKED']);
});

it('does not correct what is not known, nor on an array that has lost too much (HS-15)', () => {
  const unknown = stripe(5, 0);
  unknown.dev[1].set(R5.ReadError);
  correctReadErrors(unknown, stateOf(unknown, []));
  const lost = stripe(5);
  lost.dev[1].set(R5.ReadError);
  correctReadErrors(lost, stateOf(lost, [0]));
  expect([unknown, lost].map((head) => head.dev[1].has(R5.Wantwrite))).toEqual([false, false]);
});
