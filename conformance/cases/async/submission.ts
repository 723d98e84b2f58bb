/** How operations are asked for: flags, callbacks, descriptors that are not to be had (semantics 3.1, 3.5, 3.6). */
import { AsyncTxFlags } from '../../../async_tx/submit';
import { DmaCapability } from '../../../dmaengine/capability';
import { asyncTxTestAck } from '../../../dmaengine/descriptor';
import { DmaCtrl } from '../../../dmaengine/flags';
import type { ConformanceCase } from '../../case';
import { AsyncBench } from '../../world/async-bench';

const { ACK, FENCE } = AsyncTxFlags;
const { MEMCPY, MEMSET, XOR, XOR_VAL } = DmaCapability;
const LEN = 256;

export const ASYNC_SUBMISSION: readonly ConformanceCase[] = [
  {
    id: 'async-submission/ack',
    rules: ['AX-06', 'AX-33'],
    title: 'ACK acks the new descriptor, once it is submitted.',
    why: 'A client that will not attach anything has no other chance.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const copy = bench.copy(b, a, { on: chan, flags: ACK, callback: true });
      const other = bench.copy(c, a, { on: chan, callback: true });
      world.check(copy.tx === null || asyncTxTestAck(copy.tx), 'AX-06', 'an acked descriptor', 'it is not acked');
      world.check(other.tx === null || !asyncTxTestAck(other.tx), 'AX-06', 'no ack without the flag', 'it is acked');
      bench.ack(other);
      bench.issue();
      yield* bench.callbacks(copy, other);
      bench.audit('AX-06');
    },
  },
  {
    id: 'async-submission/fence',
    rules: ['AX-09', 'MC-02'],
    title: 'FENCE reaches the driver, and only where it was given.',
    why: 'An engine that reads ahead would start the next descriptor with data that are not written.',
    *run(world) {
      const [copies] = world.channels(1, MEMCPY);
      const [xors] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const steps = [FENCE | ACK, ACK].flatMap((flags) => [
        bench.copy(b, a, { on: copies, flags, callback: true }),
        bench.xor(c, [a, b], { on: xors, flags, callback: true }),
      ]);
      const fenced = bench.log.records.map(({ flags }) => (flags & DmaCtrl.PREP_FENCE) !== 0);
      const right = fenced.every((fence, i) => fence === i < 2);
      world.check(right, 'AX-09', 'fences for the first two', `they are asked of ${fenced.join(', ')}`);
      bench.issue();
      yield* bench.callbacks(...steps);
    },
  },
  {
    id: 'async-submission/interrupt',
    rules: ['AX-10'],
    title: 'A descriptor is to interrupt exactly when it carries a callback.',
    why: 'Without the interrupt the callback waits for luck; an interrupt for each descriptor eats the processor.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      bench.copy(b, a, { on: chan, flags: ACK });
      const last = bench.copy(c, a, { on: chan, flags: ACK, callback: true });
      const asked = bench.log.records.map(({ flags }) => (flags & DmaCtrl.PREP_INTERRUPT) !== 0);
      const right = !asked[0] && asked[1];
      world.check(right, 'AX-10', 'an interrupt of the second copy alone', `they are asked of ${asked.join(', ')}`);
      bench.issue();
      yield* bench.callbacks(last);
      bench.audit('AX-10');
    },
  },
  {
    id: 'async-submission/callback-without-asking',
    rules: ['AX-10', 'AX-41'],
    title: 'A callback comes without anybody asking for its status.',
    why: 'Clients sleep until they are called.',
    explorable: true,
    *run(world) {
      const bench = new AsyncBench(world);
      for (const on of world.channels(1, MEMCPY)) {
        const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
        const copy = bench.copy(b, a, { on, flags: ACK, callback: true });
        bench.issue();
        yield* bench.callbacks(copy);
      }
      bench.audit('AX-10');
    },
  },
  {
    id: 'async-submission/issue-one',
    rules: ['AX-12', 'IA-45'],
    title: 'A flush of the channel of one operation sets that operation going.',
    why: 'A client that knows its channel need not wake all others.',
    explorable: true,
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
      const copy = bench.copy(b, a, { on: chan, callback: true });
      bench.api.issuePending(copy.tx);
      yield* bench.callbacks(copy);
      bench.ack(copy);
      bench.audit('AX-12');
    },
  },
  {
    id: 'async-submission/trigger',
    rules: ['AX-51', 'AX-40'],
    title: 'A triggered callback comes after the chain it stands behind, on another channel too.',
    why: 'It is how md learns that a chain of unknown length is complete.',
    *run(world) {
      const chans = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const first = bench.copy(b, a, { on: chans[0], flags: FENCE, callback: true });
      const second = bench.copy(c, b, { on: chans.at(-1), after: first, callback: true });
      const end = bench.trigger({ after: second, flags: ACK });
      const able = !!second.tx?.chan.device.capMask.has(DmaCapability.INTERRUPT);
      world.check(end.tx !== null || !able, 'AX-51', 'a descriptor behind the chain', 'it was waited for');
      bench.issue();
      yield* bench.callbacks(first, second, end);
      bench.checkOrder('AX-51');
      bench.audit('AX-51');
    },
  },
  {
    id: 'async-submission/trigger-nothing',
    rules: ['AX-52', 'AX-54'],
    title: 'A trigger behind nothing calls back before it returns.',
    why: 'The chain may have been done by the processor; its end must come all the same.',
    *run(world) {
      const bench = new AsyncBench(world);
      const end = bench.trigger({ flags: ACK });
      world.check(end.called === 1, 'AX-52', 'one callback at once', `it ran ${end.called} times`);
      world.check(end.tx === null, 'AX-52', 'no descriptor', 'there is one');
      bench.audit('AX-52');
      yield* world.settle(0);
    },
  },
  {
    id: 'async-submission/trigger-in-place',
    rules: ['AX-52'],
    title: 'Where no interrupt descriptor is granted a trigger waits for the chain and calls back itself.',
    why: 'Called at once the client would take unwritten data for finished.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      bench.log.refuses = (kind) => kind === 'devicePrepDmaInterrupt';
      const [a, b] = world.blocks(2).map((block) => block.span());
      const copy = bench.copy(b, a, { on: chan, flags: FENCE, callback: true });
      const end = bench.trigger({ after: copy, flags: ACK });
      world.check(end.called === 1, 'AX-52', 'one callback before it returns', `it ran ${end.called} times`);
      bench.checkOrder('AX-52');
      bench.audit('AX-52');
      yield* world.settle(0);
    },
  },
  {
    id: 'async-submission/refused-copy',
    rules: ['MC-01', 'MC-03'],
    title: 'A copy or fill whose descriptor is refused is done by the processor before the call returns.',
    why: 'A driver may be out of descriptors at any moment.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const fills = world.dma.findChannel(MEMSET);
      const bench = new AsyncBench(world);
      bench.log.refuses = () => true;
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const steps = [bench.copy(b, a, { on: chan, callback: true })];
      steps.push(bench.fill(c, 0x3c, { on: fills, callback: true }));
      for (const { name, called } of steps) {
        world.check(called === 1, 'MC-03', `the callback of ${name} before it returns`, `it ran ${called} times`);
      }
      bench.audit('MC-01');
      yield* world.settle(0);
    },
  },
  {
    id: 'async-submission/refused-unmapped',
    rules: ['UM-08', 'MC-01'],
    title: 'An operation whose descriptor is refused leaves no mapping behind.',
    why: 'The processor works on pages that are still the device’s, and mappings run out.',
    *run(world) {
      const [chan] = world.channels(1, MEMCPY);
      const bench = new AsyncBench(world);
      bench.log.refuses = (kind) => kind === 'devicePrepDmaMemcpy' || kind === 'devicePrepDmaMemset';
      const [a, b] = world.blocks(2).map((block) => block.span(0, LEN));
      bench.copy(b, a, { on: chan });
      const { live } = world.kernel.dma;
      world.check(live === 0, 'UM-08', 'no mapping after the call', `${live} are left`);
      const fills = world.dma.findChannel(MEMSET);
      bench.fill(b, 7, { on: fills });
      bench.audit('UM-08');
      yield* world.settle(0);
    },
  },
  {
    id: 'async-submission/retry-flushes',
    rules: ['XR-12', 'AX-12'],
    title: 'A sum that gets no descriptor flushes the channel before it asks again.',
    why: 'Descriptors come back when operations complete, and those wait for a flush.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const { device } = chan;
      const good = device.deviceIssuePending?.bind(device);
      let flushed = false;
      Object.assign(device, {
        deviceIssuePending: (flushing: typeof chan) => {
          flushed ||= flushing === chan;
          good?.(flushing);
        },
      });
      bench.log.refuses = () => !flushed;
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      const sum = bench.xor(c, [a, b], { on: chan, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(sum);
      bench.audit('XR-12');
    },
  },
  {
    id: 'async-submission/retry-lets-go',
    rules: ['XR-12', 'IA-13'],
    title: 'A sum that gets no descriptor waits for its dependency and acks it before it asks again.',
    why: 'In a small pool the dependency holds the very descriptors that are wanted.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const bench = new AsyncBench(world);
      const [a, b, c, d] = world.blocks(4).map((block) => block.span(0, LEN));
      const first = bench.xor(c, [a, b], { on: chan, flags: FENCE });
      bench.log.refuses = () => first.tx !== null && !asyncTxTestAck(first.tx);
      const second = bench.xor(d, [c, a], { on: chan, after: first, flags: ACK, callback: true });
      bench.issue();
      yield* bench.callbacks(second);
      bench.audit('XR-12');
    },
  },
  {
    id: 'async-submission/check-retry',
    rules: ['XR-12', 'XV-01'],
    title: 'A check that is refused once asks again, and answers.',
    why: 'A check that falls to the processor destroys its destination.',
    *run(world) {
      const [chan] = world.channels(1, XOR_VAL);
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3).map((block) => block.span(0, LEN));
      bench.quiesce(bench.xor(c, [a, b], { on: chan }));
      let refusals = 2;
      bench.log.refuses = (kind) => kind === 'devicePrepDmaXorVal' && refusals-- > 0;
      const check = bench.xorVal([c, a, b], { on: chan, flags: ACK, callback: true });
      world.check(check.tx !== null, 'XR-12', 'a descriptor in the end', 'the processor did it');
      bench.issue();
      yield* bench.callbacks(check);
      bench.audit('XR-12');
    },
  },
  {
    id: 'async-submission/alignment',
    rules: ['MC-01', 'CF-07'],
    title: 'Operations that an engine’s alignment does not allow are done by the processor.',
    why: 'Such an engine writes to the next lower address.',
    *run(world) {
      const [copies] = world.channels(1, MEMCPY);
      const [xors] = world.channels(1, XOR);
      Object.assign(copies.device, { copyAlign: 3 });
      Object.assign(xors.device, { xorAlign: 3 });
      const bench = new AsyncBench(world);
      const [a, b, c] = world.blocks(3);
      const odd = [
        bench.copy(b.span(4, 64), a.span(8, 64), { on: copies, flags: ACK }),
        bench.copy(b.span(128, 60), a.span(128, 60), { on: copies, flags: ACK }),
        bench.xor(c.span(0, 64), [a.span(8, 64), b.span(12, 64)], { on: xors, flags: ACK }),
      ];
      for (const { name, tx } of odd) world.check(tx === null, 'MC-01', `${name} by the processor`, 'an engine has it');
      const even = bench.copy(c.span(512, 64), a.span(8, 64), { on: copies, flags: ACK, callback: true });
      world.check(even.tx !== null, 'MC-01', 'an aligned copy on the engine', 'the processor did it');
      bench.issue();
      yield* bench.callbacks(even);
      bench.audit('MC-01');
    },
  },
];
