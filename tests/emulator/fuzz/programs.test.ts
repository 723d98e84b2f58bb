/**
 * Random programs on all engines of a board at once, started, appended to and suspended at random moments: memory,
 * current descriptor and flags afterwards are those of an interpreter that runs the descriptors one after the other.
 *
 * ADMA_FUZZ=N spends N descriptors and register writes on this directory; ADMA_FUZZ_SEED=S runs one seed only.
 */
import { createTarget } from '../../../index';
import { same, US } from '../board';
import { BOARDS, EnginePins, ENGINES, RESUMED, SMALL_QUEUE, START } from '../engines';
import { Interpreter } from './interpreter';
import { descriptor, Dice, DRAM, Memories, MOST, Region, runSeeds } from './programs';

/** Programs of one seed; the target is reset before each seed. */
const PROGRAMS = 40;
/** This file's share of the budget is split over boards and timing modes. */
const SHARE = 0.6;

const CASES = BOARDS.flatMap((platform) => (['fine', 'coarse'] as const).map((phases) => [platform, phases] as const));

/** An engine, its stretch of memory and what has become of it. */
class Lane {
  half = 0;
  /** Where a further chain can be linked, 0 when the engine has to be started. */
  tail = 0;
  chunks: number[][] = [];
  /** Found halted and left disabled. */
  halted = false;
  readonly region: Region;

  constructor(
    readonly pins: EnginePins,
    readonly model: Interpreter,
    index: number,
  ) {
    this.region = new Region(pins.target.memoryBase, index);
  }

  /** A new program in the half that the last one did not use: chunks of linked descriptors. */
  build(dice: Dice, memories: Memories): number {
    const { region, pins } = this;
    this.half ^= 1;
    this.halted = false;
    const count = 1 + dice.below(MOST);
    this.chunks = [[]];
    for (let k = 0; k < count; k++) {
      const at = region.slot(this.half, k);
      const words = descriptor(dice, region, pins.facts.kind, dice.oneIn(8));
      const isTail = k === count - 1 || dice.oneIn(3);
      words[0] = isTail ? 0 : region.slot(this.half, k + 1);
      memories.put(at, words);
      this.chunks[this.chunks.length - 1].push(at);
      if (isTail && k < count - 1) this.chunks.push([]);
    }
    return count;
  }

  /** The first chunk, by a start or behind the tail of the program before. */
  begin(dice: Dice, memories: Memories): number {
    const [[first]] = this.chunks;
    if (this.tail !== 0 && dice.oneIn(2)) {
      this.link(memories, this.tail, first);
      return 1;
    }
    const isSmall = this.pins.facts.kind === 'aau' && dice.oneIn(4);
    this.pins.controlBits = isSmall ? SMALL_QUEUE : 0;
    this.model.block = isSmall ? 512 : 1024;
    this.pins.start(first);
    return 4;
  }

  link(memories: Memories, tail: number, next: number): void {
    memories.put(tail, [next]);
    if (!this.halted) this.pins.resume();
  }

  /** Runs the program in the interpreter and compares where it ended. */
  check(): void {
    const { pins, model, chunks } = this;
    const { facts } = pins;
    const chain = chunks.flat();
    const tails = new Set(chunks.map((chunk) => chunk[chunk.length - 1]));
    let must = 0;
    let may = 0;
    let end: 'done' | 'abort' | 'check' = 'done';
    let last = 0;
    for (const at of chain) {
      last = at;
      const outcome = model.execute(at);
      end = outcome.end;
      if (end !== 'done') break;
      if (!outcome.interrupt) continue;
      if (at === chain[chain.length - 1]) must |= facts.eoc;
      else if (tails.has(at)) may |= facts.eot | facts.eoc;
      else must |= facts.eot;
    }
    const failed = { done: 0, abort: facts.masterAbort, check: 1 << 1 }[end];
    const status = pins.status;
    if ((status & ~may) !== ((must | failed) & ~may) || (status & must) !== must) {
      throw new Error(`${facts.name}: status 0x${status.toString(16)}, ${end}, at least 0x${must.toString(16)}`);
    }
    if (pins.current !== last) throw new Error(`${facts.name}: current 0x${pins.current.toString(16)}, not ${last}`);
    this.tail = end === 'done' ? last : 0;
    if (status !== 0) pins.clear();
  }
}

describe.each(CASES)('%s, %s phases', (platform, phases) => {
  const target = createTarget(platform, { dramBytes: DRAM, phases });
  const memories = new Memories(target);
  const name = `${platform}, ${phases} phases`;

  /** Takes enable away for a while. One that has halted would start again behind the descriptor that failed. */
  function suspend(dice: Dice, lane: Lane): number {
    const { pins } = lane;
    if (lane.halted) return 0;
    pins.control = 0;
    target.advance(dice.below(2_000_000));
    while (pins.active) target.advance(US);
    lane.halted = (pins.status & pins.facts.errors) !== 0;
    if (!lane.halted) pins.control = dice.oneIn(3) ? START | RESUMED : START;
    return 2;
  }

  function program(dice: Dice, lanes: readonly Lane[]): number {
    let items = 0;
    for (const lane of lanes) items += lane.build(dice, memories);
    for (const lane of lanes) items += lane.begin(dice, memories);
    // The chunks that are left, and a suspension now and then, at random moments.
    let left = lanes.reduce((sum, { chunks }) => sum + chunks.length - 1, 0);
    const position = lanes.map(() => 1);
    while (left > 0) {
      if (!dice.oneIn(5)) target.advance(dice.below(dice.oneIn(4) ? 4_000_000 : 400_000));
      const which = dice.below(lanes.length);
      const lane = lanes[which];
      if (dice.oneIn(6)) {
        items += suspend(dice, lane);
      }
      const k = position[which];
      if (k >= lane.chunks.length) continue;
      const before = lane.chunks[k - 1];
      lane.link(memories, before[before.length - 1], lane.chunks[k][0]);
      position[which]++;
      items++;
      left--;
    }
    for (let rounds = 0; lanes.some(({ pins }) => pins.active); rounds++) {
      if (rounds > 2000) throw new Error('still active');
      target.advance(2 * US);
    }
    for (const lane of lanes) lane.check();
    if (!same(target.memory, memories.mirror)) {
      const at = target.memory.findIndex((byte, i) => byte !== memories.mirror[i]);
      throw new Error(`memory differs at offset 0x${at.toString(16)}`);
    }
    return items;
  }

  function run(seed: number): number {
    const dice = new Dice(seed);
    target.reset();
    memories.scribble(dice);
    const lanes = ENGINES[platform].map((facts, k) => {
      const model = new Interpreter(memories.mirror, target.memoryBase, platform, facts.kind);
      return new Lane(new EnginePins(target, facts), model, k);
    });
    let items = 0;
    for (let k = 0; k < PROGRAMS; k++) {
      try {
        items += program(dice, lanes);
      } catch (error) {
        throw new Error(`program ${k}: ${(error as Error).message}`, { cause: error });
      }
    }
    return items;
  }

  it('leave what a sequential interpreter leaves', () => {
    expect(runSeeds('tests/emulator/fuzz/programs', name, SHARE / CASES.length, run)).toBeGreaterThan(0);
  }, 600_000);
});
