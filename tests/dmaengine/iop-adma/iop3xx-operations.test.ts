import * as fc from 'fast-check';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { Page } from '../../../emulator/kernel/pages';
import { PLATFORMS } from '../../../emulator/platforms';
import { ACK, CHANNELS, INT, prepMove, submit, World } from './world';

const COUNTS = Array.from({ length: 32 }, (_, i) => i + 1);
const ACCELERATORS = ['iop321', 'iop331'] as const;

function accelerator(name: (typeof ACCELERATORS)[number]): { world: World; chan: IopAdmaChan } {
  const world = new World({}, PLATFORMS[name]);
  return { world, chan: world.channel({}, 2) };
}

/** Submits, rings, and lets it come to its end. */
function execute(world: World, chan: IopAdmaChan, prep: () => ReturnType<typeof prepMove>): void {
  world.call(() => {
    submit(prep());
    chan.device.deviceIssuePending!(chan);
  });
  world.settle();
}

const noise = (world: World, seed: number): Page =>
  world.page((i) => (Math.imul(i + 1, 2654435761) ^ Math.imul(seed + 7, 40503 * 65537)) >>> 24);

describe.each(ACCELERATORS)('the AAU of %s', (name) => {
  it.each(COUNTS)('combines %i sources, the slots full of what was there before (IA-20, hw-iop3xx 3.2)', (count) => {
    const { world, chan } = accelerator(name);
    const { dram } = world.machine;
    chan.pool!.slots.forEach(({ phys }, i) => {
      for (let at = phys; at < phys + 32; at += 4) if (i !== chan.chain.first!.index) dram.setWord(at, 0x0049_2492);
    });
    const pages = Array.from({ length: count }, (_, i) => noise(world, i));
    const dest = noise(world, 99);
    const expected = world.bytes(dest).slice();
    // Sources and destination lie differently in their words.
    const at = (i: number): number => (5 * i) % 16;
    for (let i = 0; i < 3000; i++)
      expected[7 + i] = pages.reduce((sum, page, n) => sum ^ world.bytes(page)[at(n) + i], 0);
    const srcs = pages.map(({ address }, i) => address + at(i));
    execute(world, chan, () => chan.device.devicePrepDmaXor!(chan, dest.address + 7, srcs, count, 3000, ACK));
    expect(Buffer.from(world.bytes(dest)).equals(Buffer.from(expected))).toBe(true);
    expect(world.rules()).toEqual([]);
  });

  it('fills with the byte and ignores the rest of the value', () => {
    const { world, chan } = accelerator(name);
    const page = world.page();
    execute(world, chan, () => chan.device.devicePrepDmaMemset!(chan, page.address + 3, 0x1a5, 10, ACK));
    expect([...world.bytes(page, 16)]).toEqual([0, 0, 0, ...Array<number>(10).fill(0xa5), 0, 0, 0]);
  });
});

describe('xor_val on the AAU of iop331', () => {
  const most = 16 * 1024;

  /** Whether a group of `count` sources over `len` bytes sums to zero, byte `bad` of one of them changed. */
  function check(count: number, len: number, bad?: number): number {
    const { world, chan } = accelerator('iop331');
    const base = chan.poolBase + 0x1_0000;
    const { dram } = world.machine;
    const blocks = Array.from({ length: count }, (_, i) => {
      const start = base + i * (most + 4);
      return { start, bytes: dram.bytes.subarray(start - dram.base, start - dram.base + most + 4) };
    });
    const [parity, ...others] = blocks;
    others.forEach(({ bytes }, n) => bytes.forEach((_, i) => (bytes[i] = Math.imul(i + 3, 2654435761 + n) >>> 23)));
    parity.bytes.fill(0);
    for (const { bytes } of others) bytes.forEach((byte, i) => (parity.bytes[i] ^= byte));
    // What follows the range does not count.
    blocks[count - 1].bytes[len] ^= 0xff;
    if (bad !== undefined) blocks[bad % count].bytes[bad] ^= 1 << (bad & 7);
    const before = dram.bytes.slice(base - dram.base);
    const result = { value: 99 };
    let called = 0;
    world.call(() => {
      const srcs = blocks.map(({ start }) => start);
      const tx = chan.device.devicePrepDmaXorVal!(chan, srcs, count, len, result, ACK | INT)!;
      tx.callback = () => called++;
      submit(tx);
      chan.device.deviceIssuePending!(chan);
    });
    expect(result.value).toBe(99);
    world.settle();
    expect(called).toBe(1);
    expect(Buffer.from(dram.bytes.subarray(base - dram.base)).equals(Buffer.from(before))).toBe(true);
    expect(chan.chain.length).toBe(1);
    expect(chan.pool!.slots.length - chan.pool!.free).toBe(chan.hw.xorSlots[count]);
    expect(world.rules()).toEqual([]);
    return result.value;
  }

  it.each([1, 2, 3, 4, 5, 7, 8, 11, 12, 15, 16])(
    'of %i KiB finds the byte in every KiB of it (IA-22, IA-55)',
    (kib) => {
      const len = 1024 * kib;
      expect(check(4, len)).toBe(0);
      for (let block = 0; block < kib; block++) expect(check(4, len, 1024 * block + ((37 * block) % 1024))).toBe(1);
      expect(check(4, len, len - 1)).toBe(1);
    },
  );

  it('is right for any number of sources and any length', () => {
    const group = fc
      .record({
        count: fc.integer({ min: 2, max: 32 }),
        len: fc.integer({ min: 1, max: most }),
        bad: fc.option(fc.nat(most), { nil: undefined }),
      })
      .map((it) => ({ ...it, bad: it.bad === undefined ? undefined : it.bad % it.len }));
    fc.assert(
      fc.property(group, ({ count, len, bad }) => expect(check(count, len, bad)).toBe(bad === undefined ? 0 : 1)),
      { numRuns: 40 },
    );
  });
});

describe.each(CHANNELS)('an interrupt operation of the %s', (_, platform, index) => {
  it('interrupts without being asked to, and moves nothing (IA-24)', () => {
    const world = new World({}, platform);
    const chan = world.channel({}, index);
    const before = world.kernel.interrupts.total;
    const { bytes } = world.machine.engines[index].statistics;
    const ran = jest.fn();
    execute(world, chan, () => {
      const tx = chan.device.devicePrepDmaInterrupt!(chan, ACK)!;
      tx.callback = ran;
      return tx;
    });
    expect(ran).toHaveBeenCalledTimes(1);
    expect(world.kernel.interrupts.total).toBe(before + 1);
    expect(world.machine.engines[index].statistics.bytes).toBe(bytes);
  });

  it('is needed where an ordinary one does not ask for it (IA-25)', () => {
    const world = new World({}, platform);
    const chan = world.channel({}, index);
    const [from, to] = [noise(world, 1), world.page()];
    const before = world.kernel.interrupts.total;
    execute(world, chan, () => prepMove(chan, to.address, from.address, 4096, ACK));
    expect(world.kernel.interrupts.total).toBe(before);
    expect(Buffer.from(world.bytes(to)).equals(Buffer.from(world.bytes(from)))).toBe(true);
  });
});
