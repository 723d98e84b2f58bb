/** Stores that hardware reads: what the engines see of them, and when (bug I-03 of reference/bugs). */
import type { Machine } from '../../../emulator/platforms/machine';
import { CHANNELS, ENABLE, NS, REG, RESUME, US } from '../board';
import { boot } from './world';

describe('a store', () => {
  it('is invisible to hardware at first and visible after the drain time', () => {
    const { machine, kernel } = boot();
    const before = kernel.now;
    kernel.store32(0x1000, 0xfeed_f00d);
    expect(machine.dram.word(0x1000)).toBe(0);
    kernel.spend(machine.timing.STORE_DRAIN - (kernel.now - before) - 1);
    expect(machine.dram.word(0x1000)).toBe(0);
    kernel.spend(1);
    expect(machine.dram.word(0x1000)).toBe(0xfeed_f00d);
  });

  it('is drained by a read-back of the same word, with all that came before it', () => {
    const { machine, kernel } = boot();
    kernel.store32(0x1000, 1);
    kernel.store32(0x1004, 2);
    kernel.store32(0x1008, 3);
    expect(kernel.load32(0x1004)).toBe(2);
    expect([0x1000, 0x1004].map((at) => machine.dram.word(at))).toEqual([1, 2]);
  });

  it('is not drained by a read of another word, even the one beside it', () => {
    const { machine, kernel } = boot();
    machine.dram.setWord(0x1004, 9);
    kernel.store32(0x1000, 1);
    expect(kernel.load32(0x1004)).toBe(9);
    expect(machine.dram.word(0x1000)).toBe(0);
  });

  it('is drained by a barrier', () => {
    const { machine, kernel } = boot();
    kernel.store32(0x1000, 1);
    kernel.processor.barrier();
    expect(machine.dram.word(0x1000)).toBe(1);
    kernel.spend(US);
    expect(machine.sim.nextTime).toBe(Infinity);
  });

  it('to a word stored before leaves the last value', () => {
    const { kernel } = boot();
    kernel.store32(0x1000, 1);
    kernel.store32(0x1000, 2);
    expect(kernel.load32(0x1000)).toBe(2);
  });

  it('that finds the buffer full pushes the others out, in order', () => {
    const { machine, kernel } = boot();
    let highest = 0;
    for (let i = 0; i < 300; i++) {
      kernel.processor.store32(0x1000 + 4 * i, i + 1, 0);
      let visible = 0;
      while (machine.dram.word(0x1000 + 4 * visible) !== 0) visible++;
      for (let k = visible; k <= i; k++) expect(machine.dram.word(0x1000 + 4 * k)).toBe(0);
      highest = visible;
    }
    expect(highest).toBeGreaterThan(0);
    kernel.spend(US);
    expect(machine.dram.word(0x1000 + 4 * 299)).toBe(300);
  });
});

describe('a link behind the tail of an idle channel (bug I-03)', () => {
  const TAIL = 0x1000;
  const NEXT = 0x1020;
  const [BASE] = CHANNELS;

  function idleChannel(): ReturnType<typeof boot> {
    const world = boot();
    const { machine, kernel } = world;
    put(machine, TAIL, [0, 0x6, 0, 0, 0, 0, 0, 0]);
    put(machine, NEXT, [0, 0x6, 0, 64, 0x8000, 0, 0x4000, 0]);
    machine.dram.bytes.fill(0x42, 0x4000, 0x4040);
    kernel.writel(BASE + REG.ANDAR, TAIL);
    kernel.writel(BASE + REG.ACCR, ENABLE);
    kernel.spend(10 * US);
    expect(kernel.readl(BASE + REG.ADAR)).toBe(TAIL);
    kernel.spend(10 * US);
    return world;
  }

  function put(machine: Machine, at: number, words: readonly number[]): void {
    words.forEach((word, index) => machine.dram.setWord(at + 4 * index, word));
  }

  const copied = (machine: Machine): boolean => machine.dram.bytes[0x8000] === 0x42;

  it('is lost when the doorbell arrives before the link has left the write buffer', () => {
    const { machine, kernel } = idleChannel();
    kernel.store32(TAIL, NEXT);
    kernel.writel(BASE + REG.ACCR, ENABLE | RESUME);
    kernel.spend(1000 * US);
    expect(machine.dram.word(TAIL)).toBe(NEXT);
    expect(copied(machine)).toBe(false);
    expect(kernel.readl(BASE + REG.ADAR)).toBe(TAIL);
  });

  it('is lost as well when another word is read back', () => {
    const { machine, kernel } = idleChannel();
    kernel.store32(TAIL, NEXT);
    kernel.processor.load32(NEXT, 5 * NS);
    kernel.writel(BASE + REG.ACCR, ENABLE | RESUME);
    kernel.spend(1000 * US);
    expect(copied(machine)).toBe(false);
  });

  it('is not lost when the link itself is read back', () => {
    const { machine, kernel } = idleChannel();
    kernel.store32(TAIL, NEXT);
    expect(kernel.load32(TAIL)).toBe(NEXT);
    kernel.writel(BASE + REG.ACCR, ENABLE | RESUME);
    kernel.spend(1000 * US);
    expect(copied(machine)).toBe(true);
    expect(kernel.readl(BASE + REG.ADAR)).toBe(NEXT);
  });
});
