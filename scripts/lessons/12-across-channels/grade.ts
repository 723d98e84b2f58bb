/** The learner's run_dependencies in the driver, under the cases that change channels. */
import type { DmaAsyncTxDescriptor } from '../../../index';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import { DmaCapability } from '../../../dmaengine/capability';
import { AsyncTxFlags } from '../../../async_tx/submit';
import type { ThreadBody } from '../../../emulator/kernel/scheduler';
import { AsyncBench } from '../../../conformance/world/async-bench';
import type { CaseWorld } from '../../../conformance/world/case-world';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';
import type { Story } from '../on-the-stack';
import { checkCases, checkRun, stackWithParts, tryOut } from '../on-the-stack';

const CASES = [
  'channel-switches/there',
  'async-dependencies/behind-waiting',
  'channel-switches/and-back',
  'channel-switches/behind-complete',
  'channel-switches/many-links',
  'async-dependencies/chains-side-by-side',
] as const;

export const grade: Grader = (exercise) => {
  const runDependencies = functionOf<(tx: DmaAsyncTxDescriptor) => void>(exercise, 'runDependencies');
  const checks = new Checks();
  const stack = stackWithParts({ steps: { ...IOP_ADMA_STEPS, runDependencies } });
  const story = checkRun(checks, {
    says: 'copies on one channel, on another and on the first again, each reading what the one before wrote',
    rule: 'AX-40',
    on: 'iop342',
    stack,
    body: relay,
  });
  checkCases(checks, stack, CASES);
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: story.lines('engine.fetch', 'engine.complete', 'cpu.tasklet') };
};

/** Three copies that change channels twice. */
function* relay(world: CaseWorld, story: Story): ThreadBody {
  const bench = new AsyncBench(world);
  ask(world, bench, story);
  bench.issue();
  yield* bench.callbacks(...bench.steps);
  story.note('all have called back');
  bench.checkOrder('AX-40');
  bench.audit('AX-40');
}

/** Asks for them while nothing can be noticed; returns how many descriptors are submitted then. */
function ask(world: CaseWorld, bench: AsyncBench, story: Story): number {
  const [one, two] = world.channels(2, DmaCapability.MEMCPY);
  const spans = world.blocks(4).map((block) => block.span(0, 1024));
  const { ACK, FENCE } = AsyncTxFlags;
  const { tasklets } = world.kernel;
  tasklets.disable();
  [one, two, one].forEach((on, i) => {
    const flags = i === 2 ? ACK : FENCE;
    bench.copy(spans[i + 1], spans[i], { on, after: bench.steps.at(-1), flags, callback: true });
    story.note(`copy ${i} is asked for, on channel ${on === one ? 1 : 2}`);
  });
  const submitted = bench.log.records.filter(({ tx }) => tx.cookie > 0).length;
  tasklets.enable();
  return submitted;
}

/** What the questions come to, on the driver as it should be. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const truth = { descriptors: 0, submitted: 0 };
  tryOut({
    says: 'three copies on two channels',
    rule: 'AX-40',
    on: 'iop342',
    *body(world, story) {
      const bench = new AsyncBench(world);
      truth.submitted = ask(world, bench, story);
      truth.descriptors = bench.log.records.length;
      yield* bench.callbacks(...bench.steps);
    },
  });
  checks.predicted(given['descriptors'], truth.descriptors, 'prediction: descriptors of the whole chain');
  checks.predicted(given['submitted'], truth.submitted, 'prediction: descriptors submitted before any has executed');
}
