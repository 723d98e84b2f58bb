/** Coarse timing, one event for the data of a descriptor: the same memory, flags, interrupts and findings as fine. */
import { createTarget } from '../../../index';
import type { Target } from '../../../index';
import { same, US } from '../board';
import { BOARDS, EnginePins, ENGINES, SMALL_QUEUE } from '../engines';
import type { EngineFacts } from '../engines';
import { descriptor, Dice, DRAM, Memories, MOST, Region } from './programs';

const SEEDS = 50;

interface Seen {
  readonly memory: Uint8Array;
  /** status, current and next address, control of each engine */
  readonly registers: readonly (readonly number[])[];
  readonly interrupts: readonly number[];
  readonly findings: readonly string[];
  readonly time: number;
}

/** Writes the chains of a seed and starts every engine on its own. */
function start(target: Target, engines: readonly EngineFacts[], seed: number): EnginePins[] {
  const dice = new Dice(seed);
  target.reset();
  const memories = new Memories(target);
  memories.scribble(dice);
  return engines.map((facts, k) => {
    const region = new Region(target.memoryBase, k);
    const count = 1 + dice.below(MOST);
    for (let i = 0; i < count; i++) {
      const words = descriptor(dice, region, facts.kind, dice.oneIn(4));
      words[0] = i + 1 < count ? region.any(i + 1) : 0;
      memories.put(region.any(i), words);
    }
    const pins = new EnginePins(target, facts);
    pins.controlBits = facts.kind === 'aau' && dice.oneIn(3) ? SMALL_QUEUE : 0;
    pins.start(region.any(0));
    return pins;
  });
}

function outcome(target: Target, engines: readonly EngineFacts[], seed: number): Seen {
  const pins = start(target, engines, seed);
  const done = (): boolean => pins.every((engine) => !engine.active);
  if (!target.runUntil(done, 100_000 * US)) throw new Error('still active');
  return {
    memory: target.memory.slice(),
    registers: pins.map((engine) => [engine.status, engine.current, engine.next, engine.control]),
    interrupts: target.assertedInterrupts(),
    findings: target
      .findings()
      .map(({ kind, rule, where }) => `${kind} ${rule} ${where}`)
      .sort(),
    time: target.now,
  };
}

describe.each(BOARDS)('%s', (platform) => {
  const fine = createTarget(platform, { dramBytes: DRAM, phases: 'fine' });
  const coarse = createTarget(platform, { dramBytes: DRAM, phases: 'coarse' });

  it('ends with the same memory, registers, interrupts and findings, all engines together', () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { memory, time: _, ...rest } = outcome(fine, ENGINES[platform], seed);
      const { memory: other, time: __, ...others } = outcome(coarse, ENGINES[platform], seed);
      expect({ seed, ...others }).toEqual({ seed, ...rest });
      expect(same(memory, other)).toBe(true);
    }
  });

  it.each(ENGINES[platform].map((facts) => [facts.name, facts] as const))(
    '%s alone takes about the same time',
    (_, one) => {
      for (let seed = 1; seed <= 15; seed++) {
        const a = outcome(fine, [one], seed);
        const b = outcome(coarse, [one], seed);
        expect(b.registers).toEqual(a.registers);
        const failed = a.registers.some(([status]) => (status & one.errors) !== 0);
        // A poll is 100 ns or more; refresh closes rows at slightly different moments.
        if (!failed) expect(Math.abs(a.time - b.time)).toBeLessThan(0.02 * a.time + US);
      }
    },
  );
});
