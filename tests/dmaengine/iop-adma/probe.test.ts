import { DmaCapability } from '../../../dmaengine/capability';
import type { IopAdmaVariant } from '../../../dmaengine/iop-adma/device';
import { IOP13XX } from '../../../dmaengine/iop-adma/hw13xx';
import { iopAdmaProbe, iopAdmaRemove } from '../../../dmaengine/iop-adma/probe';
import { allocChanResources } from '../../../dmaengine/iop-adma/resources';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import { PLATFORMS } from '../../../emulator/platforms';
import { World } from './world';

const lines = (world: World): string[] => world.kernel.log.map(({ text }) => text);

describe('probing an IOP342 channel', () => {
  it('passes every self-test and says so (ST-01 … ST-04)', () => {
    const world = new World();
    expect(world.probe()).toBeDefined();
    expect(lines(world)).toEqual([
      'iop-adma.0: Self-test copy passed',
      'iop-adma.0: Self-test xor passed',
      'iop-adma.0: Self-test zero sum passed',
      'iop-adma.0: Self-test memset passed',
      'iop-adma.0: Self-test non-zero sum passed',
      'iop-adma.0: Intel(R) IOP: ( xor xor_val fill cpy intr )',
    ]);
    expect(world.rules()).toEqual([]);
  });

  it('tests P+Q where the platform has it (ST-06, IA-27)', () => {
    const world = new World();
    expect(world.probe({}, 2)).toBeDefined();
    expect(lines(world).slice(-4)).toEqual([
      'iop-adma.2: Self-test pq passed',
      'iop-adma.2: Self-test pq zero sum passed',
      'iop-adma.2: Self-test pq non-zero sum passed',
      'iop-adma.2: Intel(R) IOP: ( pq pq_val xor xor_val fill cpy intr )',
    ]);
    expect(world.rules()).toEqual([]);
    expect(world.kernel.pages.used).toBe(1);
    expect(world.kernel.dma.live).toBe(0);
  });

  it('waits one millisecond for the copy and eight for each of the others', () => {
    const world = new World();
    world.probe();
    expect(Math.floor(world.kernel.now / 1e9)).toBe(33);
  });

  it('leaves only the descriptor memory behind (IA-77)', () => {
    const world = new World();
    const { channel } = world.probe()!;
    expect(world.kernel.pages.used).toBe(1);
    expect(world.kernel.dma.live).toBe(0);
    expect(channel.pool).toBeUndefined();
    expect(channel.chain.length).toBe(0);
  });

  it('goes on with the cookies where the self-tests ended (IA-77)', () => {
    const world = new World();
    const { channel } = world.probe()!;
    const used = channel.cookie;
    expect(used).toBeGreaterThan(2);
    world.call(() => allocChanResources(channel));
    expect(channel.cookie).toBe(used + 1);
    expect(channel.completedCookie).toBe(used);
  });

  it('claims what platform and driver have, with a prep routine each (RG-01)', () => {
    const device = new World({ capabilities: ['memcpy', 'xor', 'pq', 'interrupt'] }).probe()!;
    expect([...device.capMask].sort((a, b) => a - b)).toEqual([
      DmaCapability.MEMCPY,
      DmaCapability.XOR,
      DmaCapability.PQ,
      DmaCapability.INTERRUPT,
    ]);
    expect(device.devicePrepDmaPqVal).toBeUndefined();
    expect(device.devicePrepDmaMemset).toBeUndefined();
    expect(device.devicePrepDmaXorVal).toBeUndefined();
    expect(device.devicePrepDmaInterrupt).toBeDefined();
  });

  it('runs the last check without memset too, on data of its own (ST-05)', () => {
    const world = new World({ capabilities: ['memcpy', 'xor', 'xor_val', 'interrupt'] });
    expect(world.probe()).toBeDefined();
    expect(lines(world)).toContain('iop-adma.0: Self-test non-zero sum passed');
  });

  it('starts a channel that cannot copy on a null xor (IA-40)', () => {
    const world = new World({ capabilities: ['xor', 'interrupt'] });
    expect(world.probe()).toBeDefined();
    expect(world.rules()).toEqual([]);
  });

  it('brings all three channels up, one after another', () => {
    const world = new World();
    const names = world.thread(
      (function* () {
        const found: string[] = [];
        for (const [index, engine] of PLATFORMS.iop342.engines.entries()) {
          const device = yield* iopAdmaProbe(world.kernel, engine, `iop-adma.${index}`);
          if (device !== undefined) found.push(device.channel.name);
        }
        return found;
      })(),
    );
    expect(names).toEqual(['adma0', 'adma1', 'adma2']);
  });

  it('requests end of transfer, end of chain and error, in this order (IA-74)', () => {
    const world = new World();
    const requested = jest.spyOn(world.kernel.interrupts, 'request');
    world.probe();
    expect(requested.mock.calls.map(([source]) => source)).toEqual([0, 1, 57]);
  });
});

describe('a channel that fails a self-test', () => {
  const failing: readonly (readonly [string, IopAdmaVariant, string])[] = [
    [
      'whose doorbell is broken',
      { steps: { ...IOP_ADMA_STEPS, append: () => undefined } },
      'Self-test copy timed out, disabling',
    ],
    [
      'that copies one byte less',
      {
        hardware: {
          ...IOP13XX,
          writeMemcpy: (kernel, phys, dest, src, len, interrupt) =>
            IOP13XX.writeMemcpy(kernel, phys, dest, src, Math.max(len - 1, 0), interrupt),
        },
      },
      'Self-test copy failed compare, disabling',
    ],
    [
      'that leaves out a source',
      {
        hardware: {
          ...IOP13XX,
          writeXor: (kernel, phys, dest, srcs, srcCnt, len, interrupt) =>
            IOP13XX.writeXor(kernel, phys, dest, srcs, srcCnt - 1, len, interrupt),
        },
      },
      'Self-test xor failed compare, disabling',
    ],
    [
      'that never finds a difference',
      { hardware: { ...IOP13XX, readZeroResult: () => 0 } },
      'Self-test non-zero sum failed compare, disabling',
    ],
    ['that has no slots', { hardware: { ...IOP13XX, aligned: () => false } }, 'Self-test copy failed, no descriptor'],
  ];

  it.each(failing)('%s is no device, and nothing of it is left (ST-07, I-06)', (_, variant, line) => {
    const world = new World();
    expect(world.probe(variant)).toBeUndefined();
    expect(lines(world).some((text) => text.includes(line))).toBe(true);
    expect(lines(world).some((text) => text.includes('Intel(R) IOP'))).toBe(false);
    expect(world.kernel.pages.used).toBe(0);
    expect(world.kernel.dma.live).toBe(0);
    expect(world.machine.intc.pending()).toEqual([]);
  });
});

it('removing a device gives its page and interrupts back', () => {
  const world = new World();
  const freed = jest.spyOn(world.kernel.interrupts, 'free');
  const device = world.probe()!;
  world.call(() => iopAdmaRemove(device));
  expect(world.kernel.pages.used).toBe(0);
  expect(freed).toHaveBeenCalledTimes(3);
});
