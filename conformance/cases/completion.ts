/** How a client learns that work is done, by callback and by asking. */
import type { ConformanceCase } from '../case';
import type { CaseWorld } from '../world/case-world';
import type { Operation } from '../world/operation';
import { can, movers, withBottomHalvesOff, withInterruptsOff } from './parts';

/** Longer than any of the short transfers here takes, in picoseconds. */
const SURELY_DONE = 60_000_000;
/** How long a spinning thread asks before it gives up, in turns of `TURN` picoseconds. */
const TURNS = 2000;
const TURN = 200_000;

export const COMPLETION: readonly ConformanceCase[] = [
  {
    id: 'completion/data-before-callback',
    rules: ['WT-10', 'IA-53', 'IA-57'],
    title: 'When a callback runs, all data of its operation are in memory.',
    why: 'The client reads what it asked for in its callback: it would read the old contents.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = [4096, 64, 1025, 1].map((len) => {
          const spec = move(len);
          const target = 'to' in spec ? spec.to : undefined;
          const onCallback = (): void => {
            const { buffer, offset } = target ?? { buffer: undefined, offset: 0 };
            if (buffer === undefined) return;
            const end = offset + len - 1;
            const there = buffer.bytes[offset] === buffer.shadow[offset] && buffer.bytes[end] === buffer.shadow[end];
            world.check(there, 'WT-10', 'data before the callback', 'they are not there', chan.name);
          };
          return world.start(chan, spec, { callback: true, onCallback });
        });
        world.issue(chan);
        yield* world.callbacks(...all);
      }
      world.audit('WT-10');
    },
  },
  {
    id: 'completion/data-before-status',
    rules: ['WT-10', 'IA-51', 'IA-52', 'IA-53'],
    title: 'When status says complete, all data of that operation and of those before it are in memory.',
    why: 'What is complete is handed on: to a disk, to the next reader, to a page cache.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = [1024, 4096, 31, 2048].map((len) => world.start(chan, move(len)));
        world.issue(chan);
        for (const operation of all) {
          spinUntilComplete(world, operation);
          checkOne(world, operation);
        }
        yield* world.finish(...all);
      }
      world.audit('WT-10');
    },
  },
  {
    id: 'completion/asked-at-every-moment',
    rules: ['IA-50', 'IA-52', 'WT-10'],
    title: 'However a transfer and the asking for it fall together, complete means complete.',
    why: 'Cleanup reads two registers one after the other, and the engine goes on in between.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let moment = 0; moment < 40; moment++) {
          const all = [64, 32, 256].map((len) => world.start(chan, move(len)));
          world.issue(chan);
          world.kernel.spend(moment * 47_000);
          for (const operation of all) if (world.statusOf(operation) === 'complete') checkOne(world, operation);
          for (const operation of all) {
            spinUntilComplete(world, operation);
            checkOne(world, operation);
          }
        }
      }
      yield* world.settle();
      world.audit('IA-50');
    },
  },
  {
    id: 'completion/in-order',
    rules: ['IA-61', 'CK-09', 'IA-51'],
    title: 'While a queue runs, what is complete is always the first part of it.',
    why: 'One number, the last completed cookie, speaks for all before it.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = Array.from({ length: 8 }, () => world.start(chan, move(700)));
        world.issue(chan);
        for (let turn = 0; turn < 60; turn++) {
          const states = all.map((operation) => world.statusOf(operation) === 'complete');
          const late = states.indexOf(false);
          const fine = late < 0 || !states.includes(true, late + 1);
          // Asked one by one, a later one may have been completed by the asking.
          if (!fine) world.check(world.statusOf(all[late]) === 'complete', 'IA-61', 'a first part', states.join());
          world.kernel.spend(300_000);
        }
        yield* world.finish(...all);
      }
      world.audit('IA-61');
    },
  },
  {
    id: 'completion/without-interrupts',
    rules: ['IA-70', 'SW-01'],
    title: 'A thread that keeps interrupts off and asks again and again sees its operation complete.',
    why: 'dma_sync_wait spins, with soft interrupts off where its caller has them off.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = [512, 64].map((len) => world.start(chan, move(len)));
        withInterruptsOff(world, () => {
          world.issue(chan);
          for (const operation of all) spinUntilComplete(world, operation);
        });
      }
      yield* world.settle();
      world.audit('IA-70');
    },
  },
  {
    id: 'completion/callback-of-the-asker',
    rules: ['AX-41', 'IA-70', 'IA-75'],
    title:
      'Who asks and finds an operation complete has had its callback; the interrupt that comes later brings no second one.',
    why: 'Poller and interrupt both clean up; only one of them may complete.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const only = world.start(chan, move(64), { callback: true });
        withInterruptsOff(world, () => {
          world.issue(chan);
          spinUntilComplete(world, only);
          world.check(only.calledBack === 1, 'AX-41', 'one callback', `it ran ${only.calledBack} times`, chan.name);
        });
        yield* world.settle();
      }
      world.audit('AX-41');
    },
  },
  {
    id: 'completion/many-in-one-walk',
    rules: ['IA-57', 'AX-41', 'IA-71'],
    title: 'Operations that ended while soft interrupts were off are all completed, each once, by what follows.',
    why: 'One tasklet stands for any number of interrupts.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = Array.from({ length: 6 }, () => world.start(chan, move(64), { callback: true }));
        withBottomHalvesOff(world, () => {
          world.issue(chan);
          world.kernel.spend(SURELY_DONE);
        });
        yield* world.callbacks(...all);
        for (const operation of all) {
          const status = world.statusOf(operation);
          world.check(status === 'complete', 'IA-61', `${operation.name} complete`, status, chan.name);
        }
      }
      world.audit('IA-57');
    },
  },
  {
    id: 'completion/cookie-after-callbacks',
    rules: ['IA-61', 'IA-70'],
    title:
      'After the callback of the last operation the whole queue reads complete, without another look at the hardware.',
    why: 'Status of finished work would find the engine busy with somebody else’s and say in progress.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = [64, 32, 128].map((len) => world.start(chan, move(len), { callback: true }));
        world.issue(chan);
        yield* world.callbacks(...all);
        const { cookie } = all[2];
        world.check(chan.completedCookie === cookie, 'IA-61', `completed cookie ${cookie}`, `${chan.completedCookie}`);
      }
      world.audit('IA-61');
    },
  },
  {
    id: 'completion/silent-ones',
    rules: ['AX-10', 'IA-70'],
    title: 'Operations without callback complete among those that have one, in whatever order they mix.',
    why: 'Most of a chain is silent: only its end interrupts, and must complete the rest.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const mix = [false, true, false, false, true, false, true];
        const all = mix.map((callback) => world.start(chan, move(48), { callback }));
        world.issue(chan);
        yield* world.callbacks(all[6]);
        for (const operation of all) {
          const status = world.statusOf(operation);
          world.check(status === 'complete', 'IA-61', `${operation.name} complete`, status, chan.name);
        }
      }
      world.audit('AX-10');
    },
  },
  {
    id: 'completion/the-last-calls-back',
    rules: ['IA-53', 'IA-71', 'AX-41'],
    title: 'The last operation of a chain calls back although nothing follows it and nobody asks.',
    why: 'Its interrupt is another one, the end of chain; forget that, and every idle array hangs.',
    explorable: true,
    *run(world) {
      for (const { chan, move } of movers(world).slice(0, 1)) {
        world.start(chan, move(32));
        const last = world.start(chan, move(32), { callback: true });
        world.issue(chan);
        yield* world.callbacks(last);
      }
      world.audit('IA-53');
    },
  },
  {
    id: 'completion/the-first-calls-back',
    rules: ['IA-71', 'IA-25'],
    title: 'The first operation of a chain calls back while the others are still at work.',
    why: 'A client that feeds the channel from its callbacks would starve it.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        if (!can(chan, 'interrupt')) continue;
        const first = world.start(chan, move(64), { callback: true });
        const long = Array.from({ length: 3 }, () => world.start(chan, move(16384)));
        world.issue(chan);
        yield* world.callbacks(first);
        const status = world.statusOf(long[2]);
        world.check(
          status === 'in_progress',
          'IA-71',
          'the first callback before the last transfer',
          status,
          chan.name,
        );
        yield* world.finish(...long);
      }
      world.audit('IA-71');
    },
  },
  {
    id: 'completion/sync-wait',
    rules: ['IA-70', 'SW-01', 'SW-03'],
    title: 'dma_sync_wait flushes, spins and says complete; asked again it says so at once.',
    why: 'It is the way out of every dead end in async_tx.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = [2048, 64].map((len) => world.start(chan, move(len)));
        for (const operation of [all[1], all[0], all[1]]) {
          const status = world.dma.syncWait(chan, operation.cookie);
          world.check(status === 'complete', 'SW-01', 'complete', status, chan.name);
        }
        world.checkData('SW-01');
      }
      yield* world.settle();
      world.audit('SW-01');
    },
  },
];

/** Asks with the processor kept busy, as `dma_sync_wait` does. */
export function spinUntilComplete(world: CaseWorld, operation: Operation): void {
  for (let turn = 0; turn < TURNS; turn++) {
    if (world.statusOf(operation) !== 'in_progress') return;
    world.kernel.spend(TURN);
  }
  throw world.failure('IA-70', `status complete of ${operation.name}`, 'it stays in progress');
}

/** Whether what this operation moves is there now. */
function checkOne(world: CaseWorld, { spec, name, chan }: Operation): void {
  if (!('to' in spec)) return;
  const { buffer, offset, len } = spec.to;
  for (let i = offset; i < offset + len; i++) {
    if (buffer.bytes[i] === buffer.shadow[i]) continue;
    world.complain('WT-10', `data of ${name}`, `complete, and byte ${i - offset} is not there`, chan.name);
    return;
  }
}
