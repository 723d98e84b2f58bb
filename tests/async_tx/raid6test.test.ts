import { PrepFault } from '../../async_tx/prep-fault';
import { raid6Cases, runRaid6Case } from '../../async_tx/raid6test-cases';
import type { Raid6Case } from '../../async_tx/raid6test-cases';
import type { Raid6Result } from '../../async_tx/raid6test';
import { RAID6TEST_DISKS } from '../../async_tx/raid6test';
import { DmaUnmapData } from '../../dmaengine/unmap';
import { PLATFORMS } from '../../emulator/platforms';
import { SeededRandom } from '../../emulator/sim/random';
import { AsyncWorld, nothingLeft } from './world';

type Preps = Record<string, (...call: unknown[]) => unknown>;

/** Every case of these disks; `spoil` comes before each. */
function run(
  world: AsyncWorld,
  disks: readonly number[],
  extended = false,
  spoil: () => void = () => undefined,
): (Raid6Case & Raid6Result)[] {
  return raid6Cases(world.dma, disks, extended).map((each) => {
    spoil();
    return { ...each, ...world.thread(runRaid6Case(world.dma, each, new SeededRandom(3))) };
  });
}

/** Puts a routine in place of the last engine's own, which it is given. */
function replace(world: AsyncWorld, name: string, make: (good: Preps[string]) => Preps[string]): void {
  const device = world.dma.devices.at(-1)! as unknown as Preps;
  device[name] = make(device[name]);
}

describe('raid6test', () => {
  it('has the kernel’s sizes, which make 2429 pairs (RR-16)', () => {
    const pairs = RAID6TEST_DISKS.reduce((sum, disks) => sum + (disks * (disks - 1)) / 2, 0);
    expect(pairs).toBe(2429);
  });

  it.each(['iop342', 'iop331', 'iop321', 'none'] as const)(
    'recovers every pair on %s, with holes, failing preps and channels apart where there are any (X-15, X-17)',
    (name) => {
      const world = new AsyncWorld(PLATFORMS[name]);
      const used = world.kernel.pages.used;
      const results = run(world, [4, 5, 11], true);
      expect(results.flatMap(({ messages }) => messages)).toEqual([]);
      const sum = (kind: Raid6Case['kind']): number =>
        results.filter((each) => each.kind === kind).reduce((total, { tests }) => total + tests, 0);
      expect(sum('kernel')).toBe(6 + 10 + 55);
      expect(sum('ddf')).toBe(6 + 6 + 10 + 10);
      expect(sum('failing-prep')).toBe(name === 'none' ? 0 : 2 * (6 + 10 + 55 + 66));
      expect(sum('apart')).toBe(name === 'iop342' ? 6 + 10 + 55 + 66 : 0);
      world.finish();
      expect(world.leftovers()).toEqual(nothingLeft(world.chans.length));
      expect(world.kernel.pages.used).toBe(used);
      expect(world.rules()).toEqual([]);
    },
  );

  it('finds a wrong coefficient: P and Q against the model, then every recovery that multiplies', () => {
    const world = new AsyncWorld();
    replace(world, 'devicePrepDmaPq', (good) => (chan, dst, srcs, count, scf, len, flags) => {
      const [first, ...others] = scf as number[];
      return good(chan, dst, srcs, count, [first ^ 2, ...others], len, flags);
    });
    const [{ failures, messages }] = run(world, [5]);
    expect(failures).toBeGreaterThan(1);
    expect(messages[0]).toBe('error: gen_syndrome(5) is wrong');
    expect(messages.some((text) => /^test_disks\(5\): faila=0\(D\) failb=1\(D\) .*ERR/.test(text))).toBe(true);
  });

  it('finds a D+Q recovery whose xor leaves a block out: the pairs that the kernel’s user space test skips', () => {
    const world = new AsyncWorld();
    for (const device of world.dma.devices) {
      const preps = device as unknown as Preps;
      const good = preps.devicePrepDmaXor;
      preps.devicePrepDmaXor = (chan, dest, srcs, count, len, flags) => {
        const list = srcs as number[];
        return list.length > 3
          ? good(chan, dest, list.slice(1), list.length - 1, len, flags)
          : good(chan, dest, srcs, count, len, flags);
      };
    }
    const [{ messages }] = run(world, [6]);
    const pairs = messages.map((text) => /failb=5\(Q\).*ERRAB/.test(text));
    expect(pairs).toEqual([true, true, true, true]);
  });

  it('finds a check that passes nothing (PV-02)', () => {
    const world = new AsyncWorld();
    const { chans } = world;
    for (const chan of chans) {
      const { collectResult } = chan.steps;
      const steps = {
        ...chan.steps,
        collectResult: (...[on, slot]: Parameters<typeof collectResult>) => {
          collectResult(on, slot);
          if (slot.checkResult !== undefined) slot.checkResult.value = 2;
        },
      };
      Object.assign(chan, { steps });
    }
    const [{ tests, failures, messages }] = run(world, [4]);
    expect({ tests, failures }).toEqual({ tests: 6, failures: 6 });
    expect(messages[0]).toBe('test_disks(4): faila=0(D) failb=1(D) validation failure, sum_check_flags 2');
  });

  it('finds an operation that never completes, after three simulated seconds', () => {
    const world = new AsyncWorld();
    replace(
      world,
      'devicePrepDmaPqVal',
      (good) =>
        (...call) =>
          Object.assign(good(...call) as object, { txSubmit: () => 5 }),
    );
    const [{ messages }] = run(world, [4]);
    expect(messages[0]).toMatch(/^test_disks\(4\): faila=0\(D\) failb=1\(D\) timeout/);
    expect(world.kernel.now).toBeGreaterThan(3e12);
  });

  it('finds a block that was not lost and is overwritten', () => {
    const world = new AsyncWorld();
    let third = 0;
    replace(world, 'devicePrepDmaPqVal', (good) => (chan, pq, srcs, ...more) => {
      third = (srcs as number[])[2];
      world.machine.dram.bytes[third] ^= 1;
      return good(chan, pq, srcs, ...more);
    });
    const [{ messages }] = run(world, [5]);
    expect(messages[0]).toMatch(/faila=0\(D\) failb=1\(D\) .*disk 2 overwritten/);
  });

  it('finds mappings that a failed prep left behind (X-17, UM-08)', () => {
    const world = new AsyncWorld();
    const put = jest.spyOn(DmaUnmapData.prototype, 'put').mockImplementation(() => undefined);
    const [{ messages }] = run(world, [4]);
    put.mockRestore();
    expect(messages[0]).toMatch(/\d+ mappings left/);
  });
});

describe('a failing prep', () => {
  it('is the one that was asked for, and is gone afterwards', () => {
    const world = new AsyncWorld();
    const { devicePrepDmaInterrupt: good } = world.dma.devices[0];
    const fault = new PrepFault(world.dma);
    const device = world.dma.devices[0];
    const prep = (): boolean => world.call(() => device.devicePrepDmaInterrupt!(device.channels[0], 0) !== null);
    fault.arm(1);
    expect([prep(), prep(), prep()]).toEqual([true, false, true]);
    expect(fault.count).toBe(3);
    fault.remove();
    expect(device.devicePrepDmaInterrupt).toBe(good);
  });
});
