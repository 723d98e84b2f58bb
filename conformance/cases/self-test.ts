/** What the self-tests of iop-adma ask of a device, of any driver's. */
import { DmaCapability } from '../../dmaengine/capability';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { MILLISECOND } from '../../emulator/sim/time';
import type { ConformanceCase } from '../case';
import type { RuleId } from '../rules/catalogue';
import type { CaseWorld } from '../world/case-world';
import type { Operation } from '../world/operation';
import { makeSyndrome, makeZeroSum, pokeAll, spans } from './parts';

const { MEMCPY, XOR, XOR_VAL, MEMSET, PQ, PQ_VAL } = DmaCapability;

export const SELF_TEST: readonly ConformanceCase[] = [
  {
    id: 'self-test/copy',
    rules: ['ST-01'],
    title: '2000 bytes are copied within 1 ms.',
    why: 'It is the first thing that every such driver tries on a new board.',
    *run(world) {
      for (const chan of world.channels(1, MEMCPY)) {
        const [to, from] = spans(world, 2, 2000);
        pokeAll(
          from,
          Uint8Array.from({ length: 2000 }, (_, i) => i),
        );
        yield* within(world, MILLISECOND, world.start(chan, { kind: 'copy', to, from }), 'ST-01');
      }
    },
  },
  {
    id: 'self-test/xor',
    rules: ['ST-02'],
    title: 'Four pages of one bit each are combined within 8 ms.',
    why: 'A source that is left out, or taken twice, leaves its bit behind.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        const [to, ...from] = spans(world, 5, PAGE_SIZE);
        from.forEach((span, i) => pokeAll(span, new Uint8Array(PAGE_SIZE).fill(1 << i)));
        yield* within(world, 8 * MILLISECOND, world.start(chan, { kind: 'xor', to, from }), 'ST-02');
      }
    },
  },
  {
    id: 'self-test/zero-sum',
    rules: ['ST-03', 'ST-04'],
    title: 'Five pages that sum to zero answer 0; with one page cleared they answer 1.',
    why: 'A check that always says the same is worse than none.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL, MEMSET)) {
        const from = spans(world, 5, PAGE_SIZE);
        makeZeroSum(from);
        yield* within(world, 8 * MILLISECOND, world.start(chan, { kind: 'xor_val', from }), 'ST-03');
        yield* within(world, 8 * MILLISECOND, world.start(chan, { kind: 'fill', to: from[4], value: 0 }), 'ST-04');
        yield* within(world, 8 * MILLISECOND, world.start(chan, { kind: 'xor_val', from }), 'ST-04');
      }
    },
  },
  {
    id: 'self-test/pq',
    rules: ['ST-06'],
    title:
      'P and Q of four pages are right, their check says so, and says which is wrong when bytes of both are changed.',
    why: 'A rebuild writes what this engine computes.',
    *run(world) {
      for (const chan of world.channels(1, PQ, PQ_VAL)) {
        const [p, q, ...from] = spans(world, 6, PAGE_SIZE);
        const sums = { p, q, from, coefficients: [1, 2, 4, 8] };
        from.forEach((span, i) => pokeAll(span, new Uint8Array(PAGE_SIZE).fill(0x11 << i)));
        yield* within(world, 8 * MILLISECOND, world.start(chan, { kind: 'pq', ...sums }), 'ST-06');
        yield* within(world, 8 * MILLISECOND, world.start(chan, { kind: 'pq_val', ...sums }), 'ST-06');
        for (let i = 100; i < 200; i++) p.buffer.poke(i, 0);
        for (let i = 200; i < 400; i++) q.buffer.poke(i, 0);
        yield* within(world, 8 * MILLISECOND, world.start(chan, { kind: 'pq_val', ...sums }), 'ST-06');
        makeSyndrome(p, q, from, sums.coefficients);
        yield* within(world, 8 * MILLISECOND, world.start(chan, { kind: 'pq_val', ...sums }), 'ST-06');
      }
    },
  },
];

/** Flushes, sleeps as long as the self-test does, and looks once. */
function* within(world: CaseWorld, time: number, operation: Operation, rule: RuleId): ThreadBody {
  world.issue(operation.chan);
  yield* world.settle(time);
  const status = world.statusOf(operation);
  world.check(status === 'complete', rule, `${operation.name} complete in time`, status, operation.chan.name);
  world.audit(rule);
}
