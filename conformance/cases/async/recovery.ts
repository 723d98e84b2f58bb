/** Recovery of two lost blocks (semantics 3.11). */
import { AsyncTxFlags } from '../../../async_tx/submit';
import { DmaCapability } from '../../../dmaengine/capability';
import { DmaCtrl } from '../../../dmaengine/flags';
import type { ThreadBody } from '../../../emulator/kernel/scheduler';
import type { ConformanceCase } from '../../case';
import type { RuleId } from '../../rules/catalogue';
import type { Step } from '../../world/async-bench';
import { AsyncBench } from '../../world/async-bench';
import type { CaseWorld } from '../../world/case-world';
import type { StripeShape } from '../../world/stripe';
import { Stripe } from '../../world/stripe';

const { ACK } = AsyncTxFlags;
const { PQ } = DmaCapability;
const LEN = 64;

/** Pairs a < b of slots with a block. */
function pairs({ slots, holes = [] }: StripeShape): [number, number][] {
  const there = [...Array(slots).keys()].filter((slot) => !holes.includes(slot));
  return there.flatMap((a) => there.filter((b) => b > a).map((b): [number, number] => [a, b]));
}

/** Every pair of data blocks of a stripe is lost and recovered. */
function* everyPair(bench: AsyncBench, shape: StripeShape): ThreadBody {
  const stripe = new Stripe(bench, shape);
  stripe.settle();
  for (const [a, b] of pairs(shape)) {
    stripe.lose(stripe.data[a]!, stripe.data[b]!);
    yield* done(bench, stripe.recoverData(a, b, { flags: ACK, callback: true }));
    bench.audit('RR-02');
    if (bench.world.complaints.length > 0) return;
  }
}

/** Every data block of a stripe is lost together with P, and recovered. */
function* everyBlockAndP(bench: AsyncBench, shape: StripeShape): ThreadBody {
  const stripe = new Stripe(bench, shape);
  stripe.settle();
  for (const [slot, block] of stripe.data.entries()) {
    if (block === undefined) continue;
    stripe.lose(block, stripe.p);
    yield* done(bench, stripe.recoverDataP(slot, { flags: ACK, callback: true }));
    bench.audit('RR-03');
  }
}

function* done(bench: AsyncBench, step: Step): ThreadBody {
  bench.issue();
  yield* bench.callbacks(step);
}

/** On an engine with P+Q. */
function onEngine(world: CaseWorld): AsyncBench {
  world.channels(1, PQ);
  return new AsyncBench(world);
}

function pairsCase(id: string, rule: RuleId, shape: StripeShape, title: string, why: string): ConformanceCase {
  return {
    id: `async-recovery/${id}`,
    rules: ['RR-02', rule, 'RR-16'],
    title,
    why,
    *run(world) {
      yield* everyPair(onEngine(world), shape);
    },
  };
}

export const ASYNC_RECOVERY: readonly ConformanceCase[] = [
  pairsCase(
    'of-two',
    'RR-07',
    { slots: 2, len: LEN },
    'Both data blocks of a stripe of two come back from P and Q.',
    'There is nothing left to compute a syndrome of; an engine refuses an empty list.',
  ),
  pairsCase(
    'of-three',
    'RR-08',
    { slots: 3, len: LEN },
    'Two of three data blocks come back, whichever.',
    'Of one block there is no syndrome but a copy and a product; an engine refuses a single source.',
  ),
  pairsCase(
    'of-five',
    'RR-09',
    { slots: 5, len: LEN },
    'Two of five data blocks come back, whichever.',
    'Any two disks of a RAID-6 may fail.',
  ),
  {
    id: 'async-recovery/ddf',
    rules: ['RR-06', 'PQ-04'],
    title: 'With holes in the list the form follows from the blocks that are there, and every pair comes back.',
    why: 'DDF lists 4 and 5 members in 6 and 7 entries; the general form would ask for P and Q of one block or none.',
    *run(world) {
      const bench = onEngine(world);
      for (const shape of [
        { slots: 4, holes: [1, 2], len: LEN },
        { slots: 5, holes: [0, 3], len: LEN },
      ]) {
        yield* everyPair(bench, shape);
      }
      const narrow = bench.log.records.filter(({ kind, reads, writes }) => {
        return kind === 'devicePrepDmaPq' && writes.length === 2 && reads.length < 2;
      });
      world.check(narrow.length === 0, 'RR-06', 'P and Q of two blocks at least', `${narrow.length} are of one`);
    },
  },
  {
    id: 'async-recovery/data-and-p',
    rules: ['RR-03', 'RR-10'],
    title: 'A data block and P come back together.',
    why: 'They are lost together as often as any other two.',
    *run(world) {
      const bench = onEngine(world);
      yield* everyBlockAndP(bench, { slots: 2, len: LEN });
      yield* everyBlockAndP(bench, { slots: 4, len: LEN });
      yield* everyBlockAndP(bench, { slots: 4, holes: [0, 2], len: LEN });
    },
  },
  {
    id: 'async-recovery/either-order',
    rules: ['RR-05'],
    title: 'The two lost blocks may be named in either order.',
    why: 'Disks do not fail in the order of their slots.',
    *run(world) {
      const bench = onEngine(world);
      const stripe = new Stripe(bench, { slots: 4, len: LEN });
      stripe.settle();
      stripe.lose(stripe.data[1]!, stripe.data[3]!);
      yield* done(bench, stripe.recoverData(3, 1, { flags: ACK, callback: true }));
      bench.audit('RR-05');
    },
  },
  {
    id: 'async-recovery/fences',
    rules: ['RR-11', 'AX-09'],
    title: 'Every step of a recovery but the last is fenced and silent, and the callback comes once.',
    why: 'Each step reads what the one before wrote.',
    *run(world) {
      const bench = onEngine(world);
      for (const slots of [2, 3, 5]) {
        const before = bench.log.records.length;
        const stripe = new Stripe(bench, { slots, len: LEN });
        stripe.settle();
        stripe.lose(stripe.data[0]!, stripe.data[1]!);
        const step = stripe.recoverData(0, 1, { flags: ACK, callback: true });
        const inner = bench.log.records.slice(before, -1).filter(({ kind }) => kind !== 'devicePrepDmaInterrupt');
        const loose = inner.filter(({ flags }) => (flags & DmaCtrl.PREP_FENCE) === 0).length;
        const loud = inner.filter(({ flags }) => (flags & DmaCtrl.PREP_INTERRUPT) !== 0).length;
        world.check(loose === 0, 'RR-11', 'a fence on every step but the last', `${loose} have none`);
        world.check(loud === 0, 'RR-11', 'one callback at the end', `${loud} steps before interrupt`);
        yield* done(bench, step);
      }
      bench.audit('RR-11');
    },
  },
  {
    id: 'async-recovery/refused-product',
    rules: ['RR-12', 'UM-08'],
    title: 'A product that gets no descriptor is done by the processor after waiting, and leaves no mapping.',
    why: 'The step before it may still be running; pages that stay mapped are not the processor’s.',
    *run(world) {
      const bench = onEngine(world);
      const stripe = new Stripe(bench, { slots: 3, len: 1024 });
      stripe.settle();
      bench.log.refuses = (kind) => kind === 'devicePrepDmaPq';
      stripe.lose(stripe.data[0]!, stripe.data[2]!);
      yield* done(bench, stripe.recoverData(0, 2, { flags: ACK, callback: true }));
      bench.audit('RR-12');
    },
  },
  {
    id: 'async-recovery/by-the-processor',
    rules: ['RR-05', 'RR-02', 'RR-03'],
    title: 'Without an engine for P+Q the processor recovers every pair.',
    why: 'Most machines have none.',
    *run(world) {
      const bench = AsyncBench.software(world);
      yield* everyPair(bench, { slots: 4, len: LEN });
      yield* everyPair(bench, { slots: 5, holes: [1, 2], len: LEN });
      yield* everyBlockAndP(bench, { slots: 4, len: LEN });
      bench.audit('RR-05');
    },
  },
];
