/** Lets the driver sum and check with the exercise's descriptors, and spoils a byte. */
import { MILLISECOND } from '../../../emulator/sim/time';
import type { Target } from '../../../index';
import { createTarget } from '../../../index';
import type { StackParts } from '../../../conformance/stack';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { IopAdmaHardware } from '../../../dmaengine/iop-adma/hardware';
import { IOP_ADMA_STEPS_OF_LINUX } from '../../../dmaengine/iop-adma/steps';
import { SumCheck } from '../../../dmaengine/flags';
import type { Kernel } from '../../../emulator/kernel/kernel';
import type { CaseWorld } from '../../../conformance/world/case-world';
import type { OperationKind } from '../../../conformance/world/operation';
import type { OwnCase } from '../driver-case';
import { passed, passesSuite, play } from '../driver-case';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';

type Xor = (k: Kernel, phys: number, dest: number, srcs: readonly number[], len: number, interrupt: boolean) => void;
type XorVal = (k: Kernel, phys: number, srcs: readonly number[], len: number, interrupt: boolean) => void;
type ZeroResult = (kernel: Kernel, phys: number) => number;

const CASES = ['async-data/xor-offsets', 'async-data/xor-in-place', 'async-data/check-answers'] as const;
/** Sources that are tried; 16 is the most. */
const WIDTHS = [2, 3, 5, 6, 9, 16] as const;
const BYTES = 1500;
const SLOT_WORDS = 8;
/** The upper word of a source that was multiplied by 7. */
const MULTIPLIER = 0x0700_0000;

export const grade: Grader = (exercise) => {
  const routines: Pick<IopAdmaHardware, 'writeXor' | 'writeXorVal' | 'readZeroResult'> = hardwareWith(
    functionOf<Xor>(exercise, 'xor'),
    functionOf<XorVal>(exercise, 'xorVal'),
    functionOf<ZeroResult>(exercise, 'zeroResult'),
  );
  const install = (parts: StackParts): void => {
    const { hardware } = parts;
    parts.hardware = (engine) => ({ ...hardware(engine), ...routines });
    // A driver that survives errors would do the failed sum in software, and nobody would notice.
    parts.steps = IOP_ADMA_STEPS_OF_LINUX;
  };
  const checks = new Checks();
  const sums = (says: string, run: OwnCase['run']): void => {
    passed(checks, play({ rules: ['XV-01'], run }, { install }), says);
  };
  sums(`sums of ${WIDTHS.join(', ')} sources are right, and nothing else changes`, sumsOf);
  sums('a check of P and its sources says 0', rightChecks);
  sums('one wrong byte, the last one of the last source, and it says P_RESULT', wrongChecks);
  sums('a check writes nothing', checksWithoutTrace);
  passesSuite(checks, CASES, { install });
  predictions(checks, exercise['predictions']);
  const { timeline } = play(
    { rules: ['XV-01'], run: (world) => rightChecks(world) },
    { install, points: ['engine.fetch', 'engine.read', 'engine.write', 'engine.complete', 'engine.error'] },
  );
  return { checks: checks.all, timeline };
};

function hardwareWith(
  xor: Xor,
  xorVal: XorVal,
  zeroResult: ZeroResult,
): Pick<IopAdmaHardware, 'writeXor' | 'writeXorVal' | 'readZeroResult'> {
  return {
    writeXor: (kernel, phys, dest, srcs, srcCnt, len, interrupt) =>
      xor(kernel, phys, dest, srcs.slice(0, srcCnt), len, interrupt),
    writeXorVal: (kernel, phys, srcs, srcCnt, _done, len, interrupt) =>
      xorVal(kernel, phys, srcs.slice(0, srcCnt), len, interrupt),
    readZeroResult: (kernel, phys) => zeroResult(kernel, phys),
  };
}

/** A channel whose free slots hold what the sums of P+Q that were there before left: addresses, and multipliers beside them. */
function usedChannel(world: CaseWorld, kind: OperationKind): IopAdmaChan {
  const [chan] = world.channelsFor(kind) as IopAdmaChan[];
  const { slots, slotsPerOp } = chan.resources('lesson');
  const { address } = world.buffer();
  for (const { index, phys } of slots) {
    if (slotsPerOp[index] !== 0) continue;
    for (let word = 0; word < SLOT_WORDS; word++) {
      world.kernel.store32(phys + 4 * word, word % 2 === 0 ? address : MULTIPLIER);
    }
  }
  return chan;
}

const sumsOf: OwnCase['run'] = function* (world) {
  const chan = usedChannel(world, 'xor');
  for (const width of WIDTHS) {
    const [to, ...from] = world.blocks(width + 1).map((block) => block.span(0, BYTES));
    yield* world.finish(world.start(chan, { kind: 'xor', to, from }));
  }
  world.checkData('XR-01');
};

const rightChecks: OwnCase['run'] = function* (world) {
  const chan = usedChannel(world, 'xor_val');
  const blocks = world.blocks(4).map((block) => block.span(0, BYTES));
  const [parity, ...data] = blocks;
  for (let i = 0; i < BYTES; i++) {
    const sum = data.reduce((all, { buffer }) => all ^ buffer.bytes[i], 0);
    parity.buffer.poke(i, sum);
  }
  const check = world.start(chan, { kind: 'xor_val', from: blocks });
  yield* world.finish(check);
  const { value } = check.result;
  world.check(value === 0, 'XV-01', '0', `it says ${value}`);
};

const wrongChecks: OwnCase['run'] = function* (world) {
  const chan = usedChannel(world, 'xor_val');
  for (const width of WIDTHS) {
    const blocks = world.blocks(width).map((block) => block.span(0, BYTES));
    const last = blocks[width - 1].buffer;
    for (const { buffer } of blocks) for (let i = 0; i < BYTES; i++) buffer.poke(i, 0);
    last.poke(BYTES - 1, 1);
    const check = world.start(chan, { kind: 'xor_val', from: blocks });
    yield* world.finish(check);
    const { value } = check.result;
    world.check(value === SumCheck.P_RESULT, 'CF-06', `${SumCheck.P_RESULT} with ${width} sources`, `it says ${value}`);
  }
};

const checksWithoutTrace: OwnCase['run'] = function* (world) {
  const chan = usedChannel(world, 'xor_val');
  const from = world.blocks(5).map((block) => block.span(0, BYTES));
  const check = world.prepare(chan, { kind: 'xor_val', from });
  world.submit(check);
  yield* world.finish(check);
  // Whatever it says: here only memory counts.
  check.answer = undefined;
  world.checkData('XV-03');
};

const [ACCR, ANDAR] = [0xffd8_0000, 0xffd8_0024];
const [INTERRUPT, LOCAL, TWO_SOURCES, CHECK, WRITE_BACK] = [1, 3 << 1, 1 << 3, 1 << 7, 1 << 12];
const STATUS_BITS = 0xe000_0000;

/** What the questions come to, tried on the bare silicon. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const ask = (name: string, writeBack: number, wrong: number, says: string): void => {
    checks.predicted(given[name], wordThree(writeBack, wrong), `prediction: word 3 after a check that ${says}`);
  };
  ask('right', WRITE_BACK, 0, 'has found everything right');
  ask('wrong', WRITE_BACK, 1, 'has found a wrong byte');
  ask('wrongNotWrittenBack', 0, 1, 'has found a wrong byte, not written back');
}

/** Checks two equal blocks, one byte of which may be wrong. */
function wordThree(writeBack: number, wrong: number): number {
  const target: Target = createTarget('iop342', { dramBytes: 1 << 20 });
  const words = new Uint32Array(target.wasmMemory.buffer);
  const control = INTERRUPT | LOCAL | TWO_SOURCES | CHECK | writeBack;
  words.set([0, control, 0, 1024, 0, 0, 0x4000, 0, 0x8000, 0], 0x1000 / 4);
  target.memory[0x8000 + 1023] = wrong;
  target.write32(ANDAR, 0x1000);
  target.write32(ACCR, 1);
  target.runUntil(() => target.assertedInterrupts().length > 0, MILLISECOND);
  return (words[0x1000 / 4 + 3] & STATUS_BITS) >>> 0;
}
