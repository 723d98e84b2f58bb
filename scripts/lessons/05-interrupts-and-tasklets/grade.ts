/** Looks at where callbacks run, and at who hears of what. */
import { DmaCapability } from '../../../dmaengine/capability';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import { PLATFORMS } from '../../../emulator/platforms';
import type { TracePointName } from '../../../emulator/trace/trace';
import { MICROSECOND } from '../../../emulator/sim/time';
import type { Note, OwnCase, Played } from '../driver-case';
import { passed, passesSuite, play, stepsOf, withSteps } from '../driver-case';
import { Checks } from '../grading';
import type { Grader } from '../lesson';

const CASES = [
  'three-points/callback-in-tasklet',
  'three-points/no-descriptor-in-irq',
  'three-points/xor-callback-in-tasklet',
] as const;
const BOARDS = ['iop342', 'iop321'] as const;
const POINTS: readonly TracePointName[] = ['engine.complete', 'intc.line', 'cpu.irq', 'cpu.tasklet'];

export const grade: Grader = (exercise) => {
  const steps = stepsOf(exercise, 'eot', 'eoc', 'tasklet');
  const install = withSteps(steps);
  const checks = new Checks();
  for (const board of BOARDS) passesSuite(checks, CASES, { install, platform: PLATFORMS[board] }, ` (${board})`);
  const both = seenTogether(steps);
  passed(checks, both.played, 'two copies that are seen together both call back');
  checks.equal(both.eot, 1, 'the handler of the end of transfer is called once');
  checks.equal(both.eoc, 1, 'the handler of the end of chain is called once, although the other one came before it');
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: both.played.timeline };
};

interface Together {
  readonly played: Played;
  readonly eot: number;
  readonly eoc: number;
  /** Callbacks of each run of the tasklet. */
  readonly runs: readonly number[];
}

/** Two copies whose interrupts are held back until both are done, and the tasklet until both handlers have run. */
function seenTogether(given: Partial<IopAdmaSteps>): Together {
  const steps = { ...IOP_ADMA_STEPS, ...given };
  const called = { eot: 0, eoc: 0 };
  const runs: number[] = [];
  const notes: Note[] = [];
  const counted: Partial<IopAdmaSteps> = {
    ...steps,
    eot: (chan) => {
      called.eot++;
      steps.eot(chan);
    },
    eoc: (chan) => {
      called.eoc++;
      steps.eoc(chan);
    },
    tasklet: (chan) => {
      runs.push(0);
      steps.tasklet(chan);
    },
  };
  const subject: OwnCase = {
    rules: ['IA-71'],
    *run(world) {
      const { kernel } = world;
      const [chan] = world.channels(1, DmaCapability.MEMCPY);
      const [from, ...targets] = world.blocks(3).map((block) => block.span(0, 1024));
      const copies = targets.map((to, i) =>
        world.prepare(
          chan,
          { kind: 'copy', to, from },
          {
            callback: true,
            onCallback: () => {
              if (runs.length > 0) runs[runs.length - 1]++;
              notes.push({ time: kernel.now, text: `callback of copy ${i} in ${kernel.processor.context} context` });
            },
          },
        ),
      );
      for (const copy of copies) world.submit(copy);
      runs.length = 0;
      called.eot = called.eoc = 0;
      const gate = kernel.spinLock('interrupts held back');
      kernel.tasklets.disable();
      gate.lockIrq('lesson');
      world.issue(chan);
      kernel.spend(20 * MICROSECOND);
      gate.unlockIrq();
      kernel.tasklets.enable();
      yield* world.callbacks(...copies);
      yield* world.settle();
      world.audit('IA-71');
    },
  };
  const played = play(subject, { install: withSteps(counted), points: POINTS, notes });
  return { played, ...called, runs };
}

/** What the questions come to, tried with the driver as it should be. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const { runs } = seenTogether({});
  checks.predicted(given['taskletRuns'], runs.length, 'prediction: how often the tasklet runs');
  checks.predicted(given['callbacksOfTheFirst'], runs[0], 'prediction: callbacks of its first run');
}
