/** Descriptor words as reference/hw-iop3xx section 3 has them; offsets and values are typed here anew. */
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { Prepared } from '../../../dmaengine/device';
import { GuestPanic } from '../../../emulator/findings';
import { PLATFORMS } from '../../../emulator/platforms';
import { ACK, granted, INT, World } from './world';

/** Words of SAR1 … SAR32 (3.2). */
const SOURCES = [
  1, 2, 3, 4, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 27, 28, 29, 31, 32, 33, 34, 35, 36, 37,
  38,
];

/** The words of a descriptor that `prep` makes in a pool full of ones. */
function words(world: World, chan: IopAdmaChan, prep: () => Prepared | undefined): number[] {
  const { dram } = world.machine;
  return world.call(() => {
    // Only free slots are spoilt: the null descriptor stays.
    chan.pool!.slots.forEach(({ phys }, index) => {
      if (chan.pool!.slotsPerOp[index] > 0) return;
      for (let at = phys; at < phys + 32; at += 4) dram.setWord(at, 0xffff_ffff);
    });
    const tx = granted(prep());
    world.kernel.processor.barrier();
    return Array.from({ length: 39 }, (_, word) => dram.word(tx.phys + 4 * word));
  });
}

describe.each(['iop321', 'iop331'] as const)('a descriptor of a DMA channel of %s', (name) => {
  const make = (): { world: World; chan: IopAdmaChan } => {
    const world = new World({}, PLATFORMS[name]);
    return { world, chan: world.channel() };
  };

  it.each([
    [ACK, 0x4e],
    [ACK | INT, 0x5e],
  ])('copies memory to memory, flags %i giving control word %i (3.1)', (flags, control) => {
    const { world, chan } = make();
    const made = words(world, chan, () =>
      chan.device.devicePrepDmaMemcpy!(chan, 0xa000_9004, 0xa000_8003, 0x12_3456, flags),
    );
    expect(made.slice(0, 6)).toEqual([0, 0xa000_8003, 0, 0xa000_9004, 0x12_3456, control]);
  });

  it('interrupts by copying nothing (IA-24)', () => {
    const { world, chan } = make();
    const made = words(world, chan, () => chan.device.devicePrepDmaInterrupt!(chan, ACK));
    expect(made.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0x5e]);
  });

  it('of any other kind is a BUG (IA-27)', () => {
    const { world, chan } = make();
    const { hw, kernel } = chan;
    world.call(() => {
      expect(() => hw.writeXor(kernel, chan.poolBase, 0, [0], 1, 64, false)).toThrow(GuestPanic);
      expect(() => hw.writeMemset(kernel, chan.poolBase, 0, 0, 64, false)).toThrow(GuestPanic);
      expect(() => hw.readZeroResult(kernel, chan.poolBase)).toThrow(GuestPanic);
    });
  });
});

/** Every block of a word XORs. */
const ALL = 0x0049_2492;

describe('a descriptor of an AAU', () => {
  const make = (): { world: World; chan: IopAdmaChan } => {
    const world = new World({}, PLATFORMS.iop331);
    return { world, chan: world.channel({}, 2) };
  };
  const addresses = (count: number): number[] => Array.from({ length: count }, (_, i) => 0xa100_0000 + 0x1001 * i);

  it.each([
    [1, 0x8000_000e, {}],
    [4, 0x8000_049e, {}],
    [5, 0x8200_249e, {}],
    [8, 0x8249_249e, {}],
    [9, 0x8449_249e, { 12: 2 }],
    [16, 0x8449_249e, { 12: ALL }],
    [17, 0x8649_249e, { 12: ALL, 21: 2, 30: 0 }],
    [24, 0x8649_249e, { 12: ALL, 21: ALL, 30: 0 }],
    [25, 0x8649_249e, { 12: ALL, 21: ALL, 30: 2 }],
    [32, 0x8649_249e, { 12: ALL, 21: ALL, 30: ALL }],
  ])('of %i sources has its sources and commands where 3.2 has them', (count, control, extended) => {
    const { world, chan } = make();
    const srcs = addresses(count);
    const made = words(world, chan, () => chan.device.devicePrepDmaXor!(chan, 0x1234, srcs, count, 0x1000, ACK));
    expect([made[0], made[5], made[6]]).toEqual([0, 0x1234, 0x1000]);
    expect(made[7].toString(16)).toBe(control.toString(16));
    expect(SOURCES.slice(0, count).map((word) => made[word])).toEqual(srcs);
    for (const [word, value] of Object.entries(extended)) expect([word, made[Number(word)]]).toEqual([word, value]);
  });

  it('interrupts when PREP_INTERRUPT asks for it (3.3: an xor of 4 is 0x8000049F then)', () => {
    const { world, chan } = make();
    const made = words(world, chan, () => chan.device.devicePrepDmaXor!(chan, 0, addresses(4), 4, 64, ACK | INT));
    expect(made[7]).toBe(0x8000_049f);
  });

  it('fills with the byte four times over (3.4)', () => {
    const { world, chan } = make();
    const made = words(world, chan, () => chan.device.devicePrepDmaMemset!(chan, 0x1234, 0x1a5, 100, ACK));
    expect(made.slice(0, 8)).toEqual([0, 0xa5a5_a5a5, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0x1234, 100, 0x8000_0004]);
  });

  it('checks without writing (3.4)', () => {
    const { world, chan } = make();
    const result = { value: 0 };
    const srcs = addresses(5);
    const made = words(world, chan, () => chan.device.devicePrepDmaXorVal!(chan, srcs, 5, 1000, result, ACK));
    expect([made[0], made[6], made[7]]).toEqual([0, 1000, 0x4200_249e]);
    expect(SOURCES.slice(0, 5).map((word) => made[word])).toEqual(srcs);
  });

  it('interrupts by a null xor of two sources (IA-24)', () => {
    const { world, chan } = make();
    const made = words(world, chan, () => chan.device.devicePrepDmaInterrupt!(chan, ACK));
    expect(made.slice(0, 8)).toEqual([0, 0, 0, 0xffff_ffff, 0xffff_ffff, 0, 0, 1]);
  });

  it('starts a channel as a null xor that does not interrupt (IA-41)', () => {
    const world = new World({}, PLATFORMS.iop331);
    const chan = world.channel({}, 2);
    const { dram, engines } = world.machine;
    const at = chan.chain.first!.phys;
    expect(Array.from({ length: 8 }, (_, word) => dram.word(at + 4 * word)).filter((_, w) => w < 3 || w > 4)).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    expect(engines[2].statistics.errors).toBe(0);
  });

  it('that copies is a BUG (IA-27)', () => {
    const { world, chan } = make();
    expect(() => world.call(() => chan.hw.writeMemcpy(chan.kernel, chan.poolBase, 0, 0, 64, false))).toThrow(
      GuestPanic,
    );
  });
});

describe('a check longer than 1 KiB', () => {
  it('is a linked group of descriptors of at most 1024 bytes, each with the interrupt (IA-10, IA-22, IA-25)', () => {
    const world = new World({}, PLATFORMS.iop331);
    const chan = world.channel({}, 2);
    const { dram } = world.machine;
    const srcs = [0x8000, 0xa004, 0xc003];
    world.call(() => {
      const tx = granted(chan.device.devicePrepDmaXorVal!(chan, srcs, 3, 2500, { value: 0 }, ACK | INT));
      const head = chan.pool!.slots.find(({ phys }) => phys === tx.phys - 64)!;
      world.kernel.processor.barrier();
      const group = [head.phys, head.phys + 32, head.phys + 64];
      const word = (at: number, index: number): number => dram.word(at + 4 * index);
      expect(group.map((at) => word(at, 0))).toEqual([group[1], group[2], 0]);
      expect(group.map((at) => word(at, 6))).toEqual([1024, 1024, 452]);
      expect(group.map((at) => word(at, 7))).toEqual(group.map(() => 0x4000_009f));
      group.forEach((at, i) => {
        expect([1, 2, 3].map((index) => word(at, index))).toEqual(srcs.map((src) => src + 1024 * i));
      });
    });
  });
});
