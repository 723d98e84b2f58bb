import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { IopAdmaHardware } from '../../../dmaengine/iop-adma/hardware';
import { IOP13XX } from '../../../dmaengine/iop-adma/hw13xx';
import { DmaCtrl, SumCheck } from '../../../dmaengine/flags';
import { GuestPanic } from '../../../emulator/findings';
import { PLATFORMS } from '../../../emulator/platforms';
import { ACK, granted, INT, submit, World } from './world';

const { PREP_CONTINUE: CONTINUE, PREP_PQ_DISABLE_P: NO_P, PREP_PQ_DISABLE_Q: NO_Q } = DmaCtrl;
const P = 0x8_0010;
const Q = 0x9_0018;
const SOURCE = 0xa_0000;
const LENGTH = 64;

/** The channel of iop342 that has P+Q. */
function pqChannel(world: World, hardware: IopAdmaHardware = IOP13XX): IopAdmaChan {
  return world.channel({ hardware }, 2);
}

const addresses = (count: number): number[] => Array.from({ length: count }, (_, i) => SOURCE + 0x100 * i);
const weights = (count: number): number[] => Array.from({ length: count }, (_, i) => (3 * i + 1) & 0xff);

/** A prepared P+Q descriptor, word by word as it stands in memory. */
function words(flags: number, count: number, dst: readonly [number, number] = [P, Q]) {
  const world = new World();
  const chan = pqChannel(world);
  return world.call(() => {
    const { devicePrepDmaPq } = chan.device;
    const tx = granted(devicePrepDmaPq!(chan, dst, addresses(count), count, weights(count), LENGTH, flags));
    const word = (index: number): number => world.kernel.load32(tx.phys + 4 * index);
    const sources = ((word(1) >> 3) & 15) + 1;
    return {
      control: word(1) & ~0x78,
      q: word(2),
      count: word(3),
      p: word(4),
      upper: word(5),
      sources: Array.from({ length: sources }, (_, i) => [word(6 + 2 * i), word(7 + 2 * i) >>> 24]),
    };
  });
}

const data = (count: number): number[][] => addresses(count).map((address, i) => [address, weights(count)[i]]);

describe('a P+Q descriptor', () => {
  it('has sources with coefficients, Q in word 2 and P in word 4 (hw-iop13xx 3.1)', () => {
    expect(words(INT, 4)).toEqual({ control: 0x4_0007, q: Q, count: LENGTH, p: P, upper: 0, sources: data(4) });
  });

  it('without P disables it, and gives it an address with the low bits of Q (IA-29, hw-iop13xx 6.1)', () => {
    expect(words(NO_P, 4, [0, Q + 5])).toMatchObject({ control: 0xc_0006, q: Q + 5, p: (Q + 5) & 7 });
  });

  it('that continues reads P with 0, Q with 1, and Q with 0, so that Q cancels in P (IA-28)', () => {
    expect(words(CONTINUE, 13).sources).toEqual([...data(13), [P, 0], [Q, 1], [Q, 0]]);
  });

  it('that continues without P reads Q with 1 (IA-28, I-13, O-07)', () => {
    expect(words(CONTINUE | NO_P, 15).sources).toEqual([...data(15), [Q, 1]]);
  });

  it('without Q is an xor into P, since the engine cannot leave Q out (PQ-05, O-08)', () => {
    expect(words(NO_Q, 3, [P, 0])).toMatchObject({ control: 6, p: P });
    expect(words(NO_Q | CONTINUE, 3, [P, 0]).sources.map(([address]) => address)).toEqual([...addresses(3), P]);
  });

  it.each([
    [0, [1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5]],
    [CONTINUE, [2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5]],
    [CONTINUE | NO_P, [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5]],
  ])('with flags %i takes so many slots by source count, continuation counted: %j (IA-21)', (flags, slots) => {
    const world = new World();
    const chan = pqChannel(world);
    const { devicePrepDmaPq } = chan.device;
    const taken = world.call(() =>
      slots.map((_, i) => {
        const { free } = chan.pool!;
        granted(devicePrepDmaPq!(chan, [P, Q], addresses(i + 1), i + 1, weights(i + 1), LENGTH, flags));
        return free - chan.pool!.free;
      }),
    );
    expect(taken).toEqual(slots);
    const one = slots.length + 1;
    expect(() =>
      world.call(() => devicePrepDmaPq!(chan, [P, Q], addresses(one), one, weights(one), LENGTH, flags)),
    ).toThrow(expect.objectContaining({ rule: 'IA-21' }));
  });

  it('of no bytes is refused, of more than 16 MiB a BUG (IA-23)', () => {
    const world = new World();
    const chan = pqChannel(world);
    const { devicePrepDmaPq, devicePrepDmaPqVal } = chan.device;
    world.call(() => {
      expect(devicePrepDmaPq!(chan, [P, Q], [SOURCE], 1, [1], 0, 0)).toBeNull();
      expect(devicePrepDmaPqVal!(chan, [P, Q], [SOURCE], 1, [1], 0, { value: 0 }, 0)).toBeNull();
      const most = 16 * 1024 * 1024;
      expect(() => devicePrepDmaPq!(chan, [P, Q], [SOURCE], 1, [1], most + 1, 0)).toThrow(GuestPanic);
      expect(() => devicePrepDmaPqVal!(chan, [P, Q], [SOURCE], 1, [1], most + 1, { value: 0 }, 0)).toThrow(GuestPanic);
    });
  });
});

describe('a P+Q check', () => {
  /** Two data pages with P and Q of them; P, Q or both changed. */
  function check(spoiled: readonly ('p' | 'q')[], flags = 0): number {
    const world = new World();
    const chan = pqChannel(world);
    const [a, b] = [world.page(() => 0x11), world.page(() => 0x22)];
    // 1 · 0x11 + 2 · 0x22
    const pages = { p: world.page(() => 0x33), q: world.page(() => 0x55) };
    for (const name of spoiled) world.bytes(pages[name])[LENGTH - 1] ^= 1;
    const p = flags & NO_P ? 0 : pages.p.address;
    const q = flags & NO_Q ? 0 : pages.q.address;
    const result = { value: 99 };
    world.call(() => {
      const srcs = [a.address, b.address];
      submit(chan.device.devicePrepDmaPqVal!(chan, [p, q], srcs, 2, [1, 2], LENGTH, result, flags | ACK | INT));
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(world.rules()).toEqual([]);
    return result.value;
  }

  it('names what is wrong (CF-06, IA-30)', () => {
    expect([check([]), check(['p']), check(['q']), check(['p', 'q'])]).toEqual([0, 1, 2, 3]);
  });

  it('takes P and Q from their pair, one of them missing or not (I-12)', () => {
    expect([check(['p'], NO_P), check(['p', 'q'], NO_P)]).toEqual([0, SumCheck.Q_RESULT]);
    expect([check(['q'], NO_Q), check(['p', 'q'], NO_Q)]).toEqual([0, SumCheck.P_RESULT]);
  });

  it('without P has the engine read Q in its place: the list names no address 0 (IA-30, I-12)', () => {
    const world = new World();
    const chan = pqChannel(world);
    const { devicePrepDmaPqVal } = chan.device;
    const read = world.call(() => {
      const tx = granted(devicePrepDmaPqVal!(chan, [0, Q], addresses(2), 2, [1, 2], LENGTH, { value: 0 }, NO_P));
      return [0, 1, 2, 3].map((i) => world.kernel.load32(tx.phys + 4 * (6 + 2 * i)));
    });
    expect(read).toEqual([...addresses(2), Q, Q]);
  });

  it('of nothing is a BUG (PQ-02)', () => {
    expect(() => check([], NO_P | NO_Q)).toThrow(expect.objectContaining({ rule: 'PQ-02' }));
  });
});

describe('the self-test of P+Q', () => {
  const lines = (world: World): string[] => world.kernel.log.map(({ text }) => text);
  const failing: readonly (readonly [string, IopAdmaHardware, string])[] = [
    [
      'does not weigh its sources',
      {
        ...IOP13XX,
        writePq: (kernel, phys, dst, srcs, _scf, ...rest) =>
          IOP13XX.writePq(kernel, phys, dst, srcs, [1, 1, 1, 1], ...rest),
      },
      'Self-test pq failed compare, disabling',
    ],
    [
      'does not weigh what it checks',
      {
        ...IOP13XX,
        writePqVal: (kernel, phys, srcs, _scf, ...rest) =>
          IOP13XX.writePqVal(kernel, phys, srcs, [1, 1, 1, 1], ...rest),
      },
      'Self-test pq zero sum failed compare, disabling',
    ],
    [
      'does not look at P',
      {
        ...IOP13XX,
        writePqVal: (kernel, phys, srcs, scf, len, _withP, interrupt) =>
          IOP13XX.writePqVal(kernel, phys, srcs, scf, len, false, interrupt),
      },
      'Self-test pq non-zero sum failed compare, disabling',
    ],
  ];

  it.each(failing)('finds a channel that %s (ST-06, ST-07)', (_, hardware, line) => {
    const world = new World();
    expect(world.probe({ hardware }, 2)).toBeUndefined();
    expect(lines(world)).toContain(`iop-adma.2: ${line}`);
    expect(world.kernel.pages.used).toBe(0);
    expect(world.kernel.dma.live).toBe(0);
  });

  it('is not run on a channel without it, and P+Q is the last channel’s alone (IA-27)', () => {
    const { engines } = PLATFORMS.iop342;
    expect(engines.map(({ capabilities }) => capabilities.includes('pq'))).toEqual([false, false, true]);
    const world = new World();
    world.probe();
    expect(lines(world).some((text) => text.includes('pq'))).toBe(false);
  });
});

it('the IOP3xx engines have no P+Q at all (IA-26)', () => {
  for (const platform of [PLATFORMS.iop321, PLATFORMS.iop331]) {
    for (const index of platform.engines.keys()) {
      const world = new World({}, platform);
      const { device, hw } = world.channel({}, index);
      expect([device.devicePrepDmaPq, device.devicePrepDmaPqVal, device.maxPq]).toEqual([undefined, undefined, 0]);
      expect(() => hw.writePq(world.kernel, 0, [0, 0], [], [], 0, true, false)).toThrow(GuestPanic);
      expect(() => hw.writePqVal(world.kernel, 0, [], [], 0, true, false)).toThrow(GuestPanic);
    }
  }
});
