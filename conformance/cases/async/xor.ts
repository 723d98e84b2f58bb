/** Sums and their checks as async_tx asks for them: batches, holes, the destination (semantics 3.7, 3.8). */
import { AsyncTxFlags } from '../../../async_tx/submit';
import { DmaCapability } from '../../../dmaengine/capability';
import type { DmaChan } from '../../../dmaengine/device';
import { DmaCtrl } from '../../../dmaengine/flags';
import { DmaDirection } from '../../../emulator/kernel/dma-mapping';
import { MICROSECOND } from '../../../emulator/sim/time';
import type { ConformanceCase } from '../../case';
import { AsyncBench } from '../../world/async-bench';
import type { Span } from '../../world/buffers';
import { addressOf } from '../../world/buffers';
import type { CaseWorld } from '../../world/case-world';

const { ACK, FENCE } = AsyncTxFlags;
const { XOR, XOR_VAL } = DmaCapability;
const LEN = 128;

function spans(world: CaseWorld, count: number, len = LEN): Span[] {
  return world.blocks(count).map((block) => block.span(0, len));
}

/** One source more than two descriptors take: three batches. */
function manySources(chan: DmaChan): number {
  return 2 * chan.device.maxXor;
}

export const ASYNC_XOR: readonly ConformanceCase[] = [
  {
    id: 'async-data/xor-offsets',
    rules: ['XR-05', 'XR-02'],
    title: 'A sum takes each source, and the destination, at its own offset.',
    why: 'Blocks of a stripe need not start at the start of their pages.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const [a, b, c, d] = world.blocks(4);
      const sum = bench.xor(d.span(512, 96), [a.span(0, 96), b.span(32, 96), c.span(1024, 96)], {
        on: chan,
        flags: ACK,
        callback: true,
      });
      bench.issue();
      yield* bench.callbacks(sum);
      bench.audit('XR-05');
    },
  },
  {
    id: 'async-data/xor-batches',
    rules: ['XR-08', 'XR-10'],
    title: 'More sources than a descriptor takes are summed in batches, each of which goes on from the one before.',
    why: 'Arrays have more members than engines have sources.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      for (const extra of [1, 2, chan.device.maxXor]) {
        const [dest, ...sources] = spans(world, chan.device.maxXor + extra + 1, 64);
        const sum = bench.xor(dest, sources, { on: chan, flags: ACK, callback: true });
        bench.issue();
        yield* bench.callbacks(sum);
      }
      bench.audit('XR-08');
    },
  },
  {
    id: 'async-data/xor-descriptors',
    rules: ['XR-09'],
    title: 'Beyond the limit m each descriptor takes m - 1 more sources.',
    why: 'Who counts one source too many passes the end of the descriptor, one too few wastes time.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const { maxXor } = chan.device;
      const bench = new AsyncBench(world);
      for (const count of [maxXor, maxXor + 1, 2 * maxXor - 1]) {
        const before = bench.log.records.length;
        const [dest, ...sources] = spans(world, count + 1, 32);
        const sum = bench.xor(dest, sources, { on: chan, flags: ACK, callback: true });
        const used = bench.log.records.length - before;
        const right = count <= maxXor ? 1 : 1 + Math.ceil((count - maxXor) / (maxXor - 1));
        world.check(used === right, 'XR-09', `${right} descriptors for ${count} sources`, `it takes ${used}`);
        bench.issue();
        yield* bench.callbacks(sum);
      }
      bench.audit('XR-09');
    },
  },
  {
    id: 'async-data/xor-fences',
    rules: ['XR-08', 'AX-09'],
    title: 'Every batch but the last is fenced, silent and not acked by the caller’s ACK.',
    why: 'The next batch reads its result, and hangs on it.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const [dest, ...sources] = spans(world, manySources(chan) + 1, 32);
      const sum = bench.xor(dest, sources, { on: chan, flags: ACK, callback: true });
      const inner = bench.log.records.slice(0, -1);
      const fenced = inner.filter(({ flags }) => (flags & DmaCtrl.PREP_FENCE) !== 0).length;
      const loud = inner.filter(({ flags }) => (flags & DmaCtrl.PREP_INTERRUPT) !== 0).length;
      world.check(fenced === inner.length, 'XR-08', `${inner.length} fences`, `there are ${fenced}`);
      world.check(loud === 0, 'XR-08', 'no interrupt before the last batch', `${loud} batches have one`);
      bench.issue();
      yield* bench.callbacks(sum);
      bench.audit('XR-08');
    },
  },
  {
    id: 'async-data/xor-called-once',
    rules: ['XR-08', 'AX-41'],
    title: 'A sum in batches calls back once, when all of it is in the destination.',
    why: 'A client that is called after the first batch writes a part of the sum to disk.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const [dest, ...sources] = spans(world, manySources(chan) + 1, 64);
      const sum = bench.xor(dest, sources, { on: chan, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(sum);
      world.checkData('XR-08');
      yield* world.settle();
      bench.audit('XR-08');
    },
  },
  {
    id: 'async-data/xor-stays-mapped',
    rules: ['UM-05', 'XR-07'],
    title: 'The destination of batches is mapped until the last of them is complete.',
    why: 'Unmapped after the first, its cache lines are written over what the others compute.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const { kernel } = world;
      const [dest, ...sources] = spans(world, manySources(chan) + 1, 1024);
      const { tx } = bench.xor(dest, sources, { on: chan });
      bench.issue();
      const status = (): unknown => tx?.chan.device.deviceTxStatus?.(tx.chan, tx.cookie);
      while (tx !== null && status() === 'in_progress') {
        world.check(kernel.dma.isMapped(addressOf(dest)), 'UM-05', 'a mapped destination', 'it is not mapped');
        if (world.complaints.length > 0) break;
        yield* world.settle(MICROSECOND);
      }
      bench.quiesce(bench.steps[0]);
      bench.audit('UM-05');
    },
  },
  {
    id: 'async-data/xor-mapped-once',
    rules: ['XR-07'],
    title: 'The destination is mapped once and both ways, each source to the device.',
    why: 'Two mappings of one page with different directions leave stale lines in the cache.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const [dest, ...sources] = spans(world, chan.device.maxXor + 2);
      const { dma } = world.kernel;
      const good = dma.map.bind(dma);
      const maps: string[] = [];
      dma.map = (page, offset, length, direction) => {
        maps.push(`${page.address + offset} ${direction}`);
        return good(page, offset, length, direction);
      };
      const sum = bench.xor(dest, sources, { on: chan, flags: ACK, callback: true });
      const right = [
        `${addressOf(dest)} ${DmaDirection.bidirectional}`,
        ...sources.map((source) => `${addressOf(source)} ${DmaDirection.toDevice}`),
      ];
      const extra = maps.filter((map) => !right.includes(map));
      const missing = right.filter((map) => !maps.includes(map));
      const repeated = maps.length - new Set(maps).size;
      world.check(extra.length === 0, 'XR-07', 'no other mapping', `address and direction ${extra.join(', ')}`);
      world.check(missing.length === 0, 'XR-07', `mappings ${missing.join(', ')}`, 'they are not made');
      world.check(repeated === 0, 'XR-07', 'each mapping once', `${repeated} are made again`);
      bench.issue();
      yield* bench.callbacks(sum);
      bench.audit('XR-07');
    },
  },
  {
    id: 'async-data/xor-holes',
    rules: ['XR-06'],
    title: 'Missing sources are skipped.',
    why: 'Lists of blocks have holes where a member has no block; a hole is no address.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const [dest, a, b, c] = spans(world, 4);
      const sum = bench.xor(dest, [undefined, a, undefined, b, c, undefined], { on: chan, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(sum);
      bench.audit('XR-06');
    },
  },
  {
    id: 'async-data/xor-in-place',
    rules: ['XR-08', 'XR-04'],
    title: 'A destination that stands first among the sources counts once, in batches too.',
    why: 'It is how md takes old data out of a parity and puts new data in.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const few = spans(world, 3);
      const many = spans(world, chan.device.maxXor + 2, 32);
      for (const sources of [few, many]) {
        const sum = bench.xor(sources[0], sources, { on: chan, flags: ACK, callback: true });
        bench.issue();
        yield* bench.callbacks(sum);
      }
      bench.audit('XR-08');
    },
  },
  {
    id: 'async-data/check-answers',
    rules: ['XV-01', 'XV-03', 'CF-06'],
    title: 'A check answers 0 when all is right, the P bit when one byte is wrong, and writes nothing.',
    why: 'A scrub that changes what it checks destroys the evidence.',
    *run(world) {
      const [chan] = world.channels(1, XOR_VAL);
      const bench = new AsyncBench(world);
      const [dest, a, b] = spans(world, 3, 512);
      bench.quiesce(bench.xor(dest, [a, b], { on: chan }));
      const right = bench.xorVal([dest, a, b], { on: chan, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(right);
      bench.audit('XV-01');
      a.buffer.poke(511, a.buffer.bytes[511] ^ 0x80);
      const wrong = bench.xorVal([dest, a, b], { on: chan, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(wrong);
      bench.audit('XV-01');
    },
  },
  {
    id: 'async-data/check-too-wide',
    rules: ['XV-02', 'XV-04'],
    title: 'A check of more sources than one descriptor takes stays away from checks, and still answers.',
    why: 'A descriptor that is written past its end corrupts the next one.',
    *run(world) {
      const [chan] = world.channels(1, XOR_VAL, XOR);
      const bench = new AsyncBench(world);
      const blocks = spans(world, chan.device.maxXor + 1, 32);
      const [dest, ...sources] = blocks;
      bench.quiesce(bench.xor(dest, sources, { on: chan }));
      const check = bench.xorVal(blocks, { on: chan, flags: ACK, callback: true });
      world.check(check.called === 1, 'XV-04', 'one callback when it returns', `it ran ${check.called} times`);
      bench.issue();
      yield* world.settle();
      bench.audit('XV-02');
    },
  },
  {
    id: 'async-data/check-in-parts',
    rules: ['XV-04', 'AX-41'],
    title: 'The callback of a check that is done as a sum and a look comes once, with the answer there.',
    why: 'Called after the sum alone, md reads an answer that nobody has given yet.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      bench.log.refuses = (kind) => kind === 'devicePrepDmaXorVal';
      // No channel for checks: as on an IOP321.
      for (const device of world.dma.devices) Object.assign(device, { maxXor: Math.min(device.maxXor, 3) });
      const blocks = spans(world, 5, 64);
      const check = bench.xorVal(blocks, { on: chan, flags: ACK, callback: true });
      bench.issue();
      yield* world.settle();
      world.check(check.called === 1, 'XV-04', 'one callback', `it ran ${check.called} times`);
      bench.audit('XV-04');
    },
  },
  {
    id: 'async-data/xor-behind-batches',
    rules: ['XR-10', 'XR-08', 'AX-40'],
    title: 'Batches stand behind the caller’s dependency, and what follows behind the last of them.',
    why: 'Only the first batch has the caller’s dependency in its record, only the last is what he gets.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      // A copy on another channel, where there is one, so that the first batch has to wait.
      const copies = world.channels(1, DmaCapability.MEMCPY).findLast((each) => each !== chan) ?? chan;
      const bench = new AsyncBench(world);
      const [dest, ...sources] = spans(world, chan.device.maxXor + 2, 64);
      const [end, other, before] = spans(world, 3, 64);
      const { tasklets } = world.kernel;
      tasklets.disable();
      const first = bench.copy(sources[0], before, { on: copies, flags: FENCE, callback: true });
      const second = bench.xor(dest, sources, { on: chan, after: first, flags: FENCE, callback: true });
      const third = bench.xor(end, [dest, other], { on: chan, after: second, flags: ACK, callback: true });
      bench.issue();
      tasklets.enable();
      yield* bench.callbacks(first, second, third);
      bench.checkOrder('XR-10');
      bench.audit('XR-10');
    },
  },
];
