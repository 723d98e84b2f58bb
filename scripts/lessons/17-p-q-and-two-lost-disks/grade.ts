/** The learner's arithmetic in async_tx: the engine multiplies by their coefficients. */
import { MODERN } from '../../../async_tx/generation';
import { ASYNC_TX_STEPS } from '../../../async_tx/steps';
import { AsyncTxFlags } from '../../../async_tx/submit';
import { DmaCapability } from '../../../dmaengine/capability';
import { AsyncBench } from '../../../conformance/world/async-bench';
import type { CaseWorld } from '../../../conformance/world/case-world';
import { gfTimes } from '../../../dmaengine/dmatest/plain';
import { Stripe } from '../../../conformance/world/stripe';
import type { ThreadBody } from '../../../emulator/kernel/scheduler';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';
import type { Story } from '../on-the-stack';
import { checkCases, checkRun, stackWithParts } from '../on-the-stack';

type Times = (a: number, b: number) => number;
type Weight = (slot: number) => number;
type OfTwo = (a: number, b: number) => readonly [number, number];

/** What writes Q, and what loses every pair of data blocks and gets them back. */
const WRITES = ['async-data/pq', 'async-data/pq-holes', 'async-data/pq-batches'] as const;
const RECOVERS = [
  'async-recovery/of-two',
  'async-recovery/of-three',
  'async-recovery/of-five',
  'async-recovery/either-order',
] as const;

export const grade: Grader = (exercise) => {
  const times = functionOf<Times>(exercise, 'times');
  const weight = functionOf<Weight>(exercise, 'weight');
  const ofTwo = functionOf<OfTwo>(exercise, 'ofTwo');
  const checks = new Checks();
  const wrong = firstWrong(times);
  checks.that(wrong === '', 'times is right for all 65,536 pairs of bytes', wrong);
  const steps = { ...ASYNC_TX_STEPS, weight: (slot: number) => weight(slot), ofTwo };
  const stack = stackWithParts({ generation: { ...MODERN, steps } });
  checkCases(checks, stack, WRITES);
  const story = checkRun(checks, {
    says: 'blocks 1 and 3 of five are lost, and the engine brings them back with your A and B',
    rule: 'RR-02',
    on: 'iop342',
    stack,
    body: (world, story) => loseTwo(world, story, ofTwo),
  });
  checkCases(checks, stack, RECOVERS);
  const given = (exercise['predictions'] ?? {}) as Readonly<Record<string, unknown>>;
  checks.predicted(given['twiceC0'], gfTimes(2, 0xc0), 'prediction: 2 · 0xc0');
  checks.predicted(given['slotOfWeightOne'], orderOfTwo(), 'prediction: the first slot after 0 with weight 1');
  return { checks: checks.all, timeline: story.lines('engine.fetch', 'engine.complete', 'cpu.tasklet') };
};

function* loseTwo(world: CaseWorld, story: Story, ofTwo: OfTwo): ThreadBody {
  world.channels(1, DmaCapability.PQ);
  const bench = new AsyncBench(world);
  const stripe = new Stripe(bench, { slots: 5, len: 64 });
  stripe.settle();
  const [lost, other] = [1, 3].map((slot) => stripe.data[slot]!);
  stripe.lose(lost, other);
  story.note(`blocks 1 and 3 are lost; A and B are ${ofTwo(1, 3).map(hex).join(' and ')}`);
  const recovery = stripe.recoverData(1, 3, { flags: AsyncTxFlags.ACK, callback: true });
  bench.issue();
  yield* bench.callbacks(recovery);
  story.note(lost.buffer.firstWrong() < 0 && other.buffer.firstWrong() < 0 ? 'both are back' : '✗ they are not back');
  bench.audit('RR-02');
}

/** The first product that is wrong, told. */
function firstWrong(times: Times): string {
  for (let a = 0; a < 256; a++) {
    for (let b = 0; b < 256; b++) {
      const [found, right] = [times(a, b), gfTimes(a, b)];
      if (found !== right) return `times(${hex(a)}, ${hex(b)}) is ${hex(found)}, not ${hex(right)}`;
    }
  }
  return '';
}

/** How many doublings lead from 1 to 1. */
function orderOfTwo(): number {
  let [power, count] = [2, 1];
  for (; power !== 1; count++) power = gfTimes(power, 2);
  return count;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
