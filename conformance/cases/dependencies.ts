/** Operations that wait for one on another channel: the driver submits them. */
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaChan } from '../../dmaengine/device';
import type { ConformanceCase } from '../case';
import { CaseSkipped } from '../case';
import type { Span } from '../world/buffers';
import type { CaseWorld } from '../world/case-world';
import type { Operation, OperationSpec } from '../world/operation';
import { can, hops, spans, sweep } from './parts';

const { MEMCPY, XOR } = DmaCapability;

export const DEPENDENCIES: readonly ConformanceCase[] = [
  {
    id: 'dependencies/there-and-back',
    rules: ['SW-05', 'SW-04', 'AX-40'],
    title: 'A chain of three over two channels and back runs in order, all of it attached before any of it ran.',
    why: 'The link across a channel is followed when its own parent completes, not before; cut it, and the rest is lost.',
    explorable: true,
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      const all = chained(world, [first, second, first], spans(world, 4, 64));
      world.submit(all[0]);
      world.issue(first);
      yield* world.callbacks(...all);
      all.forEach((operation) => world.ack(operation));
      world.audit('SW-05');
    },
  },
  {
    id: 'dependencies/to-and-fro',
    rules: ['AX-40', 'SW-05'],
    title: 'Nine copies that change channel every time end with the first block everywhere.',
    why: 'Every change is another chance to run too early.',
    *run(world) {
      const channels = world.channels(2, MEMCPY);
      const order = Array.from({ length: 9 }, (_, i) => channels[i % channels.length]);
      const all = chained(world, order, spans(world, 10, 1024));
      world.submit(all[0]);
      world.issue(order[0]);
      yield* world.callbacks(...all);
      all.forEach((operation) => world.ack(operation));
      world.audit('AX-40');
    },
  },
  {
    id: 'dependencies/several-on-one-channel',
    rules: ['SW-04', 'AX-40'],
    title: 'Four in a row on one channel that wait for one on another are submitted together, in order, and flushed.',
    why: 'Submitted and not flushed they wait for a stranger’s flush.',
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      const all = chained(world, [first, second, second, second, second], spans(world, 6, 200));
      world.submit(all[0]);
      world.issue(first);
      yield* world.callbacks(...all);
      all.forEach((operation) => world.ack(operation));
      world.audit('SW-04');
    },
  },
  {
    id: 'dependencies/once-however-often-looked-at',
    rules: ['SW-10', 'AX-41', 'SW-04'],
    title: 'A child runs once although its parent is kept and seen by many cleanups.',
    why: 'Submitted twice, it is on the chain twice, and the chain bites its tail.',
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      const all = spans(world, 3, 128);
      const [parent, child] = chained(world, [first, second], all);
      world.submit(parent);
      world.issue(first);
      yield* world.callbacks(parent, child);
      const cookies = second.cookie;
      for (let i = 0; i < 4; i++) {
        const [from, to] = spans(world, 2, 16);
        yield* world.finish(world.start(first, { kind: 'copy', to, from }));
      }
      world.check(second.cookie === cookies, 'SW-10', 'no further submission', `${second.cookie - cookies} more`);
      world.ack(parent);
      world.ack(child);
      world.audit('SW-10');
    },
  },
  {
    id: 'dependencies/attached-at-any-moment',
    rules: ['SW-10', 'AX-42'],
    title: 'A child attached at any moment of its parent’s life runs after it, once.',
    why: 'Attachment and completion race; either side may come first.',
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      const copy = (): OperationSpec => hops(spans(world, 2, 512))[0];
      yield* sweep(world, first, copy, 20, function* (moment) {
        const all = spans(world, 3, 512);
        const [one, two] = hops(all);
        const parent = world.start(first, one, { flags: 0, callback: true });
        world.issue(first);
        world.kernel.spend(moment);
        const child = world.prepare(second, two, { callback: true });
        world.chain(parent, child);
        // What the kernel does when it finds the parent complete: the next cleanup of that channel submits.
        yield* world.callbacks(parent);
        yield* world.finish(world.start(first, hops(spans(world, 2, 16))[0]));
        yield* world.callbacks(child);
        world.ack(parent);
      });
      world.audit('SW-10');
    },
  },
  {
    id: 'dependencies/both-ways-at-once',
    rules: ['SW-04', 'IA-64', 'AX-40'],
    title: 'Two channels that each wait for the other’s work do both chains.',
    why: 'Each submits to the other while it holds its own lock: locks of one kind, taken in both orders.',
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      for (let turn = 0; turn < 6; turn++) {
        const there = chained(world, [first, second], spans(world, 3, 256));
        const back = chained(world, [second, first], spans(world, 3, 256));
        world.submit(there[0]);
        world.submit(back[0]);
        world.issue(first);
        world.kernel.spend(turn * 200_000);
        world.issue(second);
        yield* world.callbacks(...there, ...back);
        [...there, ...back].forEach((operation) => world.ack(operation));
      }
      world.audit('SW-04');
    },
  },
  {
    id: 'dependencies/parent-callback-first',
    rules: ['IA-58', 'UM-05'],
    title: 'A parent has called back before its child is submitted.',
    why: 'The callback may change what the child is about to read.',
    explorable: true,
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      const [one, two] = hops(spans(world, 3, 64));
      const child = world.prepare(second, two, { callback: true });
      const parent = world.prepare(first, one, {
        flags: 0,
        callback: true,
        onCallback: () => {
          const { cookie } = child.tx;
          world.check(cookie < 0, 'IA-58', 'the child not submitted before the callback', `it has cookie ${cookie}`);
        },
      });
      world.chain(parent, child);
      world.submit(parent);
      world.issue(first);
      yield* world.callbacks(parent, child);
      world.ack(parent);
      world.audit('IA-58');
    },
  },
  {
    id: 'dependencies/sum-copy-sum',
    rules: ['AX-40', 'SW-05', 'IA-43'],
    title: 'Sum, copy, sum over the same blocks gives what it gives in order, whichever channels do it.',
    why: 'It is how md updates a stripe.',
    *run(world) {
      const sums = world.channels(1, XOR)[0];
      const copies = world.channels(1, MEMCPY).find((chan) => chan !== sums);
      if (copies === undefined) throw new CaseSkipped('one channel does both');
      for (let turn = 0; turn < 3; turn++) {
        const [parity, old, fresh] = spans(world, 3, 4096);
        const out: OperationSpec = { kind: 'xor', to: parity, from: [parity, old] };
        const all = [
          world.prepare(sums, out, { flags: 0, callback: true }),
          world.prepare(copies, { kind: 'copy', to: old, from: fresh }, { flags: 0, callback: true }),
          world.prepare(sums, { kind: 'xor', to: parity, from: [parity, old] }, { flags: 0, callback: true }),
        ];
        link(world, all);
        world.submit(all[0]);
        world.issue(sums);
        yield* world.callbacks(...all);
        all.forEach((operation) => world.ack(operation));
      }
      world.audit('AX-40');
    },
  },
  {
    id: 'dependencies/behind-an-interrupt-descriptor',
    rules: ['SW-10', 'AX-35', 'IA-24'],
    title: 'A child that hangs behind an interrupt descriptor runs when everything before that one is done.',
    why: 'It is how async_tx changes channel behind an operation that it did not expect to be followed.',
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      if (!can(first, 'interrupt')) throw new CaseSkipped('no interrupt descriptors');
      const all = spans(world, 3, 2048);
      const [one, two] = hops(all);
      world.start(first, one);
      const bell = world.prepare(first, { kind: 'interrupt' }, { flags: 0 });
      const child = world.prepare(second, two, { callback: true });
      world.chain(bell, child);
      world.submit(bell);
      world.ack(bell);
      world.issue(first);
      yield* world.callbacks(child);
      world.audit('AX-35');
    },
  },
];

/** Copies along the stretches, each on the given channel and hanging behind the one before; none is acked. */
function chained(world: CaseWorld, channels: readonly DmaChan[], along: readonly Span[]): Operation[] {
  const all = hops(along).map((copy, i) => world.prepare(channels[i], copy, { flags: 0, callback: true }));
  link(world, all);
  return all;
}

function link(world: CaseWorld, all: readonly Operation[]): void {
  all.slice(1).forEach((operation, i) => world.chain(all[i], operation));
}
