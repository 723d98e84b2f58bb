/** Small writes on arrays whose handler counts as the learner says. */
import type { R5Dev } from '../../../index';
import { WAYS } from '../../../raid5/handler/dirtying';
import type { WriteMode } from '../../../raid5/handler/dirtying';
import type { RmwLevel } from '../../../raid5/handler/state';
import { STRIPE_STEPS } from '../../../raid5/steps';
import type { Stack } from '../../../conformance/stack';
import { CaseArray } from '../../../conformance/world/case-array';
import type { CaseWorld } from '../../../conformance/world/case-world';
import { Checks } from '../grading';
import type { Grader } from '../lesson';
import type { Story } from '../on-the-stack';
import { checkCases, checkRun, stackWithParts, tryOut } from '../on-the-stack';

type Needs = (dev: R5Dev, parity: boolean) => boolean;
type Way = 'rmw' | 'rcw';

/** A write of whole blocks of one stripe, nothing of it cached. */
interface SmallWrite {
  readonly level: 5 | 6;
  readonly disks: number;
  readonly blocks: number;
  readonly rmwLevel: RmwLevel;
}

/** How a write was done, and what was read for it. */
interface Done {
  readonly mode: WriteMode;
  readonly reads: number;
}

/** Sectors of a block. */
const BLOCK = 8;

/** Either way, ties at both levels, and a full stripe. */
const WRITES: readonly SmallWrite[] = [
  { level: 5, disks: 5, blocks: 1, rmwLevel: 1 },
  { level: 5, disks: 5, blocks: 2, rmwLevel: 1 },
  { level: 5, disks: 4, blocks: 1, rmwLevel: 1 },
  { level: 5, disks: 4, blocks: 1, rmwLevel: 2 },
  { level: 6, disks: 7, blocks: 1, rmwLevel: 1 },
  { level: 6, disks: 7, blocks: 2, rmwLevel: 1 },
  { level: 5, disks: 5, blocks: 4, rmwLevel: 1 },
];

export const grade: Grader = (exercise) => {
  const needs = (exercise['needs'] ?? {}) as Partial<Record<Way, Needs>>;
  if (typeof needs.rmw !== 'function' || typeof needs.rcw !== 'function') {
    throw new Error('the exercise exports no needs with rmw and rcw');
  }
  const stack = stackWith({ rmw: needs.rmw, rcw: needs.rcw });
  const checks = new Checks();
  const [story] = WRITES.map((write) => checkWrite(checks, write, stack));
  checkCases(checks, stack, [
    'stripes/read-modify-write',
    'stripes/reconstruct-write',
    'stripes/degraded-partial-write',
  ]);
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: story.lines('stripe.decide', 'stripe.io', 'stripe.op') };
};

function stackWith(needs: Readonly<Record<Way, Needs>>): Stack {
  const ways = {
    rmw: { ...WAYS.rmw, needs: withParity(needs.rmw) },
    rcw: { ...WAYS.rcw, needs: withParity(needs.rcw) },
  };
  return stackWithParts({ stripes: { ...STRIPE_STEPS, ways } });
}

function withParity(needs: Needs): (typeof WAYS)[Way]['needs'] {
  return (stripe, dev, disk) => needs(dev, stripe.isParity(disk));
}

/** What the formula of WR-15 says. */
function byFormula({ level, disks, blocks, rmwLevel }: SmallWrite): Done {
  const parities = level - 4;
  const rcw = disks - parities - blocks;
  const rmw = blocks + parities;
  if (rcw === 0) return { mode: 'full', reads: 0 };
  return rmw < rcw || (rmw === rcw && rmwLevel === 2) ? { mode: 'rmw', reads: rmw } : { mode: 'rcw', reads: rcw };
}

function checkWrite(checks: Checks, write: SmallWrite, stack: Stack): Story {
  const { level, disks, blocks, rmwLevel } = write;
  const { mode, reads } = byFormula(write);
  const what = `${blocks} ${blocks === 1 ? 'block' : 'blocks'} written`;
  return checkRun(checks, {
    says: `RAID-${level} of ${disks}, ${what} at rmw_level ${rmwLevel}: the cheaper way, and no read too many`,
    rule: 'WR-15',
    on: 'iop342',
    stack,
    *body(world, story) {
      const array = yield* filled(world, write);
      story.begin(world);
      const done = yield* written(array, blocks);
      world.check(done.mode === mode, 'WR-03', mode, `it was ${done.mode}`, 'md');
      world.check(done.reads === reads, 'WR-02', `${reads} reads`, `there were ${done.reads}`, 'md');
      yield* array.audit();
    },
  });
}

function* filled(world: CaseWorld, { level, disks, rmwLevel }: SmallWrite): Generator<void, CaseArray, void> {
  const array = new CaseArray(world, 'WR-15', { level, disks });
  yield* array.fill();
  array.array.rmwLevel = rmwLevel;
  return array;
}

/** Writes that many blocks: what the disks had to read for it, and how the stripe was written. */
function* written(array: CaseArray, blocks: number): Generator<void, Done, void> {
  const { writes } = array.array.statistics;
  const before = { ...writes };
  const served = (): number => array.disks.reduce((sum, { statistics }) => sum + statistics.reads, 0);
  const readsBefore = served();
  yield* array.write(0, blocks * BLOCK);
  const mode = (['full', 'rmw', 'rcw'] as const).find((each) => writes[each] > before[each])!;
  return { mode, reads: served() - readsBefore };
}

/** What the questions come to, by the handler as it should be. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const [two] = tried({ level: 5, disks: 8, blocks: 2, rmwLevel: 1 });
  const [tie] = tried({ level: 5, disks: 4, blocks: 1, rmwLevel: 1 });
  const [once, again] = tried({ level: 6, disks: 7, blocks: 1, rmwLevel: 1 });
  checks.predicted(given['readsForTwoOfSeven'], two.reads, 'prediction: reads for two blocks of a RAID-5 of 8');
  checks.predicted(given['wayOfATie'], tie.mode, 'prediction: the way of a tie');
  checks.predicted(given['readsOnRaid6'], once.reads, 'prediction: reads for one block of a RAID-6 of 7');
  checks.predicted(given['readsOnceMore'], again.reads, 'prediction: reads when it is written once more');
}

/** The write, and the same once more. */
function tried(write: SmallWrite): Done[] {
  const done: Done[] = [];
  tryOut({
    says: 'a small write',
    rule: 'WR-15',
    on: 'iop342',
    *body(world) {
      const array = yield* filled(world, write);
      for (let i = 0; i < 2; i++) done.push(yield* written(array, write.blocks));
    },
  });
  return done;
}
