/** Appending to a chain that runs, has just finished, or was finished long ago. */
import type { ConformanceCase } from '../case';
import type { OperationSpec } from '../world/operation';
import { DmaCapability } from '../../dmaengine/capability';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { CaseWorld } from '../world/case-world';
import { hops, movers, spans, sweep, sweepEach, withBottomHalvesOff, withInterruptsOff } from './parts';

const { MEMCPY, XOR } = DmaCapability;

/** Moments of a sweep. */
const MOMENTS = 24;

export const APPEND: readonly ConformanceCase[] = [
  {
    id: 'append/behind-a-running-transfer',
    rules: ['IA-46', 'IA-43', 'AX-41'],
    title: 'What is submitted and issued at any moment of a transfer runs once, behind it.',
    why: 'The engine looks at its next pointer at one moment; a link that comes later must be asked for again.',
    *run(world) {
      yield* sweepEach(world, 1024, MOMENTS, function* ({ chan, move }, moment) {
        const running = world.start(chan, move(1024), { callback: true });
        world.issue(chan);
        world.kernel.spend(moment);
        const late = world.start(chan, move(64), { callback: true });
        world.issue(chan);
        yield* world.callbacks(running, late);
      });
      world.audit('IA-46');
    },
  },
  {
    id: 'append/two-behind-one',
    rules: ['IA-46', 'IA-43'],
    title: 'The same with two that are appended apart, one at the given moment and one right behind it.',
    why: 'The second link is written while the engine still deals with the first.',
    *run(world) {
      yield* sweepEach(world, 512, MOMENTS, function* ({ chan, move }, moment) {
        const all = [world.start(chan, move(512), { callback: true })];
        world.issue(chan);
        world.kernel.spend(moment);
        for (let i = 0; i < 2; i++) {
          all.push(world.start(chan, move(32), { callback: true }));
          world.issue(chan);
        }
        yield* world.callbacks(...all);
      });
      world.audit('IA-46');
    },
  },
  {
    id: 'append/issued-late',
    rules: ['IA-46', 'IA-45', 'IA-47'],
    title: 'What was linked while a transfer ran and is issued at any later moment runs once.',
    why: 'The engine may have seen the link by itself, or have passed it: the flush comes too late or just in time.',
    *run(world) {
      yield* sweepEach(world, 1024, MOMENTS, function* ({ chan, move }, moment) {
        const running = world.start(chan, move(1024), { callback: true });
        world.issue(chan);
        const late = world.start(chan, move(64), { callback: true });
        world.kernel.spend(moment);
        world.issue(chan);
        yield* world.callbacks(running, late);
      });
      world.audit('IA-46');
    },
  },
  {
    id: 'append/in-silence',
    rules: ['IA-46', 'IA-52', 'IA-70'],
    title: 'The same without any interrupt, watched by polling alone.',
    why: 'Interrupts of later work hide a lost append; here nothing comes to the rescue.',
    *run(world) {
      yield* sweepEach(world, 1024, MOMENTS, function* ({ chan, move }, moment) {
        const running = world.start(chan, move(1024));
        world.issue(chan);
        world.kernel.spend(moment);
        const late = world.start(chan, move(64));
        world.issue(chan);
        yield* world.complete(running);
        yield* world.complete(late);
        world.checkData('IA-52');
      });
      world.audit('IA-46');
    },
  },
  {
    id: 'append/whole-batches',
    rules: ['IA-43', 'IA-46'],
    title:
      'Batches long enough to start by themselves, appended at any moment to a running batch, run once and in order.',
    why: 'A doorbell rung before the link is in memory makes the engine read the old end of the chain.',
    *run(world) {
      yield* sweepEach(world, 256, 12, function* ({ chan, move }, moment) {
        const first = Array.from({ length: 4 }, () => world.start(chan, move(64)));
        world.kernel.spend(moment);
        const second = Array.from({ length: 4 }, () => world.start(chan, move(64)));
        yield* world.finish(...first, ...second);
      });
      world.audit('IA-43');
    },
  },
  {
    id: 'append/link-before-doorbell',
    rules: ['IA-43', 'IA-46'],
    title: 'A flush right behind a submission finds the link in memory, whatever the write buffer still holds.',
    why: 'The register write overtakes the descriptor: the engine sees no successor, and the work never starts.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let i = 0; i < 12; i++) {
          const only = world.prepare(chan, move(32));
          yield* world.settle(i * 100_000);
          world.submit(only);
          world.issue(chan);
          yield* world.complete(only);
        }
      }
      world.audit('IA-43');
    },
  },
  {
    id: 'append/behind-a-finished-tail',
    rules: ['IA-46', 'IA-42', 'IA-43'],
    title: 'What follows a chain that has long been completed and cleaned up runs.',
    why: 'There must be something left to append to, and the engine must be told of it.',
    explorable: true,
    *run(world) {
      const [{ chan, move }] = movers(world);
      for (let i = 0; i < 2; i++) {
        const only = world.start(chan, move(32), { callback: true });
        world.issue(chan);
        yield* world.callbacks(only);
      }
      world.audit('IA-46');
    },
  },
  {
    id: 'append/behind-an-unseen-end',
    rules: ['IA-52', 'IA-46'],
    title: 'What is appended to a chain that has ended, before the driver has looked, runs; nothing is lost or twice.',
    why: 'Cleanup finds an idle engine at a descriptor with a successor: that one has not run.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (const linked of [false, true]) {
          const late = world.prepare(chan, move(64), { callback: true });
          const first = world.start(chan, move(64), { callback: true });
          withBottomHalvesOff(world, () => {
            world.issue(chan);
            world.kernel.spend(50_000_000);
            world.submit(late);
            if (!linked) world.issue(chan);
          });
          if (linked) {
            // Linked and not issued: it may have to wait, but it may not count as done.
            const before = world.statusOf(late);
            world.check(
              late.calledBack === 0 || before === 'complete',
              'IA-52',
              'no callback before the flush',
              before,
            );
            if (before === 'complete') world.checkData('IA-52');
          }
          world.issue(chan);
          yield* world.callbacks(first, late);
        }
      }
      world.audit('IA-52');
    },
  },
  {
    id: 'append/linked-and-not-issued',
    rules: ['IA-52', 'IA-53'],
    title: 'A descriptor that was linked behind an idle engine and not issued does not read complete before it ran.',
    why: 'An idle engine means that everything is done only if nothing follows.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        yield* world.finish(world.start(chan, move(64)));
        const waiting = world.start(chan, move(64));
        for (let i = 0; i < 10; i++) {
          if (world.statusOf(waiting) === 'complete') world.checkData('IA-52');
          yield* world.settle(1_000_000);
        }
        yield* world.finish(waiting);
      }
      world.audit('IA-52');
    },
  },
  {
    id: 'append/between-interrupt-and-tasklet',
    rules: ['IA-71', 'IA-46'],
    title: 'What is appended after the interrupt and before its tasklet runs once.',
    why: 'The tasklet must not take the newcomer for what the interrupt announced.',
    *run(world) {
      yield* appendedWhile(world, withBottomHalvesOff);
    },
  },
  {
    id: 'append/before-the-interrupt-is-taken',
    rules: ['IA-71', 'IA-46'],
    title: 'What is appended while interrupts are off, to a chain that ends meanwhile, runs once.',
    why: 'Both ends of chain announce themselves with one bit.',
    *run(world) {
      yield* appendedWhile(world, withInterruptsOff);
    },
  },
  {
    id: 'append/sums-in-place',
    rules: ['AX-41', 'IA-46'],
    title: 'Sums in place that are appended at any moment are added once.',
    why: 'Adding twice undoes it: the block looks as if nothing had happened.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const [sum, a, b] = spans(world, 3, 512);
      const add = (from: typeof a): OperationSpec => ({ kind: 'xor', to: sum, from: [sum, from] });
      yield* sweep(
        world,
        chan,
        () => add(a),
        MOMENTS,
        function* (moment) {
          const first = world.start(chan, add(a));
          world.issue(chan);
          world.kernel.spend(moment);
          const second = world.start(chan, add(b), { callback: true });
          world.issue(chan);
          yield* world.callbacks(second);
          yield* world.complete(first);
          world.checkData('AX-41');
        },
      );
      world.audit('AX-41');
    },
  },
  {
    id: 'append/to-a-long-chain',
    rules: ['IA-46', 'IA-43'],
    title: 'A dozen chains of five, each started while those before still run, end in order.',
    why: 'Whatever the first append gets right, the hundredth must.',
    *run(world) {
      for (const chan of world.channels(1, MEMCPY)) {
        const copies = hops(spans(world, 61, 200));
        const all = copies.map((copy, i) => {
          const copied = world.start(chan, copy);
          if (i % 5 === 4) {
            world.issue(chan);
            world.kernel.spend(i * 37_000);
          }
          return copied;
        });
        yield* world.finish(...all);
      }
      world.audit('IA-46');
    },
  },
];

/** Appends at moments of a transfer whose end nobody hears of meanwhile. @param hold what keeps it from being heard */
function* appendedWhile(world: CaseWorld, hold: typeof withInterruptsOff): ThreadBody {
  yield* sweepEach(world, 64, 8, function* ({ chan, move }, moment) {
    const late = world.prepare(chan, move(256), { callback: true });
    const first = world.start(chan, move(64), { callback: true });
    hold(world, () => {
      world.issue(chan);
      world.kernel.spend(moment);
      world.submit(late);
      world.issue(chan);
    });
    yield* world.callbacks(first, late);
  });
  world.audit('IA-46');
}
