/** Channels that lose their last client, and get a new one. */
import type { ConformanceCase } from '../case';
import { spinUntilComplete } from './completion';
import { interrupting, movers, withBottomHalvesOff, withInterruptsOff } from './parts';

/** Longer than any of the short transfers here takes, in picoseconds. */
const SURELY_DONE = 60_000_000;

export const TEARDOWN: readonly ConformanceCase[] = [
  {
    id: 'teardown/and-a-new-client',
    rules: ['IA-76', 'CH-13', 'IA-40'],
    title: 'A channel whose last client has gone works for the next one.',
    why: 'Modules come and go.',
    *run(world) {
      for (let round = 0; round < 2; round++) {
        for (const { chan, move } of movers(world)) {
          yield* world.finish(...[64, 4096, 1].map((len) => world.start(chan, move(len))));
        }
        world.dma.put();
        world.dma.get();
      }
      world.audit('IA-76');
    },
  },
  {
    id: 'teardown/many-times',
    rules: ['IA-76', 'IA-42'],
    title: 'Ten clients one after the other, of which some do nothing, find a channel as good as new.',
    why: 'What is lost at every start is missed at the tenth.',
    *run(world) {
      for (let round = 0; round < 10; round++) {
        for (const { chan, move } of movers(world)) {
          if (round % 3 !== 1) yield* world.finish(world.start(chan, move(16)));
        }
        world.dma.put();
        world.dma.get();
      }
      world.audit('IA-76');
    },
  },
  {
    id: 'teardown/cookies-go-on',
    rules: ['IA-77', 'CK-09'],
    title: 'Cookies go on where they were; what was complete before reads complete.',
    why: 'A waiter may still hold a cookie of the channel’s former life.',
    *run(world) {
      const all = movers(world);
      const old = all.map(({ chan, move }) => world.start(chan, move(64)));
      yield* world.finish(...old);
      world.dma.put();
      world.dma.get();
      for (const [i, { chan, move }] of all.entries()) {
        const fresh = world.start(chan, move(64));
        const { cookie } = old[i];
        world.check(fresh.cookie > cookie, 'IA-77', `a cookie above ${cookie}`, `it is ${fresh.cookie}`, chan.name);
        const status = world.statusOf(old[i]);
        world.check(status === 'complete', 'CK-09', 'old work complete', status, chan.name);
        yield* world.finish(fresh);
      }
      world.audit('IA-77');
    },
  },
  {
    id: 'teardown/done-and-not-looked-at',
    rules: ['IA-76', 'UM-08', 'AX-41'],
    title:
      'Work that is done when the last client goes, and that nobody has looked at, is completed: callbacks, mappings and all.',
    why: 'Its mappings would stand for ever, and its submitter wait for ever.',
    *run(world) {
      for (const { chan, move } of interrupting(world)) {
        const all = [64, 32].map((len) => world.start(chan, move(len), { callback: true }));
        withBottomHalvesOff(world, () => {
          world.issue(chan);
          world.kernel.spend(SURELY_DONE);
          world.dma.put();
          for (const { calledBack, name } of all) {
            world.check(calledBack === 1, 'IA-76', `one callback of ${name}`, `it ran ${calledBack} times`, chan.name);
          }
        });
        world.dma.get();
      }
      yield* world.settle();
      world.audit('IA-76');
    },
  },
  {
    id: 'teardown/late-interrupt',
    rules: ['IA-75', 'IA-76'],
    title: 'An interrupt that comes when its channel has been given up does no harm, nor does its tasklet.',
    why: 'A poller sees the completion first, frees the channel, and the interrupt comes to an empty house.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        withInterruptsOff(world, () => {
          const only = world.start(chan, move(64), { callback: true });
          world.issue(chan);
          spinUntilComplete(world, only);
          world.dma.put();
        });
        yield* world.settle();
        world.dma.get();
        yield* world.finish(world.start(chan, move(64)));
      }
      world.audit('IA-75');
    },
  },
  {
    id: 'teardown/late-tasklet-meets-the-next-client',
    rules: ['IA-75', 'IA-76', 'IA-40'],
    title: 'The same when the next client has come before the tasklet runs.',
    why: 'It cleans up a chain that it was not raised for.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        withBottomHalvesOff(world, () => {
          const only = world.start(chan, move(64), { callback: true });
          world.issue(chan);
          spinUntilComplete(world, only);
          world.dma.put();
          world.dma.get();
          world.start(chan, move(128), { callback: true });
          world.issue(chan);
        });
        yield* world.callbacks(world.operations[world.operations.length - 1]);
      }
      world.audit('IA-75');
    },
  },
  {
    id: 'teardown/unacked-leftovers',
    rules: ['IA-76', 'CF-05'],
    title: 'Descriptors that a client never acked are free again for the next one.',
    why: 'A client that was killed acks nothing.',
    *run(world) {
      for (let round = 0; round < 5; round++) {
        for (const { chan, move } of movers(world)) {
          const all = Array.from({ length: 90 }, () => world.tryPrepare(chan, move(4), { flags: 0 }));
          for (const more of all) {
            world.check(more !== undefined, 'IA-76', 'descriptors in every round', `none in round ${round}`, chan.name);
            if (more !== undefined) world.submit(more);
          }
          yield* world.finish(...all.filter((more) => more !== undefined));
        }
        world.dma.put();
        world.dma.get();
      }
      world.audit('IA-76');
    },
  },
];
