/** Jobs of several copies each, on an engine and without. */
import type { AsyncTx, Page, PlatformName, ThreadBody } from '../../../index';
import { asyncMemcpy, AsyncTxFlags, initAsyncSubmit, PAGE_SIZE } from '../../../index';
import type { CaseWorld } from '../../../conformance/world/case-world';
import { AsyncBench } from '../../../conformance/world/async-bench';
import { MILLISECOND } from '../../../emulator/sim/time';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';
import type { Story } from '../on-the-stack';
import { attempt, checkRun } from '../on-the-stack';

/** What the exercise is given. */
interface Job {
  readonly path: readonly Page[];
  at: number;
}

type CarryAll = (api: AsyncTx, jobs: readonly Job[]) => ThreadBody;

const JOBS = 3;
const PAGES = 6;

export const grade: Grader = (exercise) => {
  const carryAll = functionOf<CarryAll>(exercise, 'carryAll');
  const checks = new Checks();
  const run = (says: string, on: PlatformName): Story =>
    checkRun(checks, { says, rule: 'AX-11', on, body: (world, story) => carry(world, story, carryAll) });
  const story = run('on an engine every job arrives, and no callback asks for an operation', 'iop342');
  run('without engines as well', 'none');
  run('and where copies and sums are two engines', 'iop321');
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: story.lines('engine.fetch', 'engine.complete', 'cpu.tasklet', 'cpu.thread') };
};

function* carry(world: CaseWorld, story: Story, carryAll: CarryAll): ThreadBody {
  const bench = new AsyncBench(world);
  const rows = Array.from({ length: JOBS }, () => world.blocks(PAGES));
  const jobs = rows.map((row) => ({ path: row.map(({ pages: [page] }) => page), at: 0 }));
  for (const row of rows) for (const { shadow } of row) shadow.set(row[0].shadow);
  let returned = false;
  world.kernel.scheduler.spawn(
    'carryAll',
    (function* () {
      yield* carryAll(bench.api, jobs);
      returned = true;
      story.note('carryAll has returned');
      world.check(
        jobs.every(({ at }) => at === PAGES - 1),
        'AX-41',
        'every job at its end',
        'one is still under way',
      );
    })(),
  );
  yield* world.settle(MILLISECOND);
  world.check(returned, 'AX-41', 'carryAll to return', 'it sleeps for ever');
  bench.audit('AX-41');
}

/** What the questions come to: the function as it is given, counted. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const { callbacks } = asGiven('iop342', JOBS);
  const { deepest } = asGiven('none', 1);
  checks.predicted(given['callbacksBeforeTheEnd'], callbacks, 'prediction: callbacks until the machine stops');
  checks.predicted(given['deepest'], deepest, 'prediction: calls of step on the stack without engines');
}

function asGiven(on: PlatformName, jobs: number): { readonly callbacks: number; readonly deepest: number } {
  const counted = { callbacks: 0, deepest: 0 };
  let depth = 0;
  const step = (api: AsyncTx, path: readonly Page[], at: number): void => {
    counted.deepest = Math.max(counted.deepest, ++depth);
    if (at < path.length - 1) {
      const submit = initAsyncSubmit(AsyncTxFlags.ACK, null, () => {
        counted.callbacks++;
        step(api, path, at + 1);
      });
      asyncMemcpy(api, path[at + 1], path[at], 0, 0, PAGE_SIZE, submit);
      api.issuePendingAll();
    }
    depth--;
  };
  attempt({
    says: 'submission from the callback',
    rule: 'AX-11',
    on,
    *body(world) {
      for (let i = 0; i < jobs; i++)
        step(
          world.api,
          world.blocks(PAGES).map(({ pages: [page] }) => page),
          0,
        );
      yield* world.settle(MILLISECOND);
    },
  });
  return counted;
}
