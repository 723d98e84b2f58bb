/** Two readers of a cached block, on an array whose fills end as the learner says. */
import type { R5Dev, Raid5Array, StripeHead } from '../../../index';
import { STRIPE } from '../../../index';
import type { StripeSteps } from '../../../raid5/steps';
import { STRIPE_STEPS } from '../../../raid5/steps';
import type { Stack } from '../../../conformance/stack';
import { CaseArray } from '../../../conformance/world/case-array';
import type { CaseWorld } from '../../../conformance/world/case-world';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';
import { attempt, checkCases, checkRun, stackWithParts } from '../on-the-stack';

type FillSteps = Pick<StripeSteps, 'answersFill' | 'fillEnded'>;

const AS_GIVEN: FillSteps = {
  answersFill: ({ toread }) => toread.length === 0,
  fillEnded: (array, stripe) => {
    if (stripe.dev.some(({ toread }) => toread.length > 0)) stripe.set(STRIPE.HANDLE);
    array.cache.release(stripe);
  },
};

/** Sectors of a block. */
const BLOCK = 8;

export const grade: Grader = (exercise) => {
  const stack = stackWith({
    answersFill: functionOf<(dev: R5Dev) => boolean>(exercise, 'answersFill'),
    fillEnded: functionOf<(array: Raid5Array, stripe: StripeHead) => void>(exercise, 'fillEnded'),
  });
  const checks = new Checks();
  const story = checkRun(checks, {
    says: 'two readers of a cached block are answered, of whom one comes while the other’s copy is under way',
    rule: 'OP-03',
    on: 'iop342',
    stack,
    *body(world, story) {
      const array = yield* cached(world);
      story.begin(world);
      yield* array.wait(...(yield* readTwice(world, array)));
    },
  });
  checkRun(checks, {
    says: 'after a fill the handler looks at the stripe again, whatever the completion saw',
    rule: 'OP-03',
    on: 'iop342',
    stack,
    *body(world) {
      const array = yield* cached(world);
      const before = array.array.statistics.handled;
      yield* array.read(0, BLOCK);
      yield* world.settle();
      const passes = array.array.statistics.handled - before;
      world.check(passes === 2, 'OP-03', 'two passes: one starts the fill, one follows it', `there are ${passes}`);
    },
  });
  checkCases(checks, stack, ['stripes/read-while-filling', 'stripes/degraded-reads', 'stripes/full-stripe']);
  const given = (exercise['predictions'] ?? {}) as Readonly<Record<string, unknown>>;
  checks.predicted(given['answered'], answeredAsGiven(), 'prediction: which of two readers is answered');
  return { checks: checks.all, timeline: story.lines('stripe.handle', 'stripe.op', 'stripe.op-end') };
};

function stackWith(steps: FillSteps): Stack {
  return stackWithParts({ stripes: { ...STRIPE_STEPS, ...steps } });
}

/** An array whose only stripe is cached. A member is missing: then reads go through the cache (IO-07). */
function* cached(world: CaseWorld): Generator<void, CaseArray, void> {
  const array = new CaseArray(world, 'OP-03');
  yield* array.fill();
  array.fail(array.parity);
  yield* array.read(0, array.sectors);
  yield* world.settle();
  return array;
}

type Flight = ReturnType<CaseArray['start']> extends Generator<void, infer Started, void> ? Started : never;

function* readTwice(world: CaseWorld, array: CaseArray): Generator<void, readonly Flight[], void> {
  const since = world.kernel.now;
  const first = yield* array.start(false, 0, BLOCK);
  yield* array.operation('BIOFILL', since);
  const second = yield* array.start(false, 0, BLOCK / 2);
  return [first, second];
}

/** What the question comes to. */
function answeredAsGiven(): number {
  let flights: readonly Flight[] = [];
  attempt({
    says: 'two readers, and the completion as it was',
    rule: 'OP-03',
    on: 'iop342',
    stack: stackWith(AS_GIVEN),
    *body(world) {
      flights = yield* readTwice(world, yield* cached(world));
      yield* world.settle();
    },
  });
  return flights.reduce((sum, { ended }, i) => sum + (ended ? i + 1 : 0), 0);
}
