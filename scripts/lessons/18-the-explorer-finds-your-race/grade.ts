/** The learner's interrupt handling under the suite, and under every order of a small case. */
import { DmaCapability } from '../../../dmaengine/capability';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import { PLATFORMS } from '../../../emulator/platforms';
import type { ConformanceCase } from '../../../conformance/case';
import { CASES } from '../../../conformance/cases';
import type { ExploredResult } from '../../../conformance/explored-case';
import { exploreCase } from '../../../conformance/explored-case';
import { runCase } from '../../../conformance/run-case';
import type { Stack } from '../../../conformance/stack';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';
import { complaintOf, stackWithParts, Story } from '../on-the-stack';

/** What the exercise is given, and what it gives back. */
interface Lines {
  readonly disable: (chan: IopAdmaChan) => void;
  readonly enable: (chan: IopAdmaChan) => void;
}
type InterruptSteps = Pick<IopAdmaSteps, 'eot' | 'eoc' | 'tasklet'>;

const LINES: Lines = { disable: (chan) => enableLines(chan, false), enable: (chan) => enableLines(chan, true) };
/** Runs at most for one exploration. */
const BUDGET = 500;
/** The cases of the suite that are small enough for the explorer. */
const SMALL = CASES.filter(({ explorable }) => explorable === true);

export const grade: Grader = (exercise) => {
  const stepsOf = functionOf<(lines: Lines) => InterruptSteps>(exercise, 'stepsOf');
  const checks = new Checks();
  const stack = stackWith(stepsOf(LINES));
  const failed = failuresInTime(stack);
  checks.that(failed.length === 0, 'the small cases of the suite pass when time decides', `${failed.join(', ')}: not`);
  const two = exploreCopies(stack, 2);
  const says = `two copies call back, in every order that the explorer comes to in ${BUDGET} runs`;
  checks.that(two.result.outcome === 'passed', says, foundBy(two));
  predictions(checks, exercise['predictions']);
  const points = ['engine.complete', 'engine.fetch', 'intc.line', 'cpu.irq', 'cpu.tasklet', 'cpu.thread'] as const;
  return { checks: checks.all, timeline: two.story.lines(...points) };
};

function foundBy({ result, explored }: ExploredResult): string {
  return `${complaintOf(result)}. Run ${explored.explored} found it; its choices: ${explored.choices}`;
}

/** Cases that fail, by their names. */
function failuresInTime(stack: Stack): string[] {
  const options = { platform: PLATFORMS.iop342, stack, seed: 1, recorded: false };
  return SMALL.filter((subject) => runCase(subject, options).outcome !== 'passed').map(({ id }) => id);
}

function stackWith(steps: Partial<IopAdmaSteps>): Stack {
  return stackWithParts({ steps: { ...IOP_ADMA_STEPS, ...steps } });
}

/** Some small copies in every order of events; the story is that of the run that failed, or of the default order. */
function exploreCopies(stack: Stack, copies: number): ExploredResult & { readonly story: Story } {
  let story = new Story();
  const subject: ConformanceCase = {
    id: `lesson/${copies}-copies`,
    rules: ['IA-71', 'AX-41'],
    title: 'every copy calls back',
    why: 'Whoever waits for the callback would sleep for ever.',
    *run(world) {
      story = new Story();
      story.begin(world);
      const [chan] = world.channels(1, DmaCapability.MEMCPY);
      for (let i = 0; i < copies; i++) {
        const [from, to] = world.blocks(2).map((block) => block.span(0, 32));
        world.start(chan, { kind: 'copy', to, from }, { callback: true });
        world.issue(chan);
      }
      yield* world.callbacks(...world.operations);
      world.audit('IA-71');
    },
  };
  const options = { platform: PLATFORMS.iop342, stack, seed: 1 };
  const explored = exploreCase(subject, options, BUDGET, 'exhaustive', () => undefined);
  const [complaint] = explored.result.complaints;
  if (complaint !== undefined) story.note(`✗ ${complaint.happened}`, complaint.time);
  return { ...explored, story };
}

/** What the questions come to, on the driver as it is given. */
interface Truth {
  readonly failed: number;
  readonly copies: number;
}

const NOT_ASKED: Truth = { failed: 0, copies: 0 };

/** Found out once, and only for who asks: it takes as long as all the rest. */
let known: Truth | undefined;

function truth(): Truth {
  const stack = stackWith(lookThenClear());
  let copies = 1;
  while (exploreCopies(stack, copies).result.outcome === 'passed') copies++;
  return { failed: failuresInTime(stack).length, copies };
}

function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const { failWhenTimeDecides: failing = null, copiesNeeded: needed = null } = given;
  const answered = failing !== null || needed !== null;
  const { failed, copies } = answered ? (known ??= truth()) : NOT_ASKED;
  checks.predicted(failing, failed, 'prediction: small cases that fail when time decides');
  checks.predicted(needed, copies, 'prediction: copies under way until one can be lost');
}

function lookThenClear(): InterruptSteps {
  const hardHalf = (chan: IopAdmaChan): void => {
    LINES.disable(chan);
    chan.kernel.tasklets.schedule(chan.tasklet);
  };
  return {
    eot: hardHalf,
    eoc: hardHalf,
    tasklet: (chan) => {
      IOP_ADMA_STEPS.tasklet(chan);
      chan.clearStatus(chan.hw.endOfTransfer | chan.hw.endOfChain);
      LINES.enable(chan);
    },
  };
}

/** Enables both completion sources of a channel at the controller, or disables them. */
function enableLines({ engine, kernel: { machine, processor } }: IopAdmaChan, enabled: boolean): void {
  const { eot, eoc } = engine.unit.irq;
  const { crn, crm } = machine.platform.intc.registers.find(({ name, word }) => name === 'INTCTL' && word === 0)!;
  const bits = (1 << eot) | (1 << eoc);
  const current = processor.readCp6(crn, crm);
  processor.writeCp6(crn, crm, (enabled ? current | bits : current & ~bits) >>> 0);
}
