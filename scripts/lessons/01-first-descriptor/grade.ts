/** Runs a copy by hand on the bare silicon. */
import { MILLISECOND } from '../../../emulator/sim/time';
import type { Target } from '../../../index';
import { createTarget } from '../../../index';
import type { TraceRecord } from '../../../emulator/trace/trace';
import { Checks, functionOf, timelineOf } from '../grading';
import type { Grader } from '../lesson';

type Copy = (target: Target, descriptor: number, destination: number, source: number, bytes: number) => void;

const ACSR = 0xffd8_0004;
const ACTIVE = 1 << 13;
/** Interrupt source of channel 0's end of chain. */
const END_OF_CHAIN = 1;

/** Sizes that a copy is tried with: one block, a page, and one that no block size divides. */
const SIZES = [1024, 4096, 2999] as const;

export const grade: Grader = (exercise) => {
  const copy = functionOf<Copy>(exercise, 'copy');
  const checks = new Checks();
  const timeline: string[] = [];
  for (const bytes of SIZES) {
    const records: TraceRecord[] = [];
    const target = createTarget('iop342', { dramBytes: 1 << 20, trace: (record) => records.push(record) });
    const [descriptor, source, destination] = [0x1000, 0x4000, 0x8000];
    const { memory } = target;
    for (let i = 0; i < bytes; i++) memory[source + i] = (i * 7 + bytes) & 0xff;
    memory[destination + bytes] = 0xa5;
    copy(target, descriptor, destination, source, bytes);
    target.advance(100_000);
    const busy = (target.read32(ACSR) & ACTIVE) !== 0;
    checks.that(
      busy,
      `${bytes} bytes: 100 ns later the channel is busy with it`,
      'it is not: nothing started, or you waited',
    );
    const ended = target.runUntil(() => target.assertedInterrupts().includes(END_OF_CHAIN), MILLISECOND);
    checks.that(ended, `${bytes} bytes: the end of the chain interrupts`, 'no interrupt within a millisecond');
    const wrong = memory.subarray(source, source + bytes).findIndex((byte, i) => memory[destination + i] !== byte);
    checks.that(wrong < 0, `${bytes} bytes arrive`, `byte ${wrong} is not what the source holds`);
    checks.equal(memory[destination + bytes], 0xa5, `${bytes} bytes: the byte behind them stays as it was`);
    const broken = target.findings().map(({ text }) => text);
    checks.that(broken.length === 0, `${bytes} bytes: no rule of the manual is broken`, broken.join('; '));
    if (bytes === SIZES[0]) timeline.push(...timelineOf(records));
  }
  return { checks: checks.all, timeline };
};
