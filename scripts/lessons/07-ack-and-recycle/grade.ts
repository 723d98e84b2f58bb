/** Looks at which slots come back, and when. */
import type { CaseWorld } from '../../../conformance/world/case-world';
import type { Operation } from '../../../conformance/world/operation';
import { DmaCapability } from '../../../dmaengine/capability';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import type { ThreadBody } from '../../../emulator/kernel/scheduler';
import type { Note, OwnCase } from '../driver-case';
import { passed, passesSuite, play, stepsOf, withSteps } from '../driver-case';
import { Checks } from '../grading';
import type { Grader } from '../lesson';

const CASES = [
  'async-dependencies/behind-complete',
  'async-dependencies/acked-by-its-child',
  'three-points/late-dependency',
] as const;

export const grade: Grader = (exercise) => {
  const steps = stepsOf(exercise, 'cleanSlot');
  const install = withSteps(steps);
  const checks = new Checks();
  passed(checks, play(ALWAYS_ONE, { install }), 'there is always a descriptor to append to');
  passed(checks, play(STAYS, { install }), 'a descriptor is not handed out again before its client has acked it');
  passed(checks, play(HOLDS_NOBODY_UP, { install }), 'one that nobody acks does not hold up younger ones');
  passed(checks, play(COMES_BACK, { install }), 'every acked slot but the newest comes back');
  passesSuite(checks, CASES, { install });
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: timelineOf(steps) };
};

/** Copies one after the other, so that each walk finds its newest descriptor complete. */
const ALWAYS_ONE: OwnCase = {
  rules: ['IA-42'],
  *run(world) {
    for (let i = 0; i < 3; i++) yield* done(world, copy(world));
  },
};

const STAYS: OwnCase = {
  rules: ['IA-59'],
  *run(world) {
    const lazy = copy(world, { acked: false });
    yield* done(world, lazy, copy(world));
    for (;;) {
      const other = world.tryPrepare(lazy.chan, lazy.spec);
      if (other === undefined) return;
      if (other.tx === lazy.tx)
        throw world.failure('IA-59', 'another descriptor', 'the one that is not acked is given');
    }
  },
};

const HOLDS_NOBODY_UP: OwnCase = {
  rules: ['IA-60'],
  *run(world) {
    const lazy = copy(world, { acked: false });
    const younger = [copy(world), copy(world), copy(world)];
    yield* done(world, lazy, ...younger);
    world.check(
      taken(world) === 2,
      'IA-60',
      '2 slots taken, the lazy client’s and the newest',
      `it is ${taken(world)}`,
    );
  },
};

const COMES_BACK: OwnCase = {
  rules: ['IA-59'],
  *run(world) {
    for (let i = 0; i < 5; i++) {
      const lazy = copy(world, { acked: false });
      yield* done(world, lazy, copy(world));
      world.ack(lazy);
    }
    yield* done(world, copy(world));
    world.check(taken(world) === 1, 'IA-59', '1 slot taken, the newest', `it is ${taken(world)}`);
  },
};

/** A copy that is submitted. */
function copy(world: CaseWorld, { acked = true } = {}): Operation {
  const [chan] = world.channels(1, DmaCapability.MEMCPY);
  const [from, to] = world.blocks(2).map((block) => block.span(0, 256));
  const operation = world.start(chan, { kind: 'copy', to, from }, { callback: true, ...(acked ? {} : { flags: 0 }) });
  return operation;
}

/** Waits until all have called back and the walk that did it is over. */
function* done(world: CaseWorld, ...operations: readonly Operation[]): ThreadBody {
  world.issue(operations[0].chan);
  yield* world.callbacks(...operations);
  yield* world.settle();
}

function taken(world: CaseWorld): number {
  const [chan] = world.channels(1, DmaCapability.MEMCPY) as IopAdmaChan[];
  const pool = chan.resources('lesson');
  return pool.slots.length - pool.free;
}

/** What the questions come to, tried with the driver as it should be. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const truth: number[] = [];
  play(
    {
      rules: ['IA-59'],
      *run(world) {
        const lazy = copy(world, { acked: false });
        yield* done(world, lazy, copy(world), copy(world));
        truth.push(taken(world));
        world.ack(lazy);
        yield* world.settle();
        truth.push(taken(world));
        yield* done(world, copy(world));
        truth.push(taken(world));
      },
    },
    { install: () => undefined },
  );
  checks.predicted(given['taken'], truth[0], 'prediction: slots taken');
  checks.predicted(given['takenAfterAck'], truth[1], 'prediction: slots taken when the first is acked');
  checks.predicted(given['takenInTheEnd'], truth[2], 'prediction: slots taken after one more copy');
}

/** What cleanSlot does with a copy that is not acked and two that are. */
function timelineOf(steps: Partial<IopAdmaSteps>): readonly string[] {
  const notes: Note[] = [];
  const { cleanSlot } = steps;
  const noted: Partial<IopAdmaSteps> = {
    cleanSlot: (chan, slot) => {
      const before = chan.resources('lesson').free;
      const over = cleanSlot!(chan, slot);
      const what = chan.resources('lesson').free > before ? 'recycled' : 'kept';
      notes.push({
        time: chan.kernel.now,
        text: `0x${slot.phys.toString(16)} ${what}${over ? ', the walk is over' : ''}`,
      });
      return over;
    },
  };
  const subject: OwnCase = {
    rules: ['IA-59'],
    *run(world) {
      const lazy = copy(world, { acked: false });
      yield* done(world, lazy, copy(world), copy(world));
    },
  };
  return play(subject, { install: withSteps(noted), notes, points: ['engine.complete', 'cpu.tasklet'] }).timeline;
}
