/** A chain of copies, on an engine, without one, and with a link that finds no descriptor. */
import type { AsyncTx, Page, PlatformName } from '../../../index';
import { asyncTxTestAck } from '../../../index';
import { DmaCtrl } from '../../../dmaengine/flags';
import { AsyncTxFlags } from '../../../async_tx/submit';
import type { ThreadBody } from '../../../emulator/kernel/scheduler';
import { AsyncBench } from '../../../conformance/world/async-bench';
import type { CaseWorld } from '../../../conformance/world/case-world';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';
import type { Story } from '../on-the-stack';
import { checkRun, tryOut } from '../on-the-stack';

type CopyAlong = (api: AsyncTx, pages: readonly Page[], done: () => void) => void;

const PAGES = 4;

export const grade: Grader = (exercise) => {
  const copyAlong = functionOf<CopyAlong>(exercise, 'copyAlong');
  const checks = new Checks();
  const run = (says: string, on: PlatformName, refused: number): Story =>
    checkRun(checks, { says, rule: 'AX-40', on, body: (world, story) => relay(world, story, copyAlong, refused) });
  const story = run('on an engine the chain is carried out in order, and nothing is left behind', 'iop342', -1);
  run('without any engine it is as well', 'none', -1);
  run('and when there is no descriptor for the second copy', 'iop342', 1);
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: story.lines('engine.fetch', 'engine.complete', 'cpu.tasklet') };
};

/** @param refused which of the copies the driver has no descriptor for */
function* relay(world: CaseWorld, story: Story, copyAlong: CopyAlong, refused: number): ThreadBody {
  const { kernel } = world;
  const bench = new AsyncBench(world);
  const blocks = world.blocks(PAGES);
  let asked = 0;
  bench.log.refuses = () => asked++ === refused;
  let calls = 0;
  copyAlong(
    bench.api,
    blocks.map(({ pages: [page] }) => page),
    () => {
      calls++;
      story.note('done is called');
      const written = blocks.every(({ bytes }) => bytes.every((byte, i) => byte === blocks[0].bytes[i]));
      world.check(written, 'AX-40', 'done to be called when every page is written', 'it is called before');
    },
  );
  story.note('copyAlong has returned');
  for (const { shadow } of blocks) shadow.set(blocks[0].shadow);
  const inner = bench.log.records.slice(0, -1);
  const fenced = refused >= 0 || inner.every(({ flags }) => (flags & DmaCtrl.PREP_FENCE) !== 0);
  world.check(fenced, 'AX-09', 'a fence on every copy that the next one reads', 'one has none');
  yield* kernel.scheduler.sleep(1e9);
  world.check(calls === 1, 'AX-41', 'done to be called once', calls === 0 ? 'it never was' : `it was ${calls} times`);
  bench.audit('AX-40');
}

/** What the questions come to, tried with tasklets held back. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const truth = { submitted: 0, acked: 0 };
  tryOut({
    says: 'a chain of copies',
    rule: 'AX-31',
    on: 'iop342',
    *body(world) {
      const bench = new AsyncBench(world);
      const spans = world.blocks(PAGES).map((block) => block.span());
      world.kernel.tasklets.disable();
      let last = bench.copy(spans[1], spans[0], { flags: AsyncTxFlags.FENCE });
      for (const i of [2, 3]) last = bench.copy(spans[i], spans[i - 1], { after: last });
      truth.submitted = bench.log.records.filter(({ tx }) => tx.cookie > 0).length;
      truth.acked = bench.log.records.filter(({ tx }) => asyncTxTestAck(tx)).length;
      world.kernel.tasklets.enable();
      bench.quiesce(last);
      yield* world.settle(0);
    },
  });
  checks.predicted(given['submitted'], truth.submitted, 'prediction: descriptors submitted when the chain stands');
  checks.predicted(given['ackedWithoutTheFlag'], truth.acked, 'prediction: descriptors acked without the flag ACK');
}
