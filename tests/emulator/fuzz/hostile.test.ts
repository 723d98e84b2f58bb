/**
 * Whatever software writes to registers and descriptors: nothing throws, everything can be stopped and used again, a
 * chain that goes on for ever is found, and only bytes that some descriptor names change.
 *
 * ADMA_FUZZ=N spends N descriptors and register accesses on this directory; ADMA_FUZZ_SEED=S runs one seed only.
 */
import { createTarget } from '../../../index';
import type { BusFault, Target } from '../../../index';
import { same, US } from '../board';
import { BOARDS, EnginePins, ENGINES } from '../engines';
import type { BoardName } from '../engines';
import { Interpreter } from './interpreter';
import { descriptor, Dice, DRAM, HALVES, Memories, MOST, Region, runSeeds } from './programs';

/** Rounds of one seed; the target is reset before each seed. */
const ROUNDS = 4;
const SHARE = 0.4;
/** How many findings of one rule at one place are kept. */
const KEPT = 16;
/** How many looks an engine gets until it is at rest: 3 s. */
const PATIENCE = 30_000;
const SLOTS = HALVES * MOST;

const CASES = BOARDS.flatMap((platform) => (['fine', 'coarse'] as const).map((phases) => [platform, phases] as const));

/** Interrupt controller and timers as far as they are memory mapped. */
const OTHER_REGISTERS: Readonly<Record<BoardName, readonly number[]>> = {
  iop342: [0xffd8_1800, 0xffd8_2180],
  iop341: [0xffd8_1800],
  iop348: [0xffd8_1800],
  iop321: [0xffff_e7d0, 0xffff_e7d4, 0xffff_e7d8, 0xffff_e7e0, 0xffff_e7e4, 0xffff_e7e8, 0xffff_e7f8, 0xffff_e7fc],
  iop331: [0xffff_e790, 0xffff_e798, 0xffff_e7a0, 0xffff_e7b0, 0xffff_e7c4, 0xffff_e7d0, 0xffff_e7d8, 0xffff_e7e8],
};

class Hostile {
  readonly lanes: { pins: EnginePins; model: Interpreter; region: Region }[];
  readonly memories: Memories;
  items = 0;
  /** Whether some descriptor may write over descriptors, or a chain leave them: then nothing is known of memory. */
  wild = false;
  faulty = false;
  private allowed: { from: number; to: number }[] = [];

  constructor(
    readonly target: Target,
    readonly platform: BoardName,
    readonly dice: Dice,
  ) {
    this.memories = new Memories(target);
    this.memories.scribble(dice);
    this.lanes = ENGINES[platform].map((facts, k) => ({
      pins: new EnginePins(target, facts),
      model: new Interpreter(this.memories.mirror, target.memoryBase, platform, facts.kind),
      region: new Region(target.memoryBase, k),
    }));
  }

  round(): void {
    const { dice } = this;
    const begin = this.target.now;
    for (const lane of this.lanes) for (let k = 0; k < SLOTS; k++) this.putDescriptor(lane, k);
    if (dice.oneIn(4)) this.injectFault();
    for (let actions = dice.between(5, 60); actions > 0; actions--) this.act();
    this.settle(begin);
    this.compare();
  }

  /** Something that looks like a descriptor, with a next pointer to any slot, bits flipped now and then. */
  private putDescriptor(lane: Hostile['lanes'][number], k: number): void {
    const { dice } = this;
    const { region, pins } = lane;
    const words = descriptor(dice, region, pins.facts.kind, true);
    words[0] = this.pointer(region);
    while (dice.oneIn(3)) words[dice.below(words.length)] ^= 1 << dice.below(32);
    this.memories.put(
      region.any(k),
      words.map((word) => word >>> 0),
    );
    this.items++;
    this.look(lane, k);
  }

  private pointer(region: Region): number {
    const { dice } = this;
    const kind = dice.below(12);
    if (kind === 0) return 0;
    if (kind === 1) return dice.oneIn(4) ? dice.next() : 0xf000_0000;
    return region.any(dice.below(SLOTS)) + (kind === 2 ? dice.below(32) : 0);
  }

  /** Takes note of what the descriptor in a slot may write and where it leads. */
  private look({ region, model }: Hostile['lanes'][number], k: number): void {
    const at = region.any(k);
    this.mayGoTo(model.word(at));
    const base = this.target.memoryBase;
    for (const { from, to } of model.named(at)) {
      const range = { from: Math.max(from, base), to: Math.min(to, base + DRAM) };
      if (range.from >= range.to) continue;
      this.allowed.push(range);
      const isStatus = from > at && to <= at + 0x100;
      const hits = this.lanes.some((lane) => range.from < lane.region.data && range.to > lane.region.pool);
      if (hits && !isStatus) this.wild = true;
    }
  }

  private mayGoTo(address: number): void {
    const at = (address & ~31) >>> 0;
    const offset = at - this.target.memoryBase;
    if (at === 0 || offset < 0 || offset >= DRAM) return;
    const isSlot = this.lanes.some(({ region }) => {
      for (let k = 0; k < SLOTS; k++) if (region.any(k) === at) return true;
      return false;
    });
    if (!isSlot) this.wild = true;
  }

  private injectFault(): void {
    const { dice, target } = this;
    this.faulty = true;
    const fault: BusFault = {
      kind: dice.pick(['master-abort', 'target-abort', 'mcu-abort', 'parity']),
      address: target.memoryBase + dice.below(DRAM),
      length: 1 + dice.below(256),
      access: dice.pick(['read', 'write', 'any']),
      times: dice.oneIn(6) ? Infinity : 1 + dice.below(3),
    };
    target.inject(fault);
  }

  private act(): void {
    const { dice, target } = this;
    const lane = dice.pick(this.lanes);
    this.items++;
    switch (dice.below(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return this.writeEngine(lane);
      case 5:
        lane.pins.start(lane.region.any(dice.below(SLOTS)));
        this.items += 3;
        return;
      case 6:
        lane.pins.resume();
        return;
      case 7:
        lane.pins.control = dice.below(2) * dice.below(16);
        return;
      case 8: {
        // A word of a descriptor changes under the engine.
        const k = dice.below(SLOTS);
        const at = lane.region.any(k);
        const word = dice.below(3) === 0 ? 0 : dice.below(39);
        const value = word === 0 ? this.pointer(lane.region) : lane.model.word(at + 4 * word) ^ (1 << dice.below(32));
        this.memories.put(at + 4 * word, [value >>> 0]);
        return this.look(lane, k);
      }
      case 9:
        return this.anywhere();
      case 10:
        return this.coprocessor();
      case 11:
        return this.check(target.read(lane.pins.facts.base + dice.below(lane.pins.facts.window), 1));
      default:
        target.advance(dice.below(dice.oneIn(4) ? 5_000_000 : 300_000));
    }
  }

  private writeEngine({ pins, region }: Hostile['lanes'][number]): void {
    const { dice, target } = this;
    const { facts } = pins;
    const width = dice.pick([4, 4, 4, 2, 1] as const);
    const register = dice.pick([facts.control, facts.status, facts.next, 4 * dice.below(facts.window / 4)]);
    let value = dice.oneIn(3) ? dice.next() : dice.below(16);
    if (register === facts.next) value = this.pointer(region);
    const at = facts.base + register + width * dice.below(4 / width);
    target.write(at, value, width);
    // A part of a pointer may make another one.
    if (register === facts.next && width !== 4) this.wild = true;
    if (register === facts.next) this.mayGoTo(value);
  }

  private anywhere(): void {
    const { dice, target } = this;
    const list = OTHER_REGISTERS[this.platform];
    const at = dice.oneIn(3) ? 0x9000_0000 + 4 * dice.below(0x0400_0000) : dice.pick(list);
    const isDram = at >= target.memoryBase && at < target.memoryBase + DRAM;
    if (isDram) return;
    // Timers that expire at every tick would only take time.
    if (dice.oneIn(2)) target.write(at, (dice.next() | 0x4000) >>> 0, 4);
    this.check(target.read32(at));
  }

  private coprocessor(): void {
    const { dice, target } = this;
    const crn = dice.below(17);
    const crm = dice.below(12);
    if (dice.oneIn(2)) target.writeCp6(crn, crm, (dice.next() | 0x4000) >>> 0);
    this.check(target.readCp6(crn, crm));
  }

  private check(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw new Error(`read ${value}`);
  }

  /** Every engine comes to rest by itself, or has said that it never will and can be stopped. */
  private settle(begin: number): void {
    const { target } = this;
    const active = (): EnginePins[] => this.lanes.map(({ pins }) => pins).filter((pins) => pins.active);
    for (let k = 0; active().length > 0; k++) {
      if (active().every((pins) => this.saidEndless(pins, begin))) break;
      if (k > PATIENCE) throw new Error(`${active()[0].facts.name} neither ends nor is found endless`);
      target.advance(k < 2000 ? 5 * US : 100 * US);
    }
    for (const pins of active()) pins.control = 0;
    for (let k = 0; active().length > 0; k++) {
      if (k > PATIENCE) throw new Error(`${active()[0].facts.name} can not be stopped`);
      target.advance(k < 2000 ? 5 * US : 100 * US);
    }
    // What is suspended is given up: the next round has other descriptors.
    for (const { pins } of this.lanes) pins.write(pins.facts.next, 0);
    target.advance(US);
    this.check(target.assertedInterrupts().length + target.pendingInterrupts().length);
  }

  private saidEndless({ facts }: EnginePins, begin: number): boolean {
    const said = this.target.findings().filter(({ where, text }) => where === facts.name && text.includes('endless'));
    return said.length >= KEPT || said.some(({ time }) => time >= begin);
  }

  /** Bytes that nothing names are as they were. */
  private compare(): void {
    const { memory, memoryBase } = this.target;
    const { mirror } = this.memories;
    const ranges = this.wild ? [{ from: memoryBase, to: memoryBase + DRAM }] : this.allowed;
    for (const { from, to } of ranges) {
      const offset = from - memoryBase;
      mirror.set(memory.subarray(offset, to - memoryBase), offset);
    }
    if (!same(memory, mirror)) {
      const at = memory.findIndex((byte, i) => byte !== mirror[i]);
      throw new Error(`the byte at offset 0x${at.toString(16)} changed, which no descriptor names`);
    }
    this.allowed = [];
    this.wild = false;
  }

  /** After all that, a driver that starts afresh finds engines that work. */
  recover(): void {
    const { dice, target } = this;
    if (this.faulty) return;
    for (const { pins, region } of this.lanes) {
      const { kind } = pins.facts;
      const [at, source, destination] = [region.any(0), region.data, region.data + 0x800];
      const words = {
        adma: [0, 0x7, 0, 100, destination, 0, source, 0],
        dma: [0, source, 0, destination, 100, 0x5e],
        aau: [0, source, 0, 0, 0, destination, 100, 0x8000_000f],
      }[kind];
      if (kind === 'adma') words[1] |= 1;
      this.memories.put(at, words);
      pins.clear();
      pins.control = 0;
      target.advance(dice.below(200_000));
      pins.controlBits = 0;
      pins.start(at);
      pins.untilIdle();
      const { status } = pins;
      if (status !== pins.facts.eoc)
        throw new Error(`${pins.facts.name} ends a good copy with 0x${status.toString(16)}`);
      const offset = (address: number): number => address - target.memoryBase;
      const copy = target.memory.subarray(offset(destination), offset(destination) + 100);
      if (!same(copy, target.memory.subarray(offset(source), offset(source) + 100))) {
        throw new Error(`${pins.facts.name} makes a bad copy`);
      }
    }
  }
}

describe.each(CASES)('%s, %s phases', (platform, phases) => {
  const target = createTarget(platform, { dramBytes: DRAM, phases });
  const name = `${platform}, ${phases} phases`;

  function run(seed: number): number {
    target.reset();
    const hostile = new Hostile(target, platform, new Dice(seed));
    for (let k = 0; k < ROUNDS; k++) hostile.round();
    hostile.recover();
    return hostile.items;
  }

  it('survive anything and stay within what descriptors name', () => {
    expect(runSeeds('tests/emulator/fuzz/hostile', name, SHARE / CASES.length, run)).toBeGreaterThan(0);
  }, 600_000);
});
