/** Channels that one client has for itself. */
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaChan } from '../../dmaengine/device';
import { DmaEngine } from '../../dmaengine/engine';
import { dmaReleaseChannel, dmaRequestChannel } from '../../dmaengine/exclusive';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { ConformanceCase } from '../case';
import { CaseSkipped } from '../case';
import type { CaseWorld } from '../world/case-world';
import { plainKind, specOf } from './parts';
import { everyChannelWorks } from './registration';

const { MEMCPY } = DmaCapability;

export const EXCLUSIVE: readonly ConformanceCase[] = [
  {
    id: 'exclusive/one-client-alone',
    rules: ['CH-12', 'EX-05', 'EX-01'],
    bare: true,
    title: 'A channel that is requested by itself gets its resources, works, and gives them back on release.',
    why: 'Drivers of peripherals have no other way in.',
    *run(world) {
      const dma = yield* registered(world);
      const chan = requested(dma);
      world.check(chan.clientCount === 1, 'EX-05', 'one client', `${chan.clientCount} clients`, chan.name);
      yield* works(world, chan);
      dmaReleaseChannel(dma, chan);
      world.check(chan.clientCount === 0, 'EX-06', 'no client left', `${chan.clientCount} clients`, chan.name);
      world.audit('EX-05');
    },
  },
  {
    id: 'exclusive/one-after-the-other',
    rules: ['IA-76', 'EX-06', 'CH-13'],
    bare: true,
    title: 'Requested and released five times, a channel works every time.',
    why: 'Resources that are not quite given back make the second start another than the first.',
    *run(world) {
      const dma = yield* registered(world);
      for (let i = 0; i < 5; i++) {
        const chan = requested(dma);
        yield* works(world, chan);
        dmaReleaseChannel(dma, chan);
      }
      world.audit('EX-06');
    },
  },
  {
    id: 'exclusive/beside-the-others',
    rules: ['CH-12', 'EX-08', 'EX-05'],
    bare: true,
    title: 'While one client has a channel for itself, general clients work on all the others.',
    why: 'Both share interrupts, pages and code.',
    *run(world) {
      const dma = yield* registered(world);
      const chan = requested(dma);
      const own = world.start(chan, specOf(world, 'copy', 4096), { callback: true });
      world.issue(chan);
      dma.get();
      world.check(chan.clientCount === 1, 'EX-05', 'one client', `${chan.clientCount} clients`, chan.name);
      yield* everyChannelWorks(world);
      yield* world.callbacks(own);
      dma.put();
      yield* works(world, chan);
      dmaReleaseChannel(dma, chan);
      world.audit('EX-08');
    },
  },
  {
    id: 'exclusive/public-again',
    rules: ['CH-12', 'EX-09', 'EX-06'],
    bare: true,
    title: 'A device that was private serves general clients after the release.',
    why: 'One dmatest run would switch off all offload until the next boot.',
    *run(world) {
      const dma = yield* registered(world);
      const chan = requested(dma);
      yield* works(world, chan);
      dmaReleaseChannel(dma, chan);
      dma.get();
      world.check(dma.findChannel(MEMCPY) !== undefined, 'EX-09', 'a channel for copies', 'there is none');
      yield* everyChannelWorks(world);
      world.audit('EX-09');
    },
  },
  {
    id: 'exclusive/chosen-by-filter',
    rules: ['RG-04', 'EX-03', 'EX-01'],
    bare: true,
    title: 'A filter is shown each free channel and gets the one it wants.',
    why: 'Clients know their channel by what the driver shows of it.',
    *run(world) {
      const dma = yield* registered(world);
      const shown: DmaChan[] = [];
      const all = dma.devices.flatMap(({ channels }) => channels);
      const last = all[all.length - 1];
      const chan = dmaRequestChannel(dma, null, (free) => shown.push(free) > 0 && free === last);
      world.check(chan === last, 'EX-03', `the channel ${last.name}`, `it is ${chan?.name ?? 'none'}`);
      world.check(shown.length === all.length, 'EX-03', `${all.length} channels shown`, `${shown.length} are`);
      if (chan === null) return;
      yield* works(world, chan);
      dmaReleaseChannel(dma, chan);
      world.audit('EX-03');
    },
  },
];

/** All devices registered, and no client yet. */
function* registered(world: CaseWorld): Generator<void, DmaEngine, void> {
  const dma = new DmaEngine(world.kernel);
  for (const device of yield* world.probeAll()) dma.registerDevice(device);
  world.adopt(dma);
  return dma;
}

function requested(dma: DmaEngine): DmaChan {
  const chan = dmaRequestChannel(dma, new Set([MEMCPY]));
  if (chan === null) throw new CaseSkipped('no channel copies');
  return chan;
}

function* works(world: CaseWorld, chan: DmaChan): ThreadBody {
  const kind = plainKind(chan) ?? 'interrupt';
  const all = [64, 1000].map((len) => world.start(chan, specOf(world, kind, len), { callback: true }));
  world.issue(chan);
  yield* world.callbacks(...all);
}
