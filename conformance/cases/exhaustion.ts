/** What happens when there is no descriptor left. */
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaChan } from '../../dmaengine/device';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { ConformanceCase } from '../case';
import { CaseSkipped } from '../case';
import type { Asked, CaseWorld } from '../world/case-world';
import type { Operation, OperationSpec } from '../world/operation';
import { movers, spanMaker, specOf, withBottomHalvesOff, withInterruptsOff } from './parts';

const { XOR } = DmaCapability;

/** More descriptors than any pool has. */
const ENDLESS = 600;
/** How long a caller that spins for a descriptor is kept waiting, in turns of a microsecond. */
const SPINS = 5000;
const TURN = 1_000_000;

export const EXHAUSTION: readonly ConformanceCase[] = [
  {
    id: 'exhaustion/null-and-then-more',
    rules: ['IA-11', 'IA-12'],
    title: 'When all descriptors are taken prep returns null; when their work is done it grants again.',
    why: 'A pool that does not recover stops the array at its first burst.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let round = 0; round < 2; round++) {
          const all = fill(world, chan, move);
          yield* world.finish(...all);
          yield* granted(world, chan, move(8));
        }
      }
      world.audit('IA-11');
    },
  },
  {
    id: 'exhaustion/spinning-with-bottom-halves-off',
    rules: ['IA-11', 'XR-12'],
    title: 'A caller that flushes and asks again, bottom halves off, gets a descriptor.',
    why: 'A driver that leaves the reclaiming to its tasklet waits for one that cannot run: a livelock.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        withBottomHalvesOff(world, () => {
          fill(world, chan, move);
          for (let i = 0; i < 3; i++) world.submit(spinFor(world, chan, move(8)));
        });
        yield* world.finish(...world.operations);
      }
      world.audit('IA-11');
    },
  },
  {
    id: 'exhaustion/spinning-with-interrupts-off',
    rules: ['IA-11', 'IA-70'],
    title: 'The same with interrupts off.',
    why: 'Nothing at all tells the driver then; it must look.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        withInterruptsOff(world, () => {
          fill(world, chan, move);
          world.submit(spinFor(world, chan, move(8)));
        });
        yield* world.finish(...world.operations);
      }
      world.audit('IA-11');
    },
  },
  {
    id: 'exhaustion/held-by-clients',
    rules: ['IA-59', 'IA-11'],
    title: 'Descriptors that are complete and not acked are not granted; acked, they are.',
    why: 'Taking one back from its client is the race that ack is there for.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = fill(world, chan, move, { flags: 0 });
        yield* world.finish(...all);
        // One that was never a client's may still come free.
        for (let i = 0; i < 3; i++) {
          const more = world.tryPrepare(chan, move(8), { flags: 0 });
          if (more === undefined) continue;
          const taken = all.some(({ tx }) => tx === more.tx);
          world.check(!taken, 'IA-59', 'held descriptors left to their clients', 'one is granted again', chan.name);
          if (taken) return;
          all.push(world.submit(more));
          yield* world.finish(more);
        }
        const last = world.tryPrepare(chan, move(8), { flags: 0 });
        world.check(last === undefined, 'IA-59', 'null while all are held', 'a descriptor', chan.name);
        all.forEach((operation) => world.ack(operation));
        yield* granted(world, chan, move(8));
      }
      world.audit('IA-59');
    },
  },
  {
    id: 'exhaustion/prepared-and-kept',
    rules: ['IA-09', 'IA-12', 'CK-02'],
    title: 'Descriptors that are prepared and not submitted are nobody else’s; submitted late they run.',
    why: 'A chain is prepared as a whole before its first part is submitted.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all: Operation[] = [];
        for (let i = 0; i < 40; i++) {
          const more = world.tryPrepare(chan, move(8 + i));
          if (more === undefined) break;
          world.check(
            all.every(({ tx }) => tx !== more.tx),
            'IA-09',
            'each descriptor once',
            'one is granted twice',
            chan.name,
          );
          all.push(more);
        }
        for (const operation of all.reverse()) world.submit(operation);
        yield* world.finish(...all);
      }
      world.audit('IA-09');
    },
  },
  {
    id: 'exhaustion/the-link-is-still-to-be-read',
    rules: ['IA-52', 'IA-42', 'IA-46'],
    title: 'A completed descriptor behind which another was linked is not granted before the engine has read the link.',
    why: 'The engine resumes by reading the link of the descriptor at which it stands; with few others free, a new one is written over it.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const last = world.start(chan, move(8));
        yield* world.finish(last);
        const rest = hold(world, chan, move);
        const behind = rest.pop();
        if (behind === undefined) throw new CaseSkipped('there is no descriptor besides the last');
        world.submit(behind);
        // A prep that finds none looks for what has become free, for the next one.
        const more = world.tryPrepare(chan, move(8)) ?? world.tryPrepare(chan, move(8));
        if (more !== undefined) rest.push(more);
        // What it wrote reaches memory.
        yield* world.settle(TURN);
        yield* world.finish(behind);
        rest.forEach((operation) => world.submit(operation));
        yield* world.finish(...rest);
      }
      world.audit('IA-52');
    },
  },
  {
    id: 'exhaustion/wide-ones',
    rules: ['IA-12', 'IA-05', 'IA-07'],
    title: 'Sums of as many sources as there may be, queue after queue of them, get their descriptors and right data.',
    why: 'Such a descriptor needs a run of slots, in the right place; what it leaves must be whole again.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        const wide = wideMaker(world, chan.device.maxXor);
        for (let round = 0; round < 3; round++) {
          yield* world.finish(...fill(world, chan, wide));
          world.checkData('IA-12');
          yield* granted(world, chan, wide(8));
        }
      }
      world.audit('IA-12');
    },
  },
  {
    id: 'exhaustion/wide-and-narrow',
    rules: ['IA-21', 'IA-20', 'IA-03'],
    title: 'Sums of all widths mixed, twice round the pool, keep out of each other’s descriptors.',
    why: 'One word too few, and the last source of one is the link of the next.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        const take = spanMaker(world);
        const { maxXor } = chan.device;
        for (let i = 0, round = 0; round < 12; round++) {
          const all: Operation[] = [];
          for (let n = 0; n < 12; n++, i++) {
            const spec = specOf(world, 'xor', 24, 1 + ((i * 7 + round) % maxXor), take);
            all.push(spinFor(world, chan, spec));
            world.submit(all[all.length - 1]);
          }
          yield* world.finish(...all);
        }
      }
      world.audit('IA-03');
    },
  },
  {
    id: 'exhaustion/a-chain-that-holds-on',
    rules: ['IA-11', 'IA-13'],
    title: 'A client that holds one wide descriptor while it asks for the next gets through the pool many times.',
    why: 'So does every sum of more sources than a descriptor takes.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        const wide = wideMaker(world, chan.device.maxXor);
        let held: Operation | undefined;
        for (let i = 0; i < 60; i++) {
          const next = spinFor(world, chan, wide(16), { flags: 0 });
          world.submit(next);
          if (held !== undefined) world.ack(held);
          held = next;
        }
        yield* world.finish(...world.operations);
        if (held !== undefined) world.ack(held);
      }
      world.audit('IA-13');
    },
  },
];

/** Prepares until there is no descriptor left, and submits each at once where asked to; skips the case where there always is. */
function takeAll(
  world: CaseWorld,
  chan: DmaChan,
  spec: () => OperationSpec,
  asked: Asked,
  submits: boolean,
): Operation[] {
  const all: Operation[] = [];
  while (all.length < ENDLESS) {
    const more = world.tryPrepare(chan, spec(), asked);
    if (more === undefined) return all;
    if (submits) world.submit(more);
    all.push(more);
  }
  throw new CaseSkipped('descriptors never run out');
}

/** Takes every descriptor and keeps it. */
function hold(world: CaseWorld, chan: DmaChan, move: (len: number) => OperationSpec): Operation[] {
  return takeAll(world, chan, () => move(8), {}, false);
}

/** Takes every descriptor and submits it. */
function fill(world: CaseWorld, chan: DmaChan, move: (len: number) => OperationSpec, asked: Asked = {}): Operation[] {
  return takeAll(world, chan, () => move(8), asked, true);
}

/** Asks until a descriptor is granted, then uses it. */
function* granted(world: CaseWorld, chan: DmaChan, spec: OperationSpec): ThreadBody {
  yield* world.finish(world.submit(spinFor(world, chan, spec)));
}

/** As async_tx does when there is none: flush, and ask again. */
function spinFor(world: CaseWorld, chan: DmaChan, spec: OperationSpec, asked: Asked = {}): Operation {
  for (let turn = 0; turn < SPINS; turn++) {
    const got = world.tryPrepare(chan, spec, asked);
    if (got !== undefined) return got;
    world.issue(chan);
    world.kernel.spend(TURN);
  }
  throw world.failure('IA-11', 'a descriptor within 5 ms', 'prep returns null for ever');
}

/** Sums of so many sources, all of the same memory but for the destination. */
function wideMaker(world: CaseWorld, sources: number): (len: number) => OperationSpec {
  const take = spanMaker(world);
  const from = Array.from({ length: sources }, () => take(64));
  return (len) => ({ kind: 'xor', to: take(len), from: from.map(({ buffer, offset }) => buffer.span(offset, len)) });
}
