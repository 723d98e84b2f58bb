/** Two events stand in ACSR; one is to be acknowledged. */
import { MILLISECOND } from '../../../emulator/sim/time';
import type { Target } from '../../../index';
import { createTarget } from '../../../index';
import type { TraceRecord } from '../../../emulator/trace/trace';
import { Checks, functionOf, timelineOf } from '../grading';
import type { Grader } from '../lesson';

const [ACCR, ACSR, ANDAR] = [0xffd8_0000, 0xffd8_0004, 0xffd8_0024];
const [END_OF_TRANSFER, END_OF_CHAIN] = [1 << 12, 1 << 11];
const EVENTS = END_OF_TRANSFER | END_OF_CHAIN;
/** Interrupt sources of channel 0. */
const LINES = { endOfTransfer: 0, endOfChain: 1 };

export const grade: Grader = (exercise) => {
  const isBusy = functionOf<(target: Target) => boolean>(exercise, 'isBusy');
  const acknowledge = functionOf<(target: Target) => void>(exercise, 'acknowledge');
  const checks = new Checks();
  const records: TraceRecord[] = [];
  const target = createTarget('iop342', { dramBytes: 1 << 20, trace: (record) => records.push(record) });
  checks.equal(isBusy(target), false, 'a channel that nobody started is not busy');
  twoDescriptors(target);
  target.advance(200_000);
  checks.equal(isBusy(target), true, 'in the middle of a chain it is');
  target.runUntil(() => target.assertedInterrupts().includes(LINES.endOfTransfer), MILLISECOND);
  checks.equal(
    isBusy(target),
    true,
    'with one transfer done and another to come it is busy, although a second bit is set',
  );
  target.runUntil(() => target.assertedInterrupts().includes(LINES.endOfChain), MILLISECOND);
  checks.equal(isBusy(target), false, 'at the end of the chain it is not');
  acknowledge(target);
  target.advance(1_000_000);
  const { endOfTransfer, endOfChain } = LINES;
  checks.equal(target.assertedInterrupts().includes(endOfTransfer), false, 'the line of the end of transfer is down');
  checks.equal(target.assertedInterrupts().includes(endOfChain), true, 'the end of chain is still to be seen');
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline: timelineOf(records.filter(({ point }) => point.startsWith('intc'))) };
};

/** What the questions come to, tried on a board. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const target = createTarget('iop342', { dramBytes: 1 << 20 });
  twoDescriptors(target);
  target.runUntil(() => (target.read32(ACSR) & EVENTS) === EVENTS, MILLISECOND);
  target.write32(ACSR, END_OF_CHAIN);
  target.advance(1_000_000);
  const left = target.read32(ACSR);
  checks.predicted(given['afterWriting0x0800'], left, 'prediction: what ACSR reads after writing 0x0800');
  let writes = 1;
  for (; target.assertedInterrupts().length > 0; writes++) {
    target.write32(ACSR, END_OF_TRANSFER);
    target.advance(1_000_000);
  }
  checks.predicted(given['writesUntilQuiet'], writes, 'prediction: writes until no line is up');
}

/** Two copies that interrupt: the end of a transfer, and the end of the chain. */
function twoDescriptors(target: Target): void {
  const words = new Uint32Array(target.wasmMemory.buffer);
  words.set([0x1020, 0x7, 0, 1024, 0x8000, 0, 0x4000, 0], 0x1000 / 4);
  words.set([0, 0x7, 0, 4096, 0x9000, 0, 0x4000, 0], 0x1020 / 4);
  target.write32(ANDAR, 0x1000);
  target.write32(ACCR, 1);
}
