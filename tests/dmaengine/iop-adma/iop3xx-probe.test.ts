import { DmaCapability } from '../../../dmaengine/capability';
import type { IopAdmaVariant } from '../../../dmaengine/iop-adma/device';
import { IOP3XX_AAU } from '../../../dmaengine/iop-adma/hw3xx-aau';
import { iopAdmaRemove } from '../../../dmaengine/iop-adma/probe';
import { IOP_ADMA_STEPS, IOP_ADMA_STEPS_OF_LINUX } from '../../../dmaengine/iop-adma/steps';
import { GuestPanic } from '../../../emulator/findings';
import { PLATFORMS } from '../../../emulator/platforms';
import { ACK, CHANNELS, INT, prepMove, submit, World } from './world';

const lines = (world: World): string[] => world.kernel.log.map(({ text }) => text);

const COPIES = ['Self-test copy passed', 'Intel(R) IOP: ( cpy intr )'];

describe.each([
  ['iop321', 0, COPIES],
  ['iop321', 1, COPIES],
  ['iop321', 2, ['Self-test xor passed', 'Intel(R) IOP: ( xor fill intr )']],
  ['iop331', 0, COPIES],
  ['iop331', 1, COPIES],
  [
    'iop331',
    2,
    [
      'Self-test xor passed',
      'Self-test zero sum passed',
      'Self-test memset passed',
      'Self-test non-zero sum passed',
      'Intel(R) IOP: ( xor xor_val fill intr )',
    ],
  ],
] as const)('probing engine %s.%i', (name, index, says) => {
  it('passes the self-tests of what it can and says so (ST-01 … ST-04, IA-27)', () => {
    const world = new World({}, PLATFORMS[name]);
    expect(world.probe({}, index)).toBeDefined();
    expect(lines(world)).toEqual(says.map((text) => `iop-adma.${index}: ${text}`));
    expect(world.rules()).toEqual([]);
    expect(world.machine.engines[index].statistics.errors).toBe(0);
  });

  it('requests end of transfer, end of chain and error, in this order (IA-74)', () => {
    const world = new World({}, PLATFORMS[name]);
    const requested = jest.spyOn(world.kernel.interrupts, 'request');
    world.probe({}, index);
    const errors = { iop321: [20, 21, 23], iop331: [57, 58, 60] } as const;
    const [eot, eoc] = index === 2 ? [6, 7] : [2 * index, 2 * index + 1];
    expect(requested.mock.calls.map(([source]) => source)).toEqual([eot, eoc, errors[name][index]]);
  });

  it('leaves only the descriptor memory behind, and removing takes that too (IA-02, IA-77)', () => {
    const world = new World({}, PLATFORMS[name]);
    const device = world.probe({}, index)!;
    const pages = index === 2 ? 3 : 1;
    expect(world.kernel.pages.used).toBe(pages);
    expect(world.kernel.dma.live).toBe(0);
    expect(device.pool.map(({ address }) => address)).toEqual(
      device.pool.map((_, i) => device.pool[0].address + 4096 * i),
    );
    world.call(() => {
      expect(device.deviceAllocChanResources!(device.channel)).toBe(128 * pages);
      device.deviceFreeChanResources!(device.channel);
      iopAdmaRemove(device);
    });
    expect(world.kernel.pages.used).toBe(0);
  });
});

it('the three pages of an AAU are side by side although free ones lie scattered (IA-02)', () => {
  const world = new World({}, PLATFORMS.iop321);
  const scattered = Array.from({ length: 9 }, () => world.page());
  for (const page of scattered.filter((_, i) => i % 3 !== 1)) world.kernel.pages.free(page);
  const { pool, channel } = world.probe({}, 2)!;
  expect(pool.map(({ address }) => address - channel.poolBase)).toEqual([0, 4096, 8192]);
  expect(scattered.some((page) => pool.includes(page))).toBe(false);
});

describe('what is claimed', () => {
  it.each([
    ['iop321', ['XOR', 'MEMSET', 'INTERRUPT']],
    ['iop331', ['XOR', 'XOR_VAL', 'MEMSET', 'INTERRUPT']],
  ] as const)('by the AAU of %s is what the platform has, with a prep routine each (RG-01, IA-27)', (name, claims) => {
    const device = new World({}, PLATFORMS[name]).probe({}, 2)!;
    const sorted = [...device.capMask].sort((a, b) => a - b);
    expect(sorted).toEqual(claims.map((claim) => DmaCapability[claim]));
    expect(device.devicePrepDmaMemcpy).toBeUndefined();
    expect(device.devicePrepDmaXorVal !== undefined).toBe(name === 'iop331');
    expect(device.maxXor).toBe(32);
  });
});

describe('an AAU that fails a self-test', () => {
  const failing: readonly (readonly [string, IopAdmaVariant, string])[] = [
    [
      'whose doorbell is broken',
      { steps: { ...IOP_ADMA_STEPS, append: () => undefined } },
      'Self-test xor timed out, disabling',
    ],
    [
      'that looks at the first KiB only',
      {
        hardware: {
          ...IOP3XX_AAU,
          readZeroResult: (kernel, phys) => (IOP3XX_AAU.readZeroResult(kernel, phys), 0),
        },
      },
      'Self-test non-zero sum failed compare, disabling',
    ],
    [
      'that leaves out a source',
      {
        hardware: {
          ...IOP3XX_AAU,
          writeXor: (kernel, phys, dest, srcs, srcCnt, len, interrupt) =>
            IOP3XX_AAU.writeXor(kernel, phys, dest, srcs, srcCnt - 1, len, interrupt),
        },
      },
      'Self-test xor failed compare, disabling',
    ],
  ];

  it.each(failing)('%s is no device, and nothing of it is left (ST-07, I-06)', (_, variant, line) => {
    const world = new World({}, PLATFORMS.iop331);
    expect(world.probe(variant, 2)).toBeUndefined();
    expect(lines(world)).toContain(`iop-adma.2: ${line}`);
    expect(world.kernel.pages.used).toBe(0);
    expect(world.kernel.dma.live).toBe(0);
    expect(world.machine.intc.pending()).toEqual([]);
  });
});

describe.each(CHANNELS.slice(1))('an error interrupt of the %s', (_, platform, index) => {
  it('names the abort, clears it and stops the machine of the driver of Linux (IA-72)', () => {
    const world = new World({}, platform);
    const chan = world.channel({ steps: IOP_ADMA_STEPS_OF_LINUX }, index);
    const [from, to] = [world.page(), world.page()];
    world.machine.faults.inject({ kind: 'master-abort', address: from.address, length: 64, access: 'read', times: 1 });
    world.call(() => {
      submit(prepMove(chan, to.address, from.address, 64, ACK | INT));
      chan.device.deviceIssuePending!(chan);
    });
    let panic: unknown;
    try {
      world.settle();
    } catch (error) {
      panic = error;
    }
    expect(panic).toBeInstanceOf(GuestPanic);
    expect((panic as GuestPanic).rule).toBe('IA-72');
    expect(lines(world).at(-1)).toBe(`iop-adma.${index}: error ( int_mabort )`);
    world.machine.sim.advanceTo(world.kernel.now + 1e6);
    expect(world.machine.intc.asserted()).toEqual([]);
  });
});
