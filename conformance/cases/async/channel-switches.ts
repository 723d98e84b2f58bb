/** Chains that change channels (semantics 3.2, 3.3). */
import { AsyncTxFlags } from '../../../async_tx/submit';
import { DmaCapability } from '../../../dmaengine/capability';
import type { DmaChan } from '../../../dmaengine/device';
import { DmaEngine } from '../../../dmaengine/engine';
import type { ConformanceCase } from '../../case';
import type { CaseWorld } from '../../world/case-world';
import type { Step } from '../../world/async-bench';
import { AsyncBench } from '../../world/async-bench';
import { checkPanics } from '../../world/panics';

const { ACK, FENCE } = AsyncTxFlags;
const { INTERRUPT, MEMCPY, XOR } = DmaCapability;
const LEN = 256;

/** A relay of copies, each on the channel named, each behind the one before. The last is acked; all call back. */
function relay(world: CaseWorld, bench: AsyncBench, channels: readonly DmaChan[]): Step[] {
  const blocks = world.blocks(channels.length + 1).map((block) => block.span(0, LEN));
  const steps: Step[] = [];
  channels.forEach((on, i) => {
    const flags = i === channels.length - 1 ? ACK : FENCE;
    steps.push(bench.copy(blocks[i + 1], blocks[i], { on, after: steps.at(-1), flags, callback: true }));
  });
  return steps;
}

export const CHANNEL_SWITCHES: readonly ConformanceCase[] = [
  {
    id: 'channel-switches/there',
    rules: ['AX-35', 'AX-40'],
    title: 'A child on another channel runs when its parent is complete.',
    why: 'Two channels know nothing of each other; what connects them is the cleanup of the parent’s.',
    explorable: true,
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const steps = relay(world, bench, [one, two]);
      bench.issue();
      yield* bench.callbacks(...steps);
      bench.checkOrder('AX-35');
      bench.audit('AX-35');
    },
  },
  {
    id: 'channel-switches/and-back',
    rules: ['AX-40', 'AX-35', 'SW-05'],
    title: 'A chain A(1) → B(2) → C(1) that stands before A completes executes A, B, C.',
    why: 'C must not follow A only because both are on one channel.',
    explorable: true,
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const { tasklets } = world.kernel;
      tasklets.disable();
      const steps = relay(world, bench, [one, two, one]);
      tasklets.enable();
      bench.issue();
      yield* bench.callbacks(...steps);
      bench.checkOrder('AX-40');
      bench.audit('AX-40');
    },
  },
  {
    id: 'channel-switches/interrupt-behind-waiting',
    rules: ['AX-35', 'AX-40'],
    title: 'The interrupt descriptor for a child of a waiting dependency waits with it.',
    why: 'Submitted at once it comes before the dependency, and the child is set going too early.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c, d] = world.blocks(4);
      const { tasklets } = world.kernel;
      tasklets.disable();
      const first = bench.copy(b.span(), a.span(), { on: one, flags: FENCE, callback: true });
      const second = bench.copy(c.span(), b.span(), { on: two, after: first, flags: FENCE, callback: true });
      // The end of what the second one writes: there it comes last.
      const ends = [d, c].map((block) => block.span(block.size - 32));
      const third = bench.copy(ends[0], ends[1], { on: one, after: second, flags: ACK, callback: true });
      tasklets.enable();
      bench.issue();
      yield* bench.callbacks(first, second, third);
      bench.checkOrder('AX-35');
      bench.audit('AX-35');
    },
  },
  {
    id: 'channel-switches/many-links',
    rules: ['AX-40', 'SW-04'],
    title: 'A chain that changes channels at each of ten links executes in order while it is being built.',
    why: 'Links are attached to descriptors in every state: waiting, submitted, running, complete.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const steps = relay(
        world,
        bench,
        Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? one : two)),
      );
      bench.issue();
      yield* bench.callbacks(...steps);
      bench.checkOrder('AX-40');
      bench.audit('AX-40');
    },
  },
  {
    id: 'channel-switches/flush',
    rules: ['AX-35', 'WT-09'],
    title: 'A channel switch sets the parent’s channel going, so that waiting for the child alone is enough.',
    why: 'Whoever waits flushes the child’s channel; the parent below its threshold would never start.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const blocks = world.blocks(3).map((block) => block.span(0, LEN));
      const first = bench.copy(blocks[1], blocks[0], { on: one, flags: FENCE });
      const second = bench.copy(blocks[2], blocks[1], { on: two, after: first });
      bench.quiesce(second);
      bench.audit('AX-35');
      yield* world.settle(0);
    },
  },
  {
    id: 'channel-switches/ack-of-interrupt',
    rules: ['AX-37', 'AX-35'],
    title: 'The interrupt descriptor of a switch is acked, and not before its child hangs on it.',
    why: 'Acked and complete it may be recycled at once; never acked it is lost.',
    explorable: true,
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY, INTERRUPT);
      const bench = new AsyncBench(world);
      const steps = relay(world, bench, [one, two]);
      bench.issue();
      yield* bench.callbacks(...steps);
      bench.audit('AX-37');
    },
  },
  {
    id: 'channel-switches/descriptors-come-back',
    rules: ['AX-37', 'IA-59'],
    title: 'After two hundred switches there are descriptors as on the first day.',
    why: 'An array makes thousands a second; each lost interrupt descriptor is one less for data.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, 32));
      for (let i = 0; i < 200; i++) {
        const first = bench.copy(b, a, { on: one, flags: FENCE });
        const second = bench.copy(c, b, { on: two, after: first });
        if (first.tx === null || second.tx === null) {
          throw world.failure('AX-37', `a descriptor in round ${i}`, 'the driver has none');
        }
        bench.quiesce(second);
      }
      bench.audit('AX-37');
      yield* world.settle(0);
    },
  },
  {
    id: 'channel-switches/no-interrupt-descriptor',
    rules: ['AX-36', 'AX-40'],
    title: 'Where no interrupt descriptor is granted the switch waits for the dependency and then submits.',
    why: 'Nothing else would hold the child back.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      bench.log.refuses = (kind) => kind === 'devicePrepDmaInterrupt';
      const steps = relay(world, bench, [one, two, one]);
      world.check(steps[1].called > 0, 'AX-36', 'the second copy complete when the third is asked for', 'it is not');
      bench.issue();
      yield* bench.callbacks(...steps);
      bench.checkOrder('AX-36');
      bench.audit('AX-36');
    },
  },
  {
    id: 'channel-switches/panic-without-interrupt',
    rules: ['AX-36'],
    title: 'It panics where the dependency it waits for does not complete.',
    why: 'The child would work on data that never came.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      bench.log.refuses = (kind) => kind === 'devicePrepDmaInterrupt';
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const first = bench.copy(b, a, { on: one, flags: FENCE });
      Object.assign(one.device, { deviceTxStatus: () => 'error' });
      checkPanics(world, 'AX-36', 'the dependency failed', () => bench.copy(c, b, { on: two, after: first }));
      yield* world.settle(0);
    },
  },
  {
    id: 'channel-switches/behind-complete',
    rules: ['AX-42', 'AX-35'],
    title: 'A child on another channel of a descriptor that is complete and not acked runs.',
    why: 'Nothing happens to the parent any more; the interrupt descriptor has to bring the cleanup about.',
    explorable: true,
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const first = bench.copy(b, a, { on: one, flags: FENCE, callback: true });
      bench.issue();
      yield* bench.callbacks(first);
      const second = bench.copy(c, b, { on: two, after: first, flags: ACK, callback: true });
      yield* bench.callbacks(second);
      bench.audit('AX-42');
    },
  },
  {
    id: 'channel-switches/stay',
    rules: ['AX-20'],
    title: 'A child stays on its dependency’s channel when that can do it.',
    why: 'Every switch costs an interrupt.',
    *run(world) {
      const bench = new AsyncBench(world);
      for (const on of world.channels(2, MEMCPY)) {
        const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
        const first = bench.copy(b, a, { on, flags: FENCE });
        const second = bench.copy(c, b, { after: first, flags: ACK, callback: true });
        const where = second.tx?.chan.name ?? 'the processor';
        world.check(where === on.name, 'AX-20', `the child on ${on.name}`, `it runs on ${where}`);
        bench.issue();
        yield* bench.callbacks(second);
      }
      bench.audit('AX-20');
    },
  },
  {
    id: 'channel-switches/configured-out',
    rules: ['AX-21', 'RG-03'],
    title: 'Where the kernel is built without channel switches, only devices that can do everything are used.',
    why: 'A driver may rely on that configuration because it cannot switch.',
    bare: true,
    *run(world) {
      const dma = new DmaEngine(world.kernel, [0], { disableChannelSwitch: true });
      for (const device of yield* world.probeAll()) dma.registerDevice(device);
      dma.get();
      world.adopt(dma);
      const bench = new AsyncBench(world);
      const [sum, a, b, copy] = world.blocks(4).map((block) => block.span(0, LEN));
      const steps = [bench.xor(sum, [a, b], { flags: FENCE })];
      steps.push(bench.copy(copy, sum, { after: steps[0], flags: ACK, callback: true }));
      for (const { name, tx } of steps) {
        const able = tx === null || tx.chan.device.capMask.has(DmaCapability.ASYNC_TX);
        world.check(able, 'AX-21', `${name} on a device with every operation`, `it runs on ${tx?.chan.name}`);
      }
      bench.issue();
      yield* bench.callbacks(steps[1]);
      bench.audit('AX-21');
    },
  },
  {
    id: 'channel-switches/by-capability',
    rules: ['AX-20', 'AX-40'],
    title: 'A copy behind an xor goes to a channel that copies, and the chain keeps its order.',
    why: 'On an IOP3xx no channel does both.',
    explorable: true,
    *run(world) {
      const [xors] = world.channels(1, XOR);
      const [copies] = world.channels(1, MEMCPY).filter((chan) => chan !== xors);
      const bench = new AsyncBench(world);
      const [sum, a, b, copy] = world.blocks(4).map((block) => block.span(0, LEN));
      const first = bench.xor(sum, [a, b], { on: xors, flags: FENCE, callback: true });
      const second = bench.copy(copy, sum, { on: copies, after: first, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(first, second);
      bench.checkOrder('AX-20');
      bench.audit('AX-20');
    },
  },
];
