/** Looks at runs of slots on paper, then lets the driver live on them. */
import type { Span } from '../../../conformance/world/buffers';
import type { Operation, OperationSpec } from '../../../conformance/world/operation';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { IopAdmaSlot, SlotAlignment } from '../../../dmaengine/iop-adma/slots';
import { SlotPool } from '../../../dmaengine/iop-adma/slots';
import { bugOn } from '../../../emulator/kernel/bug';
import type { PlatformName } from '../../../emulator/platforms';
import { PLATFORMS } from '../../../emulator/platforms';
import { SeededRandom } from '../../../emulator/sim/random';
import type { Note, OwnCase, Played } from '../driver-case';
import { passed, play } from '../driver-case';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';

type FindRun = (
  busy: Uint8Array,
  lastUsed: number,
  count: number,
  slotsPerOp: number,
  aligned: SlotAlignment,
) => number;

const anywhere: SlotAlignment = () => true;
const natural: SlotAlignment = (index, slotsPerOp) => index % slotsPerOp === 0;

/** Pools that are drawn. */
const POOLS = 400;
const SLOTS = 24;
const SEED = 8;

export const grade: Grader = (exercise) => {
  const findRun = functionOf<FindRun>(exercise, 'findRun');
  const checks = new Checks();
  onPaper(checks, findRun);
  const adma = mixed('iop342', findRun);
  passed(checks, adma, 'an ADMA channel executes sums of all widths in these slots, its pool used up several times');
  passed(checks, mixed('iop331', findRun), 'so does an AAU, whose descriptors must be aligned, with checks in groups');
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: adma.timeline };
};

/** A pool that was drawn, and what is asked of it. */
interface Question {
  readonly busy: Uint8Array;
  readonly lastUsed: number;
  readonly count: number;
  readonly slotsPerOp: number;
  readonly aligned: SlotAlignment;
}

/** What must hold of an answer; undefined where the question says nothing about it. */
type Property = (question: Question, answer: number) => boolean | undefined;

const PROPERTIES: readonly (readonly [says: string, holds: Property])[] = [
  [
    'the slots of a run are all free, and there are as many as asked for',
    ({ busy, count }, answer) => answer === -1 || isFree(busy, answer, count),
  ],
  [
    'the first slot of a run is aligned',
    ({ slotsPerOp, aligned }, answer) => answer === -1 || aligned(answer, slotsPerOp),
  ],
  [
    'the first run behind the last used slot is taken',
    (question, answer) => {
      const behind = runs(question).find((start) => start > question.lastUsed);
      return behind === undefined ? undefined : answer === behind;
    },
  ],
  [
    'where there is none, the search goes on from the beginning',
    (question, answer) => {
      const all = runs(question);
      const [first] = all;
      if (first === undefined || all.some((start) => start > question.lastUsed)) return undefined;
      // The driver gives up at the first busy slot; a search that goes on is as good.
      return isFree(question.busy, 0, first + question.count) ? answer === first : undefined;
    },
  ],
  ['where there is none at all, the answer is -1', (q, answer) => (runs(q).length > 0 ? undefined : answer === -1)],
];

/** Draws pools and looks at every answer; the first wrong one speaks for the others. */
function onPaper(checks: Checks, findRun: FindRun): void {
  const random = new SeededRandom(SEED);
  const questions = Array.from({ length: POOLS }, () => draw(random));
  const answers = questions.map(({ busy, lastUsed, count, slotsPerOp, aligned }) =>
    findRun(busy.slice(), lastUsed, count, slotsPerOp, aligned),
  );
  for (const [says, holds] of PROPERTIES) {
    const at = questions.findIndex((question, i) => holds(question, answers[i]) === false);
    checks.that(at < 0, says, at < 0 ? '' : `not so: ${shown(questions[at])} gives ${answers[at]}`);
  }
}

function draw(random: SeededRandom): Question {
  const below = (limit: number): number => random.next() % limit;
  const full = below(4);
  const busy = Uint8Array.from({ length: SLOTS }, () => (below(6) < full ? 1 : 0));
  const slotsPerOp = [1, 2, 4][below(3)];
  const count = slotsPerOp * (1 + below(3));
  return { busy, lastUsed: below(SLOTS), count, slotsPerOp, aligned: below(2) === 0 ? anywhere : natural };
}

/** Every place where the run that is asked for could begin. */
function runs({ busy, count, slotsPerOp, aligned }: Question): number[] {
  return Array.from(busy.keys()).filter((start) => aligned(start, slotsPerOp) && isFree(busy, start, count));
}

function isFree(busy: Uint8Array, start: number, count: number): boolean {
  const run = busy.subarray(Math.max(start, 0), start + count);
  return start >= 0 && run.length === count && run.every((slot) => slot === 0);
}

function shown({ busy, lastUsed, count, slotsPerOp, aligned }: Question): string {
  const picture = Array.from(busy, (slot) => (slot === 0 ? '.' : '#')).join('');
  return `${count} slots, ${aligned === natural ? `at a multiple of ${slotsPerOp}, ` : ''}in ${picture} (# is busy) behind slot ${lastUsed}`;
}

/** A pool that searches as the exercise does. */
class ExercisePool extends SlotPool {
  constructor(
    slots: readonly IopAdmaSlot[],
    private readonly findRun: FindRun,
    private readonly rule: SlotAlignment,
    private readonly notes: (text: string) => void,
  ) {
    super(slots, anywhere);
  }

  override take(count: number, slotsPerOp: number): IopAdmaSlot | undefined {
    const start = this.findRun(this.slotsPerOp, this.lastUsed, count, slotsPerOp, this.rule);
    this.notes(`wanted ${count}: ${start < 0 ? 'none' : `slots ${start} to ${start + count - 1}`}`);
    if (start < 0) return undefined;
    const taken = this.slotsPerOp.subarray(start, start + count);
    bugOn(taken.length < count, 'IA-03', 'the run goes beyond the pool', 'iop_adma_alloc_slots');
    const busy = taken.findIndex((slot) => slot !== 0);
    bugOn(busy >= 0, 'IA-04', `slot ${start + busy} is handed out while it is in use`, 'iop_adma_alloc_slots');
    const aligned = this.rule(start, slotsPerOp);
    bugOn(!aligned, 'IA-07', `a descriptor of ${slotsPerOp} slots begins at slot ${start}`, 'iop_adma_alloc_slots');
    this.lastUsed = start - 1;
    return super.take(count, slotsPerOp);
  }
}

/** Sums and checks of all widths until the pool has been used up several times. */
function mixed(platform: PlatformName, findRun: FindRun): Played {
  const notes: Note[] = [];
  const subject: OwnCase = {
    rules: ['IA-03', 'IA-07', 'IA-11'],
    *run(world) {
      const [chan] = world.channelsFor('xor') as IopAdmaChan[];
      const note = (text: string): void => void notes.push({ time: world.kernel.now, text });
      searchesAs(chan, findRun, note);
      const spans = world.blocks(chan.device.maxXor + 1).map((block) => block.span(0, 2048));
      let running: Operation[] = [];
      let refused = 0;
      for (let turn = 0; refused < 4; turn++) {
        const width = 1 + ((turn * 5) % chan.device.maxXor);
        const operation = world.tryPrepare(chan, operationOf(turn, spans, width, chan));
        if (operation !== undefined) {
          running.push(world.submit(operation));
          continue;
        }
        if (running.length === 0) throw world.failure('IA-05', 'slots again when all is complete', 'prep returns null');
        refused++;
        yield* world.finish(...running);
        running = [];
        world.checkData('IA-03');
      }
    },
  };
  return play(subject, { install: () => undefined, platform: PLATFORMS[platform], notes, points: [] });
}

/** Every fourth is a check, where the channel can check. */
function operationOf(turn: number, [to, ...sources]: readonly Span[], width: number, chan: IopAdmaChan): OperationSpec {
  const from = sources.slice(0, width);
  const check = turn % 4 === 3 && chan.device.devicePrepDmaXorVal !== undefined;
  return check ? { kind: 'xor_val', from } : { kind: 'xor', to, from };
}

/** Gives an idle channel a pool that searches as the exercise does. What stands on the chain stays taken. */
function searchesAs(chan: IopAdmaChan, findRun: FindRun, note: (text: string) => void): void {
  const old = chan.resources('lesson');
  const pool = new ExercisePool(old.slots, findRun, chan.hw.aligned, note);
  pool.slotsPerOp.set(old.slotsPerOp);
  pool.lastUsed = old.lastUsed;
  chan.pool = pool;
}

/** What the questions come to, asked of real channels. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const ask = (name: string, platform: PlatformName, kind: 'xor' | 'xor_val', width: number, says: string): void => {
    let taken = -1;
    play(
      {
        rules: ['IA-20'],
        *run(world) {
          const [chan] = world.channelsFor(kind) as IopAdmaChan[];
          const [to, ...from] = world.blocks(width + 1).map((block) => block.span());
          const before = chan.resources('lesson').free;
          world.prepare(chan, kind === 'xor' ? { kind, to, from } : { kind, from });
          taken = before - chan.resources('lesson').free;
          yield* world.settle();
        },
      },
      { install: () => undefined, platform: PLATFORMS[platform] },
    );
    checks.predicted(given[name], taken, `prediction: slots of ${says}`);
  };
  ask('sumOf6OnAdma', 'iop342', 'xor', 6, 'a sum of 6 sources on an ADMA channel');
  ask('sumOf9OnAau', 'iop331', 'xor', 9, 'a sum of 9 sources on an AAU');
  ask('checkOnAau', 'iop331', 'xor_val', 5, 'a check of 5 sources of 4096 bytes on an AAU');
}
