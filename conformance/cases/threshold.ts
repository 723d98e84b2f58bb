/** When work starts: thresholds and flushes. */
import type { ConformanceCase } from '../case';
import { movers } from './parts';

/** More operations than any driver lets wait for a flush. */
const SURELY_ENOUGH = 64;

export const THRESHOLD: readonly ConformanceCase[] = [
  {
    id: 'threshold/one-flush-is-enough',
    rules: ['IA-45', 'AX-12'],
    title: 'A single operation runs after one flush.',
    why: 'A caller who waits has flushed once and will not do it again.',
    explorable: true,
    *run(world) {
      for (const { chan, move } of movers(world).slice(0, 1)) {
        const only = world.start(chan, move(64), { callback: true });
        world.issue(chan);
        yield* world.callbacks(only);
      }
      world.audit('IA-45');
    },
  },
  {
    id: 'threshold/twice-does-no-harm',
    rules: ['IA-46', 'IA-45'],
    title: 'Flushing twice, before, during and after a transfer, changes nothing.',
    why: 'async_tx flushes all channels whenever it waits for one.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const only = world.start(chan, move(1024), { callback: true });
        for (let i = 0; i < 8; i++) {
          world.issue(chan);
          world.kernel.spend(i * 150_000);
        }
        yield* world.callbacks(only);
        world.issue(chan);
        yield* world.settle();
      }
      world.audit('IA-46');
    },
  },
  {
    id: 'threshold/nothing-to-flush',
    rules: ['IA-45', 'IA-75'],
    title: 'Flushing a channel that was never used, or is idle, does nothing; it works afterwards.',
    why: 'A resume without a current descriptor is an error to some engines.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const used = chan.cookie;
        world.issue(chan);
        yield* world.settle();
        world.issue(chan);
        world.check(chan.cookie === used, 'IA-45', `last cookie ${used}`, `it is ${chan.cookie}`, chan.name);
        yield* world.finish(world.start(chan, move(64)));
        world.issue(chan);
        yield* world.settle();
        yield* world.finish(world.start(chan, move(64)));
      }
      world.audit('IA-45');
    },
  },
  {
    id: 'threshold/starts-by-itself',
    rules: ['AX-12', 'IA-43', 'IA-44'],
    title: 'Of many operations that nobody flushes the first ones run all the same.',
    why: 'The API promises that a driver starts by itself from some number on; a filled queue that nobody flushes stands for ever.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const first = world.start(chan, move(32));
        for (let i = 1; i < SURELY_ENOUGH; i++) {
          const more = world.tryPrepare(chan, move(32));
          if (more === undefined) break;
          world.submit(more);
        }
        yield* world.complete(first);
        yield* world.finish(...world.operations);
      }
      world.audit('AX-12');
    },
  },
  {
    id: 'threshold/every-length-of-queue',
    rules: ['IA-45', 'IA-44'],
    title: 'Queues of one to nine operations run to their end after one flush.',
    why: 'What is left over when the threshold has struck is forgotten, or counted wrongly.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let length = 1; length <= 9; length++) {
          yield* world.finish(...Array.from({ length }, () => world.start(chan, move(16))));
        }
      }
      world.audit('IA-45');
    },
  },
  {
    id: 'threshold/flush-for-all',
    rules: ['IA-45', 'CH-14'],
    title: 'A flush of everything, dma_issue_pending_all, starts what waits on every channel.',
    why: 'It is how md ends every round of its thread.',
    *run(world) {
      const all = movers(world).map(({ chan, move }) => world.start(chan, move(64), { callback: true }));
      world.dma.issuePendingAll();
      yield* world.callbacks(...all);
      world.audit('CH-14');
    },
  },
  {
    id: 'threshold/drop-by-drop',
    rules: ['IA-45', 'IA-46'],
    title: 'Twenty operations, each flushed by itself and waited for, run.',
    why: 'An engine that is started anew for each must find the right one every time.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let i = 0; i < 20; i++) {
          const only = world.start(chan, move(8 + i), { callback: true });
          world.issue(chan);
          yield* world.callbacks(only);
        }
      }
      world.audit('IA-45');
    },
  },
];
