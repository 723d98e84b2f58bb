/** The order in which a channel does what it was given. */
import { DmaCapability } from '../../dmaengine/capability';
import type { ConformanceCase } from '../case';
import { addressOf } from '../world/buffers';
import { can, hops, movers, spans } from './parts';

const { MEMCPY } = DmaCapability;

export const ORDER: readonly ConformanceCase[] = [
  {
    id: 'order/each-reads-the-one-before',
    rules: ['IA-43', 'AX-40'],
    title: 'Twelve copies in a row, each from where the one before wrote, end with the first block everywhere.',
    why: 'Clients leave out dependencies on one channel because it executes in the order of submission.',
    *run(world) {
      for (const chan of world.channels(1, MEMCPY)) {
        const copies = hops(spans(world, 13, 100)).map((copy) => world.start(chan, copy));
        yield* world.finish(...copies);
      }
      world.audit('IA-43');
    },
  },
  {
    id: 'order/callbacks-in-order',
    rules: ['IA-57', 'IA-43'],
    title: 'Callbacks of one channel come in the order of submission, however different the operations are in size.',
    why: 'A client that reuses what an earlier callback released would overtake itself.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const order: number[] = [];
        const operations = [4096, 1, 1025, 32, 2048, 3].map((len, i) =>
          world.start(chan, move(len), { callback: true, onCallback: () => order.push(i) }),
        );
        world.issue(chan);
        yield* world.callbacks(...operations);
        world.check(order.join() === '0,1,2,3,4,5', 'IA-57', 'callbacks 0,1,2,3,4,5', `they came ${order.join()}`);
      }
      world.audit('IA-43');
    },
  },
  {
    id: 'order/short-behind-long',
    rules: ['IA-43', 'AX-09'],
    title: 'A short operation that reads the end of what a long one writes waits for it.',
    why: 'The short one would take bytes that are not there yet.',
    *run(world) {
      for (const chan of world.channels(1, MEMCPY)) {
        const [from, to, end] = spans(world, 3, 16384);
        const long = world.start(chan, { kind: 'copy', to, from });
        const tail = to.buffer.span(16384 - 32, 32);
        const short = world.start(chan, { kind: 'copy', to: end.buffer.span(7, 32), from: tail }, { callback: true });
        world.issue(chan);
        yield* world.callbacks(short);
        yield* world.complete(long);
      }
      world.audit('IA-43');
    },
  },
  {
    id: 'order/kinds-mixed',
    rules: ['IA-43', 'AX-40'],
    title: 'Operations of different kinds on the same blocks follow each other as they were submitted.',
    why: 'A read-modify-write is a sum, a copy and a sum over the same blocks.',
    *run(world) {
      for (const { chan } of movers(world)) {
        const [a, b, c, d] = spans(world, 4, 1500);
        const all = [
          can(chan, 'copy') ? world.start(chan, { kind: 'copy', to: b, from: a }) : undefined,
          can(chan, 'xor') ? world.start(chan, { kind: 'xor', to: d, from: [d, b, c] }) : undefined,
          can(chan, 'fill') ? world.start(chan, { kind: 'fill', to: c, value: 0x3c }) : undefined,
          can(chan, 'xor') ? world.start(chan, { kind: 'xor', to: b, from: [b, c, d] }) : undefined,
          can(chan, 'copy') ? world.start(chan, { kind: 'copy', to: a, from: b }) : undefined,
        ].filter((operation) => operation !== undefined);
        yield* world.finish(...all);
      }
      world.audit('IA-43');
    },
  },
  {
    id: 'order/as-the-bus-sees-it',
    rules: ['IA-43'],
    title: 'The engine writes destinations in the order of submission, a batch submitted later behind all of them.',
    why: 'A link in the wrong place executes a batch too early, or leaves the rest out.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const expected: number[] = [];
        for (let batch = 0; batch < 3; batch++) {
          for (let i = 0; i < 5; i++) {
            const spec = move(64);
            if ('to' in spec) expected.push(addressOf(spec.to));
            world.start(chan, spec);
          }
          world.issue(chan);
        }
        yield* world.finish(...world.operations);
        const written = world.ring.all.flatMap(({ point, fields }) =>
          point === 'engine.write' && expected.includes(fields.address) ? [fields.address] : [],
        );
        const same = written.length === expected.length && written.every((address, i) => address === expected[i]);
        world.check(same, 'IA-43', `${expected.length} writes in order`, `they went to ${hex(written)}`, chan.name);
      }
      world.audit('IA-43');
    },
  },
  {
    id: 'order/channels-run-beside-each-other',
    rules: ['IA-45', 'CH-14'],
    title: 'Every channel does its own work while the others do theirs.',
    why: 'A driver that keeps something in one place for all its channels mixes them up.',
    *run(world) {
      const all = movers(world);
      const operations = all.flatMap(({ chan, move }) => [700, 50, 4096].map((len) => world.start(chan, move(len))));
      yield* world.finish(...operations);
      world.audit('IA-45');
    },
  },
];

function hex(addresses: readonly number[]): string {
  return addresses.map((address) => `0x${address.toString(16)}`).join(' ') || 'nowhere';
}
