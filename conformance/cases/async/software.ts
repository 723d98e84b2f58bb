/** What the processor does where there is no engine (semantics 3.5 – 3.10). */
import { AsyncTxFlags } from '../../../async_tx/submit';
import type { ConformanceCase } from '../../case';
import { AsyncBench } from '../../world/async-bench';
import { Stripe } from '../../world/stripe';

const { ACK } = AsyncTxFlags;
const LEN = 256;

export const SOFTWARE: readonly ConformanceCase[] = [
  {
    id: 'software/callback-before-return',
    rules: ['AX-04', 'AX-03', 'AX-54'],
    title: 'An operation that the processor does is complete, and has called back, when the call returns null.',
    why: 'The caller has nothing to wait for.',
    *run(world) {
      const bench = AsyncBench.software(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const steps = [
        bench.copy(b, a, { callback: true }),
        bench.fill(c, 0xa5, { callback: true }),
        bench.xor(c, [a, b], { callback: true }),
        bench.xorVal([c, a, b], { callback: true }),
      ];
      for (const { name, tx, called } of steps) {
        world.check(tx === null, 'AX-03', `null from ${name}`, 'a descriptor');
        world.check(called === 1, 'AX-04', `one callback of ${name}`, `it ran ${called} times`);
      }
      bench.checkOrder('AX-04');
      bench.audit('AX-04');
      yield* world.settle(0);
    },
  },
  {
    id: 'software/zero-dst',
    rules: ['XR-02'],
    title: 'XOR_ZERO_DST clears the destination, which the processor would add to.',
    why: 'On an engine the old contents do not count; the two must give the same.',
    *run(world) {
      const bench = AsyncBench.software(world);
      const [dest, a, b, c] = world.blocks(4).map((block) => block.span(0, LEN));
      bench.xor(dest, [a, b, c], { flags: ACK });
      bench.audit('XR-02');
      yield* world.settle(0);
    },
  },
  {
    id: 'software/drop-dst',
    rules: ['XR-02', 'XR-04'],
    title: 'XOR_DROP_DST takes the destination out of the sources, where it counts already.',
    why: 'Added to itself it is gone.',
    *run(world) {
      const bench = AsyncBench.software(world);
      const [dest, a, b] = world.blocks(3).map((block) => block.span(0, LEN));
      bench.xor(dest, [dest, a, b], { flags: ACK });
      bench.audit('XR-02');
      yield* world.settle(0);
    },
  },
  {
    id: 'software/drop-dst-offsets',
    rules: ['XR-05', 'XR-02'],
    title: 'Where the destination is dropped from the sources, the others keep their own offsets.',
    why: 'A list of pages that moves on without its offsets sums the wrong bytes.',
    *run(world) {
      const bench = AsyncBench.software(world);
      const [dest, a, b] = world.blocks(3);
      const to = dest.span(0, LEN);
      bench.xor(to, [to, a.span(512, LEN), b.span(1024, LEN)], { flags: ACK });
      bench.audit('XR-05');
      yield* world.settle(0);
    },
  },
  {
    id: 'software/many-sources',
    rules: ['XR-14', 'XR-06'],
    title:
      'More than four sources take several passes, of which only the first clears the destination; holes are skipped.',
    why: 'A pass takes four; one that clears again loses those before.',
    *run(world) {
      const bench = AsyncBench.software(world);
      const [dest, ...sources] = world.blocks(11).map((block) => block.span(3, 101));
      bench.xor(dest, [undefined, ...sources.slice(0, 5), undefined, ...sources.slice(5)], { flags: ACK });
      bench.audit('XR-14');
      yield* world.settle(0);
    },
  },
  {
    id: 'software/check',
    rules: ['XV-04', 'XV-01'],
    title: 'A check by the processor answers 0 when all is right and the P bit when a byte is wrong.',
    why: 'It is the only one a machine without engines has.',
    *run(world) {
      const bench = AsyncBench.software(world);
      const [dest, a, b] = world.blocks(3).map((block) => block.span(0, LEN));
      bench.xor(dest, [a, b]);
      bench.xorVal([dest, a, b], { flags: ACK, callback: true });
      bench.xor(dest, [a, b]);
      b.buffer.poke(LEN - 1, b.buffer.bytes[LEN - 1] ^ 1);
      bench.xorVal([dest, a, b], { flags: ACK, callback: true });
      bench.audit('XV-04');
      yield* world.settle(0);
    },
  },
  {
    id: 'software/pq',
    rules: ['PQ-09', 'PQ-01', 'PQ-10'],
    title: 'P and Q by the processor are the same as by an engine, with holes, one alone, and added.',
    why: 'A stripe may be written with one and checked with the other.',
    *run(world) {
      const bench = AsyncBench.software(world);
      const stripe = new Stripe(bench, { slots: 6, holes: [2], len: LEN });
      stripe.syndrome({ flags: ACK });
      bench.audit('PQ-09');
      for (const sums of ['p', 'q'] as const) stripe.syndrome({ flags: ACK }, sums);
      stripe.syndrome({ flags: ACK | AsyncTxFlags.PQ_XOR_DST });
      bench.audit('PQ-09');
      yield* world.settle(0);
    },
  },
  {
    id: 'software/pq-check',
    rules: ['PV-05', 'PV-03', 'PV-04'],
    title: 'A check of P and Q by the processor compares; it finds what is wrong and writes neither.',
    why: 'One that only computes again finds every stripe right, and overwrites what it should have found.',
    *run(world) {
      const bench = AsyncBench.software(world);
      const stripe = new Stripe(bench, { slots: 4, len: LEN });
      stripe.settle();
      stripe.check({ flags: ACK, callback: true });
      stripe.q.buffer.poke(17, stripe.q.buffer.bytes[17] ^ 0x40);
      stripe.check({ flags: ACK, callback: true });
      stripe.p.buffer.poke(5, stripe.p.buffer.bytes[5] ^ 0x02);
      stripe.check({ flags: ACK, callback: true });
      stripe.check({ flags: ACK, callback: true }, 'p');
      bench.audit('PV-05');
      yield* world.settle(0);
    },
  },
];
