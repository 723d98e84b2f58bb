/** Appends to a running chain at every moment of it. */
import type { Target } from '../../../index';
import { createTarget } from '../../../index';
import { DmaCapability } from '../../../dmaengine/capability';
import { PLATFORMS } from '../../../emulator/platforms';
import type { PlatformRecord } from '../../../emulator/platforms/platform';
import { MILLISECOND, NANOSECOND } from '../../../emulator/sim/time';
import type { OwnCase, PlayOptions } from '../driver-case';
import { passed, passesSuite, play, stepsOf, withSteps } from '../driver-case';
import { Checks } from '../grading';
import type { Grader } from '../lesson';

/** A board whose stores reach memory late: 4 µs. */
const { timing } = PLATFORMS.iop342;
const SLOW: PlatformRecord = {
  ...PLATFORMS.iop342,
  timing: { ...timing, STORE_DRAIN: { ...timing.STORE_DRAIN, value: 4000 } },
};
const BOARDS = [
  ['a common board', PLATFORMS.iop342],
  ['a board with slow stores', SLOW],
] as const;

const COPY_BYTES = 1500;
/** Moments, in nanoseconds behind the first doorbell: from "still fetching the first" to "idle again". */
const MOMENTS = Array.from({ length: 60 }, (_, i) => 37 * i);
/** The one that the timeline shows: the old tail is being executed. */
const SHOWN = 37 * 18;

const CASES = ['three-points/no-descriptor-in-irq', 'async-dependencies/long-chain'] as const;

export const grade: Grader = (exercise) => {
  const install = withSteps(stepsOf(exercise, 'linkTail', 'append'));
  const checks = new Checks();
  for (const [board, platform] of BOARDS) appending(checks, board, { install, platform });
  for (const [board, platform] of BOARDS) passesSuite(checks, CASES, { install, platform }, ` (${board})`);
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: play(appendAt(SHOWN), { install, platform: SLOW }).timeline };
};

/** All moments as one check: the first that loses something speaks for the others. */
function appending(checks: Checks, board: string, options: PlayOptions): void {
  const says = `on ${board} a copy that is appended at any of ${MOMENTS.length} moments is executed`;
  const lost = MOMENTS.filter((moment) => play(appendAt(moment), options).result.outcome !== 'passed');
  if (lost.length === 0) checks.that(true, says, '');
  else passed(checks, play(appendAt(lost[0]), options), `${says}; not so at ${lost.length}, first after ${lost[0]} ns`);
}

/** Two copies, the second appended so many nanoseconds behind the doorbell of the first. */
function appendAt(moment: number): OwnCase {
  return {
    rules: ['IA-43', 'IA-46'],
    *run(world) {
      const [chan] = world.channels(1, DmaCapability.MEMCPY);
      const [from, first, second] = world.blocks(3).map((block) => block.span(0, COPY_BYTES));
      const one = world.start(chan, { kind: 'copy', to: first, from }, { callback: true });
      const other = world.prepare(chan, { kind: 'copy', to: second, from }, { callback: true });
      world.issue(chan);
      world.kernel.spend(moment * NANOSECOND);
      world.submit(other);
      world.issue(chan);
      yield* world.callbacks(one, other);
      world.audit('IA-43');
    },
  };
}

const [ACCR, ACSR, ANDAR] = [0xffd8_0000, 0xffd8_0004, 0xffd8_0024];
const ACTIVE = 1 << 13;
const [FIRST, TAIL, NEW] = [0x1000, 0x1020, 0x1040];
const DESTINATION = 0x9000;

/** What the questions come to, tried on the bare silicon: where the chain is when the link is stored. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const at = (descriptor: number) => (target: Target) => target.read32(ANDAR) === (descriptor === FIRST ? TAIL : 0);
  const idle = (target: Target): boolean => (target.read32(ACSR) & ACTIVE) === 0;
  const ask = (name: string, moment: (target: Target) => boolean, when: string): void => {
    checks.predicted(given[name], executedWithoutDoorbell(moment), `prediction: whether it is executed, ${when}`);
  };
  ask('beforeTheTail', at(FIRST), 'linked in the descriptor before the tail');
  ask('inTheTail', at(TAIL), 'linked in the tail');
  ask('idle', idle, 'linked when the channel is idle');
}

function executedWithoutDoorbell(moment: (target: Target) => boolean): boolean {
  const target = createTarget('iop342', { dramBytes: 1 << 20 });
  const words = new Uint32Array(target.wasmMemory.buffer);
  words.set([TAIL, 0x6, 0, 4096, 0x8000, 0, 0x4000, 0], FIRST / 4);
  words.set([0, 0x6, 0, 4096, 0x8000, 0, 0x4000, 0], TAIL / 4);
  words.set([0, 0x6, 0, 64, DESTINATION, 0, 0x4000, 0], NEW / 4);
  target.memory[0x4000] = 0x5a;
  target.write32(ANDAR, FIRST);
  target.write32(ACCR, 1);
  target.advance(300_000);
  target.runUntil(() => moment(target), MILLISECOND);
  words[TAIL / 4] = NEW;
  target.advance(MILLISECOND);
  return target.memory[DESTINATION] === 0x5a;
}
