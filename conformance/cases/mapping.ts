/** Mappings that a descriptor carries: undone once, when the engine is done, and not before. */
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import type { ConformanceCase } from '../case';
import type { OperationKind, OperationSpec } from '../world/operation';
import { addressOf } from '../world/buffers';
import { KINDS, movers, spans, specOf, withInterruptsOff } from './parts';
import { spinUntilComplete } from './completion';

/** Some address that the operation maps. */
function anAddress(spec: OperationSpec): number {
  const span = 'to' in spec ? spec.to : 'from' in spec ? spec.from[0] : undefined;
  return span === undefined ? 0 : addressOf(span);
}

/** Memory is the device's until the callback, and the processor's after it. */
function handedBack(kind: OperationKind): ConformanceCase {
  return {
    id: `mapping/${kind.replace('_', '-')}`,
    rules: ['UM-08', 'IA-58', 'UM-06'],
    title: `The mappings of ${kind} stand until its callback has run, and are undone then.`,
    why: 'Undone early, the cache is cleaned before the engine writes; never undone, bounce buffers run out.',
    *run(world) {
      for (const chan of world.channelsFor(kind)) {
        const spec = specOf(world, kind, 96, 3);
        const address = anAddress(spec);
        const operation = world.prepare(chan, spec, {
          callback: true,
          flags: 0,
          onCallback: () => {
            const mapped = world.kernel.dma.isMapped(address);
            world.check(mapped, 'IA-58', 'mappings that stand in the callback', 'they are undone', chan.name);
          },
        });
        world.submit(operation);
        world.issue(chan);
        yield* world.callbacks(operation);
        const { live } = world.kernel.dma;
        world.check(live === 0, 'UM-08', 'no mapping after completion', `${live} are left`, chan.name);
        const kept = operation.tx.unmap !== undefined;
        world.check(!kept, 'UM-06', 'no record on a completed descriptor', 'it is still there', chan.name);
        world.ack(operation);
      }
      world.audit('UM-08');
    },
  };
}

export const MAPPING: readonly ConformanceCase[] = [
  ...KINDS.filter((kind) => kind !== 'interrupt').map(handedBack),
  {
    id: 'mapping/undone-once',
    rules: ['IA-57', 'UM-06', 'UM-05'],
    title: 'The mappings of a descriptor that is kept are undone once, however often cleanup sees it again.',
    why: 'The second time they are somebody else’s.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const kept = world.start(chan, move(64), { flags: 0 });
        yield* world.finish(kept);
        for (let i = 0; i < 4; i++) yield* world.finish(world.start(chan, move(32)));
        world.ack(kept);
      }
      world.audit('UM-06');
    },
  },
  {
    id: 'mapping/shared',
    rules: ['UM-05', 'UM-08'],
    title: 'Mappings that two descriptors share stand until the second is complete.',
    why: 'The first batch of a long sum would take the destination away from the next.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const spec = move(64);
        const first = world.prepare(chan, spec, { callback: true });
        const second = world.prepare(chan, move(16384), { callback: true });
        const record = first.tx.unmap!;
        const own = second.tx.unmap!;
        second.tx.unmap = record.get();
        world.submit(first);
        world.submit(second);
        world.issue(chan);
        yield* world.callbacks(first);
        if (second.calledBack === 0) {
          const mapped = world.kernel.dma.isMapped(anAddress(spec));
          world.check(mapped, 'UM-05', 'shared mappings that stand', 'they are undone', chan.name);
        }
        yield* world.callbacks(second);
        own.put();
      }
      world.audit('UM-05');
    },
  },
  {
    id: 'mapping/by-polling',
    rules: ['UM-08', 'IA-70', 'IA-57'],
    title: 'Whoever finds an operation complete by asking finds its mappings undone.',
    why: 'He goes on to read what the engine wrote.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        withInterruptsOff(world, () => {
          const only = world.start(chan, move(64));
          world.issue(chan);
          spinUntilComplete(world, only);
          const { live } = world.kernel.dma;
          world.check(live === 0, 'UM-08', 'no mapping when complete', `${live} are left`, chan.name);
        });
      }
      yield* world.settle();
      world.audit('UM-08');
    },
  },
  {
    id: 'mapping/directions',
    rules: ['UM-04', 'UM-01'],
    title: 'Mappings of all three directions on one record are each undone with their own.',
    why: 'The direction says whether the cache is written back or thrown away.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const only = world.prepare(chan, move(64));
        only.tx.unmap?.put();
        const record = world.dma.unmapPools.take(3);
        record.len = 64;
        const [to, from, both] = spans(world, 3, 64).map(({ buffer }) => buffer.pages[0]);
        record.addr.push(record.map(to, 0, 64, DmaDirection.toDevice));
        record.addr.push(record.map(from, 0, 64, DmaDirection.fromDevice));
        record.addr.push(record.map(both, 0, 64, DmaDirection.bidirectional));
        record.toCnt = record.fromCnt = record.bidiCnt = 1;
        only.tx.unmap = record;
        yield* world.finish(world.submit(only));
      }
      world.audit('UM-04');
    },
  },
  {
    id: 'mapping/many',
    rules: ['UM-08'],
    title: 'After a hundred operations, acked early and late, no mapping is left.',
    why: 'One leak in a thousand stops a machine after a day.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let round = 0; round < 5; round++) {
          const all = Array.from({ length: 20 }, (_, i) =>
            world.start(chan, move(1 + i), { flags: i % 3 === 0 ? 0 : 2 }),
          );
          yield* world.finish(...all);
          all.forEach((operation) => world.ack(operation));
        }
      }
      world.audit('UM-08');
    },
  },
];
