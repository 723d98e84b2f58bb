/** What a driver brings along when it is probed and registered. */
import type { DmaChan, DmaDevice } from '../../dmaengine/device';
import { DmaEngine } from '../../dmaengine/engine';
import type { EngineCapability } from '../../emulator/platforms/platform';
import type { ConformanceCase } from '../case';
import { CaseSkipped } from '../case';
import type { CaseWorld } from '../world/case-world';
import { capabilityName } from '../world/devices';
import { NEEDS } from '../world/operation';
import { KINDS, plainKind, specOf } from './parts';

/** What a platform's record calls each kind of operation, and the routine that prepares it. */
const NAMES: Readonly<Record<(typeof KINDS)[number], readonly [EngineCapability, keyof DmaDevice]>> = {
  copy: ['memcpy', 'devicePrepDmaMemcpy'],
  fill: ['memset', 'devicePrepDmaMemset'],
  xor: ['xor', 'devicePrepDmaXor'],
  xor_val: ['xor_val', 'devicePrepDmaXorVal'],
  pq: ['pq', 'devicePrepDmaPq'],
  pq_val: ['pq_val', 'devicePrepDmaPqVal'],
  interrupt: ['interrupt', 'devicePrepDmaInterrupt'],
};

export const REGISTRATION: readonly ConformanceCase[] = [
  {
    id: 'registration/accepted',
    rules: ['RG-01'],
    bare: true,
    title: 'Every device that probe returns is accepted by the core.',
    why: 'A device that is refused is not there, and nobody says so.',
    *run(world) {
      const dma = new DmaEngine(world.kernel);
      for (const device of yield* probed(world)) {
        const error = dma.registerDevice(device);
        world.check(error === 0, 'RG-01', 'registration returns 0', `it returns ${error}`, device.parent);
      }
    },
  },
  {
    id: 'registration/claims-and-routines',
    rules: ['RG-01', 'CF-02'],
    bare: true,
    title:
      'A device has the prep routine of every capability it claims, and no other; status, flush and channels stand.',
    why: 'A claim without routine is a call to nowhere, a routine without claim one that nobody makes.',
    *run(world) {
      for (const device of yield* probed(world)) {
        for (const kind of KINDS) {
          const claimed = device.capMask.has(NEEDS[kind]);
          const present = device[NAMES[kind][1]] !== undefined;
          const expected = claimed ? 'there' : 'absent';
          world.check(claimed === present, 'RG-01', `${NAMES[kind][1]} ${expected}`, 'it is not', device.parent);
        }
        const routines = device.deviceTxStatus !== undefined && device.deviceIssuePending !== undefined;
        world.check(routines, 'RG-01', 'status and issue_pending', 'one is missing', device.parent);
        world.check(device.channels.length > 0, 'RG-04', 'a channel', 'there is none', device.parent);
      }
    },
  },
  {
    id: 'registration/no-more-than-the-engine-can',
    rules: ['IA-27', 'IA-26'],
    bare: true,
    title: 'No device claims what its engine cannot do.',
    why: 'An IOP321 has no zero-sum check: a check that it is given never says anything.',
    *run(world) {
      const { platform } = world.kernel.machine;
      for (const [index, engine] of platform.engines.entries()) {
        const device = yield* world.stack.driver.probe(world.kernel, engine, `iop-adma.${index}`);
        if (device === undefined) continue;
        for (const kind of KINDS) {
          const possible = engine.capabilities.includes(NAMES[kind][0]);
          const name = capabilityName(NEEDS[kind]);
          const claimed = device.capMask.has(NEEDS[kind]);
          world.check(
            possible || !claimed,
            'IA-27',
            `no ${name} on ${engine.unit.name}`,
            'it is claimed',
            device.parent,
          );
        }
      }
    },
  },
  {
    id: 'registration/names',
    rules: ['RG-04'],
    bare: true,
    title: 'Channels know their device, are numbered in its order and named after both numbers.',
    why: 'dmatest and filters find channels by name and number.',
    *run(world) {
      const dma = new DmaEngine(world.kernel);
      for (const [number, device] of (yield* probed(world)).entries()) {
        dma.registerDevice(device);
        device.channels.forEach((chan, i) => {
          const name = `dma${number}chan${i}`;
          world.check(chan.name === name && chan.chanId === i, 'RG-04', name, `it is ${chan.name}`, device.parent);
          world.check(chan.device === device, 'RG-04', 'the channel’s device', 'it is another', chan.name);
        });
      }
    },
  },
  {
    id: 'registration/quiet',
    rules: ['IA-74', 'UM-08'],
    bare: true,
    title: 'Probing leaves nothing behind that runs, waits or is held: no mapping, interrupt, lock, work under way.',
    why: 'The next driver starts in the middle of what this one left.',
    *run(world) {
      yield* probed(world);
      yield* world.settle();
      const { dma, machine, processor, tasklets } = world.kernel;
      world.check(dma.live === 0, 'UM-08', 'no mapping', `${dma.live} are left`);
      const asserted = machine.intc.asserted();
      world.check(asserted.length === 0, 'IA-74', 'no interrupt', `sources ${asserted.join()} are asserted`);
      const { irqsOff, locksHeld } = processor;
      const free = irqsOff === 0 && locksHeld === 0 && !tasklets.blocked;
      world.check(free, 'IA-74', 'interrupts on and no lock', `off ${irqsOff}, held ${locksHeld}`);
    },
  },
  {
    id: 'registration/resources-with-the-first-client',
    rules: ['CH-12', 'IA-40'],
    bare: true,
    title: 'A channel gets its resources with its first client, says how many descriptors it has, and works.',
    why: 'A channel that nobody uses costs nothing; one without descriptors is of no use.',
    *run(world) {
      const devices = yield* probed(world);
      const counts = new Map<DmaChan, number[]>();
      for (const device of devices) watchAlloc(device, counts);
      const dma = new DmaEngine(world.kernel);
      for (const device of devices) dma.registerDevice(device);
      world.check(counts.size === 0, 'CH-12', 'no resources without a client', `${counts.size} channels have some`);
      dma.get();
      world.adopt(dma);
      for (const [chan, got] of counts) {
        world.check(got[0] > 0, 'IA-40', 'a number of descriptors', `alloc returns ${got[0]}`, chan.name);
      }
      yield* everyChannelWorks(world);
      world.audit('CH-12');
    },
  },
  {
    id: 'registration/allocated-again',
    rules: ['CL-05', 'IA-40'],
    title: 'Asked for resources again, a channel in use says yes and goes on as if nothing had happened.',
    why: 'Every client that comes asks; what runs for the others must not be touched.',
    *run(world) {
      const running = world.channels(1).flatMap((chan) => {
        const kind = plainKind(chan);
        return kind === undefined ? [] : [world.start(chan, specOf(world, kind, 4096), { callback: true })];
      });
      for (const { chan } of running) {
        world.issue(chan);
        const again = chan.device.deviceAllocChanResources?.(chan) ?? 0;
        world.check(again >= 0, 'CL-05', 'no error', `alloc returns ${again}`, chan.name);
      }
      yield* world.callbacks(...running);
      yield* everyChannelWorks(world);
      world.audit('CL-05');
    },
  },
  {
    id: 'registration/after-the-clients',
    rules: ['CH-12', 'RG-05'],
    bare: true,
    title: 'A device that comes when clients wait already gets to work at once.',
    why: 'Drivers are loaded in any order.',
    *run(world) {
      const devices = yield* probed(world);
      const dma = new DmaEngine(world.kernel);
      dma.get();
      for (const device of devices) dma.registerDevice(device);
      world.adopt(dma);
      yield* everyChannelWorks(world);
      world.audit('RG-05');
    },
  },
  {
    id: 'registration/taken-off',
    rules: ['RG-07', 'CH-13'],
    bare: true,
    title: 'Unregistered and removed after use, a driver gives its pages and interrupts back.',
    why: 'Every reload of the module would cost memory, and an interrupt without handler.',
    *run(world) {
      const { driver } = world.stack;
      if (driver.remove === undefined) throw new CaseSkipped('the driver cannot be removed');
      const { pages, interrupts, machine } = world.kernel;
      const used = pages.used;
      const devices = yield* probed(world);
      const dma = new DmaEngine(world.kernel);
      for (const device of devices) dma.registerDevice(device);
      dma.get();
      world.adopt(dma);
      const before = pages.used;
      yield* everyChannelWorks(world);
      world.audit('RG-07');
      const buffers = pages.used - before;
      dma.put();
      for (const device of devices) {
        dma.unregisterDevice(device);
        driver.remove(device);
      }
      world.check(pages.used - buffers === used, 'RG-07', 'every page back', `${pages.used - buffers - used} are not`);
      const taken = interrupts.total;
      for (const { unit } of machine.platform.engines) machine.intc.setLine(unit.irq.eot, true);
      world.kernel.spend(1_000_000);
      world.check(interrupts.total === taken, 'RG-07', 'no interrupt of a removed device', 'it is taken');
      for (const { unit } of machine.platform.engines) machine.intc.setLine(unit.irq.eot, false);
    },
  },
];

/** The driver's devices; skips the case where it wants no engine. */
function* probed(world: CaseWorld): Generator<void, DmaDevice[], void> {
  const devices = yield* world.probeAll();
  if (devices.length === 0) throw new CaseSkipped('the driver wants no engine of this platform');
  return devices;
}

/** Writes down what every call of the device's alloc returned. */
function watchAlloc(device: DmaDevice, counts: Map<DmaChan, number[]>): void {
  const alloc = device.deviceAllocChanResources?.bind(device);
  if (alloc === undefined) return;
  device.deviceAllocChanResources = (chan) => {
    const count = alloc(chan);
    counts.set(chan, [...(counts.get(chan) ?? []), count]);
    return count;
  };
}

/** One operation of every kind on every channel. */
export function* everyChannelWorks(world: CaseWorld): Generator<void, void, void> {
  for (const chan of world.channels(1)) {
    const kinds = KINDS.filter((kind) => chan.device.capMask.has(NEEDS[kind]));
    yield* world.finish(...kinds.map((kind) => world.start(chan, specOf(world, kind, 64))));
  }
}
