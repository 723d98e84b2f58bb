/** Counts doorbells, and waits for what nobody rang for. */
import { DmaCapability } from '../../../dmaengine/capability';
import type { DmaChan } from '../../../dmaengine/device';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import type { Buffer } from '../../../conformance/world/buffers';
import type { CaseWorld } from '../../../conformance/world/case-world';
import type { OperationKind, OperationSpec } from '../../../conformance/world/operation';
import type { Note, OwnCase } from '../driver-case';
import { passed, passesSuite, play, stepsOf, withSteps } from '../driver-case';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';

interface Copy {
  readonly destination: number;
  readonly source: number;
  readonly bytes: number;
}
type SubmitAll = (chan: DmaChan, copies: readonly Copy[], done: () => void) => void;

const CASES = ['async-submission/issue-one', 'async-submission/trigger', 'three-points/no-descriptor-in-irq'] as const;
const THRESHOLD = 4;
/** Slots of a sum of so many sources on an ADMA channel are the threshold by themselves. */
const WIDE = 13;
/** How many copies the client is given. */
const CLIENTS = [1, 3, 4, 6, 8] as const;

export const grade: Grader = (exercise) => {
  const steps = stepsOf(exercise, 'checkThreshold', 'issuePending');
  const submitAll = functionOf<SubmitAll>(exercise, 'submitAll');
  const checks = new Checks();
  const bell = new Bell(steps);
  const rings = (says: string, run: OwnCase['run']): void => {
    passed(checks, play({ rules: ['IA-43'], run }, { install: bell.install }), says);
  };
  rings('four copies ring once, and the ones behind them do not ring again', (world) => bell.fourCopies(world));
  rings('a sum of 4 slots rings alone', (world) => bell.wideSum(world));
  rings('issue_pending rings for a single copy, once; with nothing pending it does not', (world) => bell.issue(world));
  passesSuite(checks, CASES, { install: withSteps(steps) });
  const notes: Note[] = [];
  for (const count of CLIENTS) {
    notes.length = 0;
    const subject: OwnCase = { rules: ['AX-12'], run: (world) => bell.client(world, submitAll, count, notes) };
    const least = Math.ceil(count / THRESHOLD);
    const played = play(subject, { install: bell.install, notes });
    passed(
      checks,
      played,
      `the client’s ${count === 1 ? 'copy is' : `${count} copies are`} done, with ${least} ring${least > 1 ? 's' : ''}`,
    );
  }
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: bell.timeline(submitAll) };
};

/** A driver whose doorbell is counted. */
class Bell {
  private rings = 0;
  private notes: Note[] = [];

  constructor(private readonly steps: Partial<IopAdmaSteps>) {}

  readonly install = withSteps({
    checkThreshold: (chan) => this.steps.checkThreshold!(chan),
    issuePending: (chan) => this.steps.issuePending!(chan),
    append: (chan) => {
      this.rings++;
      this.notes.push({ time: chan.kernel.now, text: 'the doorbell is rung' });
      IOP_ADMA_STEPS.append(chan);
    },
  });

  private get rang(): string {
    return `it rang ${this.rings === 1 ? 'once' : `${this.rings} times`}`;
  }

  *fourCopies(world: CaseWorld): ReturnType<OwnCase['run']> {
    const [chan] = world.channels(1, DmaCapability.MEMCPY);
    for (let i = 1; i <= 2 * THRESHOLD; i++) {
      this.rings = 0;
      world.start(chan, specOf(world, 'copy'));
      const expected = i % THRESHOLD === 0 ? 1 : 0;
      const says = `${expected === 0 ? 'no ring' : 'one ring'} at copy ${i}`;
      world.check(this.rings === expected, 'IA-43', says, this.rang);
    }
    yield* world.settle();
  }

  *wideSum(world: CaseWorld): ReturnType<OwnCase['run']> {
    const [chan] = world.channels(1, DmaCapability.XOR);
    this.rings = 0;
    const sum = world.start(chan, specOf(world, 'xor', WIDE), { callback: true });
    world.check(this.rings === 1, 'IA-44', 'one ring', this.rang);
    yield* world.callbacks(sum);
    world.audit('IA-44');
  }

  *issue(world: CaseWorld): ReturnType<OwnCase['run']> {
    const [chan] = world.channels(1, DmaCapability.MEMCPY);
    const copy = world.start(chan, specOf(world, 'copy'), { callback: true });
    const expectRings = (expected: number, when: string): void => {
      this.rings = 0;
      world.issue(chan);
      world.check(this.rings === expected, 'IA-45', `${expected === 0 ? 'no ring' : 'one ring'} ${when}`, this.rang);
    };
    expectRings(1, 'with one slot pending');
    expectRings(0, 'with nothing pending');
    yield* world.callbacks(copy);
    world.audit('IA-45');
  }

  /** Waits as a driver does that knows no time limit: a hang is a hang. */
  *client(world: CaseWorld, submitAll: SubmitAll, count: number, notes: Note[]): ReturnType<OwnCase['run']> {
    const { kernel } = world;
    const [chan] = world.channels(1, DmaCapability.MEMCPY);
    const blocks = Array.from({ length: count }, () => world.blocks(2));
    const copies = blocks.map(([to, from]) => ({ destination: to.address, source: from.address, bytes: to.size }));
    const done = kernel.completion();
    this.rings = 0;
    this.notes = notes;
    submitAll(chan, copies, () => {
      notes.push({ time: kernel.now, text: 'done' });
      done.complete();
    });
    notes.push({ time: kernel.now, text: `the client has submitted ${count}` });
    yield* done.wait();
    const missing = blocks.findIndex(([to, from]) => !same(to, from));
    world.check(missing < 0, 'AX-12', 'all bytes in place', `copy ${missing} has not been made`);
    for (const [to] of blocks) to.shadow.set(to.bytes);
    const least = Math.ceil(count / THRESHOLD);
    world.check(this.rings === least, 'IA-43', `${least} in all`, this.rang);
  }

  /** What happens to three copies. */
  timeline(submitAll: SubmitAll): readonly string[] {
    const notes: Note[] = [];
    const subject: OwnCase = { rules: ['AX-12'], run: (world) => this.client(world, submitAll, 3, notes) };
    return play(subject, { install: this.install, notes }).timeline;
  }
}

function specOf(world: CaseWorld, kind: Extract<OperationKind, 'copy' | 'xor'>, width = 1): OperationSpec {
  const [to, ...from] = world.blocks(width + 1).map((block) => block.span());
  return kind === 'copy' ? { kind, to, from: from[0] } : { kind, to, from };
}

function same(one: Buffer, other: Buffer): boolean {
  return one.bytes.every((byte, i) => byte === other.bytes[i]);
}

/** What the questions come to, tried with the driver as it should be. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const ask = (name: string, count: number, kind: 'copy' | 'xor', width: number, says: string): void => {
    let executed = -1;
    const subject: OwnCase = {
      rules: ['IA-44'],
      *run(world) {
        const [chan] = world.channelsFor(kind);
        const specs = Array.from({ length: count }, () => specOf(world, kind, width));
        const operations = specs.map((spec) => world.prepare(chan, spec));
        for (const operation of operations) world.submit(operation);
        yield* world.settle();
        executed = operations.filter((operation) => world.statusOf(operation) === 'complete').length;
      },
    };
    play(subject, { install: () => undefined });
    checks.predicted(given[name], executed, `prediction: how many of ${says} are executed`);
  };
  ask('threeCopies', 3, 'copy', 1, 'three copies');
  ask('twoSums', 2, 'xor', 5, 'two sums of five sources');
  ask('fiveCopies', 5, 'copy', 1, 'five copies');
}
