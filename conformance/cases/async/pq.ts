/** P+Q and its checks as async_tx asks for them (semantics 3.9, 3.10). */
import { AsyncTxFlags } from '../../../async_tx/submit';
import { DmaCapability } from '../../../dmaengine/capability';
import { DmaCtrl } from '../../../dmaengine/flags';
import { dmaMaxPq } from '../../../dmaengine/pq';
import type { ConformanceCase } from '../../case';
import { AsyncBench } from '../../world/async-bench';
import type { StripeShape, Sums } from '../../world/stripe';
import { Stripe } from '../../world/stripe';
import type { CaseWorld } from '../../world/case-world';
import type { ThreadBody } from '../../../emulator/kernel/scheduler';
import type { RuleId } from '../../rules/catalogue';

const { ACK, PQ_XOR_DST } = AsyncTxFlags;
const { PQ, PQ_VAL } = DmaCapability;

/** P and Q of one stripe, on an engine. */
function* syndrome(world: CaseWorld, rule: RuleId, shape: StripeShape, sums: Sums = 'both'): ThreadBody {
  const [chan] = world.channels(1, PQ);
  const bench = new AsyncBench(world);
  const step = new Stripe(bench, shape).syndrome({ on: chan, flags: ACK, callback: true }, sums);
  const written = Math.max(...bench.log.records.map(({ writes }) => writes.length));
  const wanted = sums === 'both' ? 2 : 1;
  world.check(written === wanted, rule, `${wanted} destinations`, `the driver is asked for ${written}`);
  bench.issue();
  yield* bench.callbacks(step);
  bench.audit(rule);
}

/** A check of a stripe that is right, and of one with wrong bytes in P and in Q. */
function* checks(world: CaseWorld, bench: AsyncBench, rule: RuleId, shape: StripeShape, sums: Sums): ThreadBody {
  const stripe = new Stripe(bench, shape);
  stripe.settle();
  const { p, q } = stripe;
  for (const [inP, inQ] of [
    [0, 0],
    [0x10, 0],
    [0, 0x01],
    [0x80, 0x80],
  ]) {
    p.buffer.poke(3, p.buffer.bytes[3] ^ inP);
    q.buffer.poke(shape.len - 1, q.buffer.bytes[shape.len - 1] ^ inQ);
    const step = stripe.check({ flags: ACK, callback: true }, sums);
    bench.issue();
    yield* bench.callbacks(step);
    bench.audit(rule);
    p.buffer.poke(3, p.buffer.bytes[3] ^ inP);
    q.buffer.poke(shape.len - 1, q.buffer.bytes[shape.len - 1] ^ inQ);
  }
}

export const ASYNC_PQ: readonly ConformanceCase[] = [
  {
    id: 'async-data/pq',
    rules: ['PQ-01', 'PQ-06'],
    title: 'P is the sum of the data, Q the sum weighted with powers of two.',
    why: 'Disks written here are read elsewhere.',
    *run(world) {
      yield* syndrome(world, 'PQ-01', { slots: 6, len: 256 });
    },
  },
  {
    id: 'async-data/pq-batches',
    rules: ['PQ-07', 'CF-09'],
    title: 'More data than a descriptor takes go in batches that continue P and Q.',
    why: 'Continuing costs an engine three sources; one that is given more passes the end of its descriptor.',
    *run(world) {
      const [chan] = world.channels(1, PQ);
      const most = dmaMaxPq(chan.device, 0);
      yield* syndrome(world, 'PQ-07', { slots: most + 1, len: 32 });
      yield* syndrome(world, 'PQ-07', { slots: 2 * most, len: 32 });
    },
  },
  {
    id: 'async-data/pq-descriptors',
    rules: ['PQ-07', 'CF-09'],
    title: 'The number of descriptors follows from the limits, with both sums and with Q alone.',
    why: 'Too many waste time, too few do not fit.',
    *run(world) {
      const [chan] = world.channels(1, PQ);
      const bench = new AsyncBench(world);
      const [full, both, onlyQ] = [0, DmaCtrl.PREP_CONTINUE, DmaCtrl.PREP_CONTINUE | DmaCtrl.PREP_PQ_DISABLE_P].map(
        (flags) => dmaMaxPq(chan.device, flags),
      );
      for (const sums of ['both', 'q'] as const) {
        const slots = full + 2;
        const before = bench.log.records.length;
        const step = new Stripe(bench, { slots, len: 32 }).syndrome({ on: chan, flags: ACK, callback: true }, sums);
        const used = bench.log.records.length - before;
        const right = 1 + Math.ceil((slots - full) / (sums === 'q' ? onlyQ : both));
        world.check(used === right, 'PQ-07', `${right} descriptors for ${slots} blocks`, `it takes ${used}`);
        bench.issue();
        yield* bench.callbacks(step);
      }
      bench.audit('PQ-07');
    },
  },
  {
    id: 'async-data/pq-fences',
    rules: ['PQ-07', 'AX-09'],
    title: 'Every batch of P+Q but the last is fenced and silent; the callback comes once.',
    why: 'An engine that reads ahead continues sums that are not written yet.',
    *run(world) {
      const [chan] = world.channels(1, PQ);
      const bench = new AsyncBench(world);
      const shape = { slots: 2 * dmaMaxPq(chan.device, 0), len: 32 };
      const step = new Stripe(bench, shape).syndrome({ on: chan, flags: ACK, callback: true });
      const inner = bench.log.records.slice(0, -1);
      const fenced = inner.filter(({ flags }) => (flags & DmaCtrl.PREP_FENCE) !== 0).length;
      const loud = inner.filter(({ flags }) => (flags & DmaCtrl.PREP_INTERRUPT) !== 0).length;
      world.check(fenced === inner.length, 'PQ-07', `${inner.length} fences`, `there are ${fenced}`);
      world.check(loud === 0, 'PQ-07', 'no interrupt before the last batch', `${loud} batches have one`);
      bench.issue();
      yield* bench.callbacks(step);
      bench.audit('PQ-07');
    },
  },
  {
    id: 'async-data/pq-without-p',
    rules: ['PQ-05', 'PQ-02'],
    title: 'A P that is not wanted is not computed, and Q is right.',
    why: 'md computes one lost parity alone; the other one’s page holds something else.',
    *run(world) {
      yield* syndrome(world, 'PQ-05', { slots: 5, len: 128 }, 'q');
    },
  },
  {
    id: 'async-data/pq-without-q',
    rules: ['PQ-05', 'PQ-02'],
    title: 'A Q that is not wanted is not computed, and P is right.',
    why: 'The same for the other one.',
    *run(world) {
      yield* syndrome(world, 'PQ-05', { slots: 5, len: 128 }, 'p');
    },
  },
  {
    id: 'async-data/pq-without-p-batches',
    rules: ['PQ-07', 'PQ-05'],
    title: 'Batches without P continue Q alone.',
    why: 'Then continuing costs one source and not three.',
    *run(world) {
      const [chan] = world.channels(1, PQ);
      yield* syndrome(world, 'PQ-07', { slots: dmaMaxPq(chan.device, 0) + 2, len: 32 }, 'q');
    },
  },
  {
    id: 'async-data/pq-holes',
    rules: ['PQ-04'],
    title: 'Holes among the data are left out, and the others keep the power of their slot.',
    why: 'DDF layouts have holes; a Q with the wrong powers recovers rubbish.',
    *run(world) {
      yield* syndrome(world, 'PQ-04', { slots: 6, holes: [0, 3], len: 128 });
    },
  },
  {
    id: 'async-data/pq-add',
    rules: ['PQ-10', 'PQ-03'],
    title: 'With PQ_XOR_DST the sums are added to what P and Q hold.',
    why: 'It is how md updates both parities of one changed block; engines would replace them.',
    *run(world) {
      const [chan] = world.channels(1, PQ);
      const bench = new AsyncBench(world);
      const stripe = new Stripe(bench, { slots: 4, holes: [1, 2], len: 256 });
      const step = stripe.syndrome({ on: chan, flags: ACK | PQ_XOR_DST, callback: true });
      bench.issue();
      yield* bench.callbacks(step);
      bench.audit('PQ-10');
    },
  },
  {
    id: 'async-data/pq-check',
    rules: ['PV-02', 'CF-06', 'PV-04'],
    title: 'A check of P and Q answers with the bit of each that is wrong, and writes neither.',
    why: 'Which of both is wrong decides which disk is repaired.',
    *run(world) {
      world.channels(1, PQ_VAL);
      yield* checks(world, new AsyncBench(world), 'PV-02', { slots: 5, len: 128 }, 'both');
    },
  },
  {
    id: 'async-data/pq-check-one',
    rules: ['PV-02'],
    title: 'A missing P or Q is not judged.',
    why: 'On a degraded array its page holds anything.',
    *run(world) {
      world.channels(1, PQ_VAL);
      const bench = new AsyncBench(world);
      yield* checks(world, bench, 'PV-02', { slots: 4, len: 64 }, 'q');
      yield* checks(world, bench, 'PV-02', { slots: 4, len: 64 }, 'p');
    },
  },
  {
    id: 'async-data/pq-check-holes',
    rules: ['PV-02', 'PQ-04'],
    title: 'A check skips holes and keeps the powers of the others.',
    why: 'It would find every DDF stripe wrong, or read from no address.',
    *run(world) {
      world.channels(1, PQ_VAL);
      yield* checks(world, new AsyncBench(world), 'PV-02', { slots: 6, holes: [1, 4], len: 64 }, 'both');
    },
  },
  {
    id: 'async-data/pq-check-too-wide',
    rules: ['PV-01', 'PV-05'],
    title: 'A check over more blocks than one descriptor takes computes again and compares.',
    why: 'There is no way to check in batches.',
    *run(world) {
      const [chan] = world.channels(1, PQ_VAL);
      const shape = { slots: dmaMaxPq(chan.device, 0), len: 32 };
      yield* checks(world, new AsyncBench(world), 'PV-01', shape, 'both');
    },
  },
];
