/** Interrupts: lost, doubled, late, for nothing, two at once. */
import type { ConformanceCase } from '../case';
import { spinUntilComplete } from './completion';
import { can, interrupting, movers, withBottomHalvesOff, withInterruptsOff } from './parts';

/** Longer than any of the short transfers here takes, in picoseconds. */
const SURELY_DONE = 60_000_000;

export const INTERRUPTS: readonly ConformanceCase[] = [
  {
    id: 'interrupts/lines-drop',
    rules: ['IA-71', 'IA-74'],
    title: 'When all work is done and reported no interrupt line of an engine is asserted.',
    why: 'A status bit that nobody clears interrupts for ever.',
    explorable: true,
    *run(world) {
      for (const { chan, move } of movers(world).slice(0, 1)) {
        const all = [32, 64].map((len) => world.start(chan, move(len), { callback: true }));
        world.issue(chan);
        yield* world.callbacks(...all);
      }
      const asserted = world.kernel.machine.intc.asserted();
      world.check(asserted.length === 0, 'IA-71', 'no line asserted', `sources ${asserted.join()} are`);
      world.audit('IA-71');
    },
  },
  {
    id: 'interrupts/only-when-asked',
    rules: ['AX-10', 'IA-25'],
    title: 'Operations without callback raise no interrupt.',
    why: 'Interrupts are what offloading saves: a storm of them costs more than the copy.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const before = world.kernel.interrupts.total;
        yield* world.finish(...[64, 1024, 2048, 16].map((len) => world.start(chan, move(len))));
        const taken = world.kernel.interrupts.total - before;
        world.check(taken === 0, 'AX-10', 'no interrupt', `${taken} are taken`, chan.name);
      }
      world.audit('AX-10');
    },
  },
  {
    id: 'interrupts/for-nothing',
    rules: ['IA-75', 'IA-71'],
    title: 'An interrupt whose work a poller has found already changes nothing.',
    why: 'It happens whenever somebody waits and polls.',
    *run(world) {
      for (const { chan, move } of interrupting(world)) {
        withInterruptsOff(world, () => {
          const all = [64, 16].map((len) => world.start(chan, move(len), { callback: true, flags: 0 }));
          world.issue(chan);
          for (const operation of all) spinUntilComplete(world, operation);
        });
        const { cookie, completedCookie } = chan;
        world.check(cookie === completedCookie, 'IA-75', `completed cookie ${cookie}`, `${completedCookie}`, chan.name);
        yield* world.settle();
        world.operations.forEach((operation) => world.ack(operation));
        yield* world.finish(world.start(chan, move(16)));
      }
      world.audit('IA-75');
    },
  },
  {
    id: 'interrupts/both-kinds-at-once',
    rules: ['IA-71', 'IA-53', 'AX-41'],
    title: 'End of transfer and end of chain that wait together are both served.',
    why: 'A handler that clears the other’s bit, or tests one twice and the other never, loses the end of the chain.',
    *run(world) {
      for (const { chan, move } of interrupting(world)) {
        const all = [64, 16, 128].map((len) => world.start(chan, move(len), { callback: true }));
        withInterruptsOff(world, () => {
          world.issue(chan);
          world.kernel.spend(SURELY_DONE);
        });
        yield* world.callbacks(...all);
      }
      world.audit('IA-71');
    },
  },
  {
    id: 'interrupts/second-before-the-tasklet',
    rules: ['IA-75', 'IA-71', 'IA-57'],
    title: 'A second interrupt before the tasklet of the first has run loses nothing.',
    why: 'The status that the first handler left is not the one that the tasklet meets.',
    *run(world) {
      for (const { chan, move } of interrupting(world)) {
        for (const gap of [0, 1, 3, 8]) {
          const all = [32, 1024, 64].map((len) => world.start(chan, move(len), { callback: true }));
          withBottomHalvesOff(world, () => {
            world.issue(chan);
            world.kernel.spend(gap * 1_000_000);
          });
          yield* world.callbacks(...all);
        }
      }
      world.audit('IA-75');
    },
  },
  {
    id: 'interrupts/in-the-middle-of-a-handler',
    rules: ['IA-71', 'AX-41'],
    title: 'An operation that ends at any moment of the handling of another one’s interrupt calls back.',
    why: 'Between reading the status and clearing it lies a bus cycle: what is set meanwhile must survive.',
    *run(world) {
      for (const { chan, move } of interrupting(world)) {
        for (let len = 8; len <= 1024; len += len < 256 ? 24 : 96) {
          const all = [16, len, 8].map((bytes) => world.start(chan, move(bytes), { callback: true }));
          world.issue(chan);
          yield* world.callbacks(...all);
        }
      }
      world.audit('IA-71');
    },
  },
  {
    id: 'interrupts/of-all-channels-at-once',
    rules: ['IA-71', 'IA-74'],
    title: 'Interrupts of all channels that wait together are all served.',
    why: 'The controller shows one source at a time.',
    *run(world) {
      const all = interrupting(world).flatMap(({ chan, move }) =>
        [64, 128].map((len) => world.start(chan, move(len), { callback: true })),
      );
      withInterruptsOff(world, () => {
        for (const { chan } of all) world.issue(chan);
        world.kernel.spend(SURELY_DONE);
      });
      yield* world.callbacks(...all);
      world.audit('IA-71');
    },
  },
  {
    id: 'interrupts/one-for-each',
    rules: ['AX-41', 'IA-71', 'AX-10'],
    title: 'Thirty short operations that all call back do so, thirty times.',
    why: 'They end faster than their interrupts are taken.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = Array.from({ length: 30 }, (_, i) => world.start(chan, move(1 + i), { callback: true }));
        world.issue(chan);
        yield* world.callbacks(...all);
      }
      world.audit('AX-41');
    },
  },
  {
    id: 'interrupts/of-nothing-but-itself',
    rules: ['IA-24', 'AX-51'],
    title: 'An interrupt descriptor, alone or behind work, calls back after it and moves nothing.',
    why: 'It is how a chain without callbacks gets one.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        if (!can(chan, 'interrupt')) continue;
        for (const ahead of [0, 1, 3]) {
          const work = Array.from({ length: ahead }, () => world.start(chan, move(700)));
          const bell = world.start(chan, { kind: 'interrupt' }, { callback: true });
          world.issue(chan);
          yield* world.callbacks(bell);
          for (const operation of work) {
            const { cookie } = operation;
            world.check(chan.completedCookie >= cookie, 'IA-24', `${operation.name} complete`, 'it is not', chan.name);
          }
          world.checkData('IA-24');
        }
      }
      world.audit('IA-24');
    },
  },
];
