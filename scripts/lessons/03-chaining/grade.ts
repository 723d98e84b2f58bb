/** Runs chains by hand on the bare silicon, and changes them while they run. */
import { MILLISECOND } from '../../../emulator/sim/time';
import type { Target } from '../../../index';
import { createTarget } from '../../../index';
import type { TraceRecord } from '../../../emulator/trace/trace';
import { Checks, functionOf, timelineOf } from '../grading';
import type { Grader } from '../lesson';

interface Move {
  readonly destination: number;
  readonly source: number;
  readonly bytes: number;
}
type Chain = (target: Target, first: number, moves: readonly Move[]) => void;

const [ACCR, ACSR, ANDAR] = [0xffd8_0000, 0xffd8_0004, 0xffd8_0024];
const [ACTIVE, END_OF_TRANSFER, END_OF_CHAIN] = [1 << 13, 1 << 12, 1 << 11];
/** Descriptors, their former user's words in them, and where blocks are. */
const [FIRST, SOURCES, DESTINATIONS, ELSEWHERE] = [0x1000, 0x4000, 0x8000, 0xc000];
const BLOCK = 1024;
/** Addresses that a message lists. */
const SHOWN = 6;

/** Lengths of the chains that are tried. */
const LENGTHS = [1, 3, 5] as const;

export const grade: Grader = (exercise) => {
  const chain = functionOf<Chain>(exercise, 'chain');
  const checks = new Checks();
  const timeline: string[] = [];
  for (const length of LENGTHS) {
    const records: TraceRecord[] = [];
    const target = board((record) => records.push(record));
    const moves = movesOf(length);
    chain(target, FIRST, moves);
    target.advance(100_000);
    const name = length === 1 ? 'a chain of one' : `a chain of ${length}`;
    checks.that(busy(target), `${name}: 100 ns later the channel is busy with it`, 'nothing started, or you waited');
    const ended = target.runUntil(() => !busy(target), MILLISECOND);
    checks.that(ended, `${name}: it ends`, 'it still runs after a millisecond');
    const fetched = records.flatMap(({ point, fields }) => (point === 'engine.fetch' ? [fields.descriptor] : []));
    const expected = moves.map((_, i) => FIRST + 32 * i);
    checks.equal(hex(fetched), hex(expected), `${name}: each descriptor is read once, in order, and no other`);
    const missing = moves.findIndex(({ destination, source }) => !holds(target, destination, source));
    checks.that(missing < 0, `${name}: every block arrives`, `block ${missing} does not`);
    const events = target.read32(ACSR) & (END_OF_TRANSFER | END_OF_CHAIN);
    checks.equal(events, END_OF_CHAIN, `${name}: the end of the chain interrupts, and nothing before it`);
    if (length === 3) timeline.push(...timelineOf(records));
  }
  predictions(checks, exercise['predictions']);
  return { checks: checks.all, timeline };
};

/** What the questions come to, tried on boards. */
function predictions(checks: Checks, answers: unknown): void {
  const given = (answers ?? {}) as Readonly<Record<string, unknown>>;
  const words = (target: Target): Uint32Array => new Uint32Array(target.wasmMemory.buffer);
  const first = inTheFirst();
  checks.predicted(given['andar'], first.read32(ANDAR), 'prediction: what ANDAR reads');

  const second = inTheFirst();
  words(second)[(FIRST + 32) / 4 + 6] = ELSEWHERE;
  second.runUntil(() => !busy(second), MILLISECOND);
  const source = holds(second, DESTINATIONS + BLOCK, ELSEWHERE) ? 'new' : 'old';
  checks.predicted(given['sourceOfSecond'], source, 'prediction: the source of the second descriptor');

  const third = inTheFirst();
  words(third)[FIRST / 4] = FIRST + 64;
  third.runUntil(() => !busy(third), MILLISECOND);
  const next = holds(third, DESTINATIONS + BLOCK, SOURCES + BLOCK) ? 'old' : 'new';
  checks.predicted(given['nextOfFirst'], next, 'prediction: the next pointer of the first descriptor');
}

/** A board that executes the first of three descriptors. */
function inTheFirst(): Target {
  const target = board();
  const words = new Uint32Array(target.wasmMemory.buffer);
  movesOf(3).forEach(({ destination, source, bytes }, i) => {
    words.set([i < 2 ? FIRST + 32 * (i + 1) : 0, 0x6, 0, bytes, destination, 0, source, 0], FIRST / 4 + 8 * i);
  });
  target.write32(ANDAR, FIRST);
  target.write32(ACCR, 1);
  target.advance(300_000);
  return target;
}

/** Memory as it is after a day: noise in the blocks, descriptors of a former user where the chain will be. */
function board(trace?: (record: TraceRecord) => void): Target {
  const target = createTarget('iop342', { dramBytes: 1 << 20, ...(trace === undefined ? {} : { trace }) });
  const { memory } = target;
  for (let i = SOURCES; i < memory.length; i++) memory[i] = (i * 7 + (i >> 8) * 13 + (i >> 10)) & 0xff;
  const words = new Uint32Array(target.wasmMemory.buffer);
  for (let i = 0; i < 16; i++) {
    words.set([i < 15 ? FIRST + 32 * (i + 1) : 0, 0x6, 0, 64, ELSEWHERE + 0x1000, 0, SOURCES, 0], FIRST / 4 + 8 * i);
  }
  return target;
}

function movesOf(length: number): Move[] {
  return Array.from({ length }, (_, i) => ({
    destination: DESTINATIONS + BLOCK * i,
    source: SOURCES + BLOCK * i,
    bytes: BLOCK,
  }));
}

function busy(target: Target): boolean {
  return (target.read32(ACSR) & ACTIVE) !== 0;
}

function holds({ memory }: Target, destination: number, source: number): boolean {
  return memory.subarray(source, source + BLOCK).every((byte, i) => memory[destination + i] === byte);
}

function hex(addresses: readonly number[]): string {
  const shown = addresses.slice(0, SHOWN).map((address) => `0x${address.toString(16)}`);
  return [...shown, ...(addresses.length > SHOWN ? ['…'] : [])].join(' ');
}
