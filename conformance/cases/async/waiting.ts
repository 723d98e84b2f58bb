/** Waiting for an operation, and letting go of it (semantics 1.7, 3.4, 3.5). */
import { asyncMemcpy } from '../../../async_tx/memcpy';
import type { AsyncSubmit } from '../../../async_tx/submit';
import { AsyncTxFlags, initAsyncSubmit } from '../../../async_tx/submit';
import { DmaCapability } from '../../../dmaengine/capability';
import { asyncTxTestAck } from '../../../dmaengine/descriptor';
import type { ConformanceCase } from '../../case';
import { AsyncBench, placeOf } from '../../world/async-bench';
import { checkPanics } from '../../world/panics';

const { ACK, FENCE } = AsyncTxFlags;
const { MEMCPY } = DmaCapability;
const LEN = 512;

export const WAITING: readonly ConformanceCase[] = [
  {
    id: 'waiting/nothing',
    rules: ['WT-01', 'AX-50'],
    title: 'Waiting for nothing is over at once.',
    why: 'An operation that was done by the processor left nothing to wait for.',
    *run(world) {
      const { kernel, api } = world;
      const before = kernel.now;
      world.check(api.generation.wait(kernel, null) === 'complete', 'WT-01', 'complete', 'something else');
      world.check(api.quiesceTx(null) === null, 'AX-50', 'null', 'something else');
      world.check(kernel.now === before, 'WT-01', 'no time spent', `${kernel.now - before} ps`);
      yield* world.settle(0);
    },
  },
  {
    id: 'waiting/flushes',
    rules: ['SW-01', 'WT-09'],
    title: 'Waiting for an operation sets its channel going.',
    why: 'Below the driver’s threshold nobody else does; the wait would not end.',
    *run(world) {
      const bench = new AsyncBench(world);
      for (const on of world.channels(1, MEMCPY)) {
        const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
        bench.quiesce(bench.copy(b, a, { on }));
        bench.audit('SW-01');
      }
      yield* world.settle(0);
    },
  },
  {
    id: 'waiting/across-channels',
    rules: ['WT-10', 'WT-09', 'CK-11'],
    title: 'Waiting for a child that is not submitted yet ends when it has executed, not before.',
    why: 'Its cookie is -EBUSY, which reads as complete: who only asks for the cookie goes on with old data.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span());
      const first = bench.copy(b, a, { on: one, flags: FENCE });
      const second = bench.copy(c, b, { on: two, after: first });
      bench.quiesce(second);
      bench.audit('WT-10');
      yield* world.settle(0);
    },
  },
  {
    id: 'waiting/three-links',
    rules: ['WT-10', 'WT-09'],
    title: 'The same at the end of three links on three changes of channel.',
    why: 'A wait that looks one link up finds another one that is not submitted.',
    *run(world) {
      const [one, two] = world.channels(2, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c, d] = world.blocks(4).map((block) => block.span());
      const first = bench.copy(b, a, { on: one, flags: FENCE });
      const second = bench.copy(c, b, { on: two, after: first, flags: FENCE });
      const third = bench.copy(d, c, { on: one, after: second });
      bench.quiesce(third);
      bench.audit('WT-10');
      yield* world.settle(0);
    },
  },
  {
    id: 'waiting/complete-already',
    rules: ['WT-09', 'SW-03'],
    title: 'Waiting for an operation that is complete and not acked is over at once.',
    why: 'Its cookie is 0 and its channel may have gone on since.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const first = bench.copy(b, a, { on: chan, callback: true });
      const second = bench.copy(c, a, { on: chan, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(first, second);
      bench.quiesce(first);
      bench.audit('WT-09');
    },
  },
  {
    id: 'waiting/time-limit',
    rules: ['SW-01', 'WT-11'],
    title: 'A wait for an operation that never completes ends after five seconds with an error.',
    why: 'A dead engine must not hang the machine silently.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
      const copy = bench.copy(b, a, { on: chan, flags: ACK });
      Object.assign(chan.device, { deviceTxStatus: () => 'in_progress' });
      const before = world.kernel.now;
      const status = world.api.generation.wait(world.kernel, copy.tx);
      const seconds = (world.kernel.now - before) / 1e12;
      world.check(status === 'error', 'SW-01', 'an error', `the wait says ${status}`);
      world.check(seconds >= 5 && seconds < 6, 'SW-01', 'five seconds', `it took ${seconds} s`);
      yield* world.settle(0);
    },
  },
  {
    id: 'waiting/quiesce-acks',
    rules: ['AX-50'],
    title: 'Quiescing waits, and then acks the descriptor.',
    why: 'Nobody else will: the descriptor would be lost.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
      const { tx } = bench.copy(b, a, { on: chan });
      world.check(world.api.quiesceTx(tx) === null, 'AX-50', 'null, so that nothing is left in hand', 'a descriptor');
      world.check(tx === null || asyncTxTestAck(tx), 'AX-50', 'the descriptor acked', 'it is not');
      bench.audit('AX-50');
      yield* world.settle(0);
    },
  },
  {
    id: 'waiting/quiesce-acked',
    rules: ['AX-50'],
    title: 'Quiescing an acked descriptor is a BUG.',
    why: 'It may be another operation’s by now.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
      const copy = bench.copy(b, a, { on: chan, flags: ACK, callback: true });
      checkPanics(world, 'AX-50', 'the descriptor is acked', () => bench.quiesce(copy));
      bench.issue();
      yield* bench.callbacks(copy);
    },
  },
  {
    id: 'waiting/quiesce-panics',
    rules: ['AX-50', 'CK-15'],
    title: 'Quiescing panics at any status but complete, paused as well as error.',
    why: 'A paused operation has not written its data.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      for (const status of ['paused', 'error'] as const) {
        const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
        const copy = bench.copy(b, a, { on: chan });
        const { device } = chan;
        const good = device.deviceTxStatus?.bind(device);
        Object.assign(device, { deviceTxStatus: () => status });
        checkPanics(world, 'AX-50', `the status is ${status}`, () => bench.quiesce(copy));
        Object.assign(device, { deviceTxStatus: good });
      }
      yield* world.settle(0);
    },
  },
  {
    id: 'waiting/dependency-of-the-processor',
    rules: ['AX-05', 'MC-03'],
    title: 'An operation that the processor does waits for its dependency, acks it and takes it out of the record.',
    why: 'Reading before the engine has written gives old data; what stays in the record is attached to a second time.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span());
      const first = bench.copy(b, a, { on: chan, flags: FENCE });
      bench.log.refuses = (kind) => kind === 'devicePrepDmaMemcpy';
      let record: AsyncSubmit = initAsyncSubmit(0);
      bench.copy(c, b, { on: chan, after: first, record: (submit) => (record = submit) });
      world.check(record.dependTx === null, 'AX-05', 'no dependency left in the record', 'it is still there');
      bench.audit('AX-05');
      yield* world.settle(0);
    },
  },
  {
    id: 'waiting/dependency-used-once',
    rules: ['AX-05', 'XR-12'],
    title: 'An operation that had to wait for its dependency to get a descriptor does not attach to it.',
    why: 'The dependency is acked and may have been recycled.',
    *run(world) {
      const [chan] = world.channels(1, DmaCapability.XOR);
      const bench = new AsyncBench(world);
      const [a, b, c, d] = world.blocks(4).map((block) => block.span(0, LEN));
      const first = bench.xor(c, [a, b], { on: chan, flags: FENCE });
      let refusals = 1;
      bench.log.refuses = (kind) => kind === 'devicePrepDmaXor' && refusals-- > 0;
      const second = bench.xor(d, [c, b], { on: chan, after: first, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(second);
      bench.audit('AX-05');
    },
  },
  {
    id: 'waiting/reused-record',
    rules: ['AX-05', 'AX-03'],
    title: 'What an operation returns can be waited for in its turn, descriptor or null.',
    why: 'A chain may leave the engines at any link.',
    *run(world) {
      const { api } = world;
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3);
      const [from, to, end] = [a, b, c].map((block) => placeOf(block.span()));
      const submit = initAsyncSubmit(FENCE);
      submit.dependTx = asyncMemcpy(api, to.page, from.page, 0, 0, LEN, submit);
      const last = asyncMemcpy(api, end.page, to.page, 0, 0, LEN, submit);
      b.shadow.set(a.shadow.subarray(0, LEN));
      c.shadow.set(a.shadow.subarray(0, LEN));
      api.quiesceTx(last);
      bench.audit('AX-05');
      yield* world.settle(0);
    },
  },
];
