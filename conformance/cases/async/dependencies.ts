/** How an operation of async_tx comes to stand behind another one (semantics 3.3). */
import { AsyncTxFlags } from '../../../async_tx/submit';
import { DmaCapability } from '../../../dmaengine/capability';
import { asyncTxTestAck } from '../../../dmaengine/descriptor';
import type { ConformanceCase } from '../../case';
import type { Step } from '../../world/async-bench';
import { AsyncBench } from '../../world/async-bench';
import { checkPanics } from '../../world/panics';

const { ACK, FENCE } = AsyncTxFlags;
const { MEMCPY, XOR } = DmaCapability;
const LEN = 256;

export const ASYNC_DEPENDENCIES: readonly ConformanceCase[] = [
  {
    id: 'async-dependencies/one-channel',
    rules: ['AX-40', 'AX-31', 'AX-41'],
    title: 'A chain on one channel executes in order, each link and its callback once.',
    why: 'Each link reads what the one before wrote; out of order it reads what was there before.',
    explorable: true,
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c, d] = world.blocks(4).map((block) => block.span(0, LEN));
      const first = bench.copy(b, a, { on: chan, flags: FENCE, callback: true });
      const second = bench.copy(c, b, { on: chan, after: first, flags: FENCE, callback: true });
      const third = bench.copy(d, c, { on: chan, after: second, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(first, second, third);
      bench.checkOrder('AX-40');
      bench.audit('AX-40');
    },
  },
  {
    id: 'async-dependencies/behind-waiting',
    rules: ['AX-31', 'AX-40'],
    title: 'Behind a dependency that waits itself, on the same channel, a descriptor is chained and not submitted.',
    why: 'Submitted at once it overtakes its dependency, which is not submitted yet.',
    explorable: true,
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c, d] = world.blocks(4).map((block) => block.span(0, LEN));
      const { tasklets } = world.kernel;
      tasklets.disable();
      const first = bench.copy(b, a, { on: one, flags: FENCE, callback: true });
      const second = bench.copy(c, b, { on: two, after: first, flags: FENCE, callback: true });
      const third = bench.copy(d, c, { on: two, after: second, flags: ACK, callback: true });
      bench.issue();
      tasklets.enable();
      yield* bench.callbacks(first, second, third);
      bench.checkOrder('AX-31');
      bench.audit('AX-31');
    },
  },
  {
    id: 'async-dependencies/behind-complete',
    rules: ['AX-42', 'AX-31'],
    title: 'A child of a descriptor that is complete and not acked runs, on the same channel.',
    why: 'Completion and attachment race; the client cannot know which of the two came first.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const first = bench.copy(b, a, { on: chan, callback: true });
      bench.issue();
      yield* bench.callbacks(first);
      const second = bench.copy(c, b, { on: chan, after: first, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(second);
      bench.audit('AX-42');
    },
  },
  {
    id: 'async-dependencies/without',
    rules: ['AX-32', 'CK-03'],
    title: 'Without a dependency the operation is submitted in the call, and has no parent.',
    why: 'A flush that follows would not set it going.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
      const { kernel } = world;
      kernel.tasklets.disable();
      const copy = bench.copy(b, a, { on: chan, flags: ACK, callback: true });
      const cookie = copy.tx?.cookie ?? 0;
      world.check(cookie > 0, 'AX-32', 'a cookie, so that it was submitted', `it is ${cookie}`);
      world.check(copy.tx?.parent === undefined, 'AX-32', 'no parent', 'it has one');
      kernel.tasklets.enable();
      bench.issue();
      yield* bench.callbacks(copy);
      bench.audit('AX-32');
    },
  },
  {
    id: 'async-dependencies/acked-by-its-child',
    rules: ['AX-33', 'AX-07'],
    title: 'A dependency is acked once its child is attached; a child without ACK is not.',
    why: 'The descriptor of a dependency that nobody acks is never used again.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const { kernel } = world;
      kernel.tasklets.disable();
      const acked = ({ tx }: Step): boolean => tx !== null && asyncTxTestAck(tx);
      const first = bench.copy(b, a, { on: chan, flags: FENCE, callback: true });
      world.check(!acked(first), 'AX-33', 'a descriptor that takes a child', 'it is acked already');
      const second = bench.copy(c, b, { on: chan, after: first, callback: true });
      world.check(acked(first), 'AX-33', 'the dependency acked', 'it is not');
      world.check(!acked(second), 'AX-33', 'the child not acked without ACK', 'it is');
      bench.ack(second);
      kernel.tasklets.enable();
      bench.issue();
      yield* bench.callbacks(first, second);
      bench.audit('AX-33');
    },
  },
  {
    id: 'async-dependencies/acked-takes-no-child',
    rules: ['AX-30'],
    title: 'Attaching a child to an acked descriptor is a BUG.',
    why: 'An acked descriptor may have been recycled: the child would hang on somebody else’s operation.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const first = bench.copy(b, a, { on: chan, flags: ACK, callback: true });
      checkPanics(world, 'AX-30', 'the dependency is acked', () => bench.copy(c, b, { on: chan, after: first }));
      bench.issue();
      yield* bench.callbacks(first);
    },
  },
  {
    id: 'async-dependencies/one-child',
    rules: ['AX-30', 'SW-06'],
    title: 'Attaching a second child is a BUG.',
    why: 'The link to the first one would be lost, and with it the rest of its chain.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c, d] = world.blocks(4).map((block) => block.span(0, LEN));
      const { tasklets } = world.kernel;
      tasklets.disable();
      const first = bench.copy(b, a, { on: one, flags: FENCE });
      const second = bench.copy(c, b, { on: two, after: first, flags: FENCE });
      bench.copy(d, c, { on: two, after: second, flags: ACK });
      if (second.tx !== null) second.tx.flags = 0;
      checkPanics(world, 'AX-30', 'it has a child', () => bench.copy(a, c, { on: two, after: second }));
      tasklets.enable();
      yield* world.settle(0);
    },
  },
  {
    id: 'async-dependencies/long-chain',
    rules: ['AX-40', 'AX-33'],
    title: 'A chain of forty links on one channel executes in order and leaves nothing behind.',
    why: 'Descriptors of long chains are used again while the chain is still being built.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const blocks = world.blocks(5).map((block) => block.span(0, 64));
      let last: Step | null = null;
      for (let i = 0; i < 40; i++) {
        const [from, to] = [blocks[i % 5], blocks[(i + 1) % 5]];
        last = bench.copy(to, from, { on: chan, after: last, flags: i === 39 ? ACK : FENCE, callback: i === 39 });
      }
      bench.issue();
      yield* bench.callbacks(last!);
      bench.audit('AX-40');
    },
  },
  {
    id: 'async-dependencies/chains-side-by-side',
    rules: ['AX-41', 'AX-40'],
    title: 'Two chains that share their channels, built alternately, each execute in order.',
    why: 'Stripes of an array are such chains; a link of one must not set the other going.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const rows = [0, 1].map(() => world.blocks(4).map((block) => block.span(0, LEN)));
      const ends: (Step | null)[] = [null, null];
      for (let i = 0; i < 3; i++) {
        rows.forEach((row, chain) => {
          const on = (i + chain) % 2 === 0 ? one : two;
          const flags = i === 2 ? ACK : FENCE;
          ends[chain] = bench.copy(row[i + 1], row[i], { on, after: ends[chain], flags, callback: true });
        });
      }
      bench.issue();
      yield* bench.callbacks(...bench.steps);
      bench.audit('AX-41');
    },
  },
  {
    id: 'async-dependencies/xor-copy-xor',
    rules: ['AX-40', 'AX-20'],
    title: 'The example of the API document, xor → copy → xor, gives what it says, on whichever channels.',
    why: 'It is what md does to a stripe; where copies and sums are two engines it changes channels twice.',
    *run(world) {
      world.channels(1, MEMCPY);
      world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const [sum, a, b, copy, c] = world.blocks(5).map((block) => block.span(0, LEN));
      const first = bench.xor(sum, [sum, a, b], { flags: FENCE });
      const second = bench.copy(copy, sum, { after: first, flags: FENCE });
      const third = bench.xor(copy, [copy, c], { after: second, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(third);
      bench.audit('AX-40');
    },
  },
];
