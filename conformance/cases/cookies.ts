/** Cookies: the names of requests. */
import type { DmaTxState } from '../../dmaengine/cookie';
import { DMA_MIN_COOKIE, EBUSY_COOKIE } from '../../dmaengine/cookie';
import { DmaCapability } from '../../dmaengine/capability';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { ConformanceCase } from '../case';
import type { CaseWorld } from '../world/case-world';
import type { Mover } from './parts';
import { movers, spans } from './parts';

const { MEMCPY } = DmaCapability;
const MAX = 0x7fff_ffff;

export const COOKIES: readonly ConformanceCase[] = [
  {
    id: 'cookies/busy-until-submitted',
    rules: ['CK-02'],
    title: 'A prepared descriptor has cookie -EBUSY until it is submitted.',
    why: 'A waiter tells by it that the descriptor is not on its way yet.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const prepared = world.prepare(chan, move(64));
        const { cookie } = prepared.tx;
        world.check(cookie === EBUSY_COOKIE, 'CK-02', 'cookie -16 after prep', `it is ${cookie}`, chan.name);
        yield* world.finish(world.submit(prepared));
      }
      world.audit('CK-02');
    },
  },
  {
    id: 'cookies/busy-behind-another',
    rules: ['CK-02', 'AX-40'],
    title: 'A descriptor that hangs behind another one has cookie -EBUSY until its driver submits it.',
    why: 'A waiter would take it for complete before it has begun.',
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      const all = spans(world, 3, 64);
      const parent = world.prepare(first, { kind: 'copy', to: all[1], from: all[0] }, { flags: 0 });
      const child = world.prepare(second, { kind: 'copy', to: all[2], from: all[1] }, { callback: true });
      world.chain(parent, child);
      world.submit(parent);
      const { cookie } = child.tx;
      world.check(cookie === EBUSY_COOKIE, 'CK-02', 'cookie -16 before its turn', `it is ${cookie}`, second.name);
      world.issue(first);
      yield* world.finish(parent);
      yield* world.callbacks(child);
      world.ack(parent);
      world.audit('CK-02');
    },
  },
  {
    id: 'cookies/assigned-at-submission',
    rules: ['CK-03', 'CK-01'],
    title: 'Submission returns a positive cookie, and the same one stands in the descriptor and on the channel.',
    why: 'Callers keep any of the three and ask with it.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let i = 0; i < 3; i++) {
          const submitted = world.start(chan, move(64), { flags: 0 });
          const { cookie, tx } = submitted;
          world.check(cookie >= DMA_MIN_COOKIE, 'CK-01', 'a positive cookie', `it is ${cookie}`, chan.name);
          // A driver that finishes inside submission has cleared it already (CK-08).
          const own = tx.cookie === cookie || tx.cookie === 0;
          world.check(own, 'CK-03', `cookie ${cookie} in the descriptor`, `it is ${tx.cookie}`, chan.name);
          world.check(chan.cookie === cookie, 'CK-03', `cookie ${cookie} on the channel`, `${chan.cookie}`, chan.name);
        }
        yield* world.finish(...world.operations);
        for (const operation of world.operations) world.ack(operation);
      }
      world.audit('CK-03');
    },
  },
  {
    id: 'cookies/one-after-the-other',
    rules: ['CK-03', 'CK-05'],
    title: 'Cookies of a channel count up by one, whatever is submitted, and never touch another channel’s.',
    why: 'Comparing cookies is all there is to know about order.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const others = world.channels(1).filter((other) => other !== chan);
        const before = others.map(({ cookie }) => cookie);
        const all = [64, 4096, 3].map((len) => world.start(chan, move(len)));
        const steps = all.slice(1).map(({ cookie }, i) => cookie - all[i].cookie);
        world.check(steps.join() === '1,1', 'CK-03', 'steps of one', `they are ${steps.join()}`, chan.name);
        const after = others.map(({ cookie }) => cookie);
        world.check(after.join() === before.join(), 'CK-03', 'other channels untouched', after.join(), chan.name);
        yield* world.finish(...all);
      }
      world.audit('CK-03');
    },
  },
  {
    id: 'cookies/zero-when-complete',
    rules: ['CK-07', 'CK-08', 'IA-57'],
    title: 'A completed descriptor that is kept has cookie 0.',
    why: 'A cookie that stands lets the next cleanup complete it once more.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const kept = world.start(chan, move(64), { callback: true, flags: 0 });
        world.issue(chan);
        yield* world.callbacks(kept);
        const { cookie } = kept.tx;
        world.check(cookie === 0, 'CK-08', 'cookie 0 after completion', `it is ${cookie}`, chan.name);
        yield* world.finish(world.start(chan, move(32)), world.start(chan, move(32)));
        world.ack(kept);
      }
      world.audit('CK-07');
    },
  },
  {
    id: 'cookies/wrap',
    rules: ['CK-05', 'CK-10'],
    title: 'After 0x7fffffff comes 1; everything around it completes.',
    why: 'At a million operations a second it is half an hour away. A negative cookie is an error, 0 is nobody.',
    *run(world) {
      for (const mover of movers(world)) {
        const { chan, move } = mover;
        yield* age(world, mover, MAX - 2);
        const all = Array.from({ length: 5 }, () => world.start(chan, move(64)));
        const got = all.map(({ cookie }) => cookie);
        const expected = [MAX - 1, MAX, 1, 2, 3];
        world.check(got.join() === expected.join(), 'CK-05', expected.join(), `they are ${got.join()}`, chan.name);
        yield* world.finish(...all);
        yield* world.finish(world.start(chan, move(64)));
      }
      world.audit('CK-05');
    },
  },
  {
    id: 'cookies/wrapped-status',
    rules: ['CK-10', 'CK-09', 'CK-05'],
    title: 'While a queue that wraps is under way, its cookies complete in order.',
    why: 'Compared as plain numbers, the new small cookies look like old ones.',
    *run(world) {
      for (const mover of movers(world)) {
        const { chan, move } = mover;
        yield* age(world, mover, MAX - 1);
        const all = [4096, 2048, 4096].map((len) => world.start(chan, move(len)));
        world.issue(chan);
        for (let turn = 0; turn < 40; turn++) {
          const state = all.map((operation) => world.statusOf(operation) === 'complete');
          all.forEach(({ spec, name }, i) => {
            if (!state[i] || !('to' in spec)) return;
            const { buffer, offset, len } = spec.to;
            const there = buffer.bytes[offset + len - 1] === buffer.shadow[offset + len - 1];
            world.check(there, 'CK-10', `${name} in progress until its data are there`, 'it reads complete', chan.name);
          });
          world.kernel.spend(400_000);
        }
        yield* world.finish(...all);
      }
      world.audit('CK-10');
    },
  },
  {
    id: 'cookies/callbacks-over-the-wrap',
    rules: ['CK-05', 'AX-41', 'CK-07'],
    title: 'Callbacks of operations on both sides of the wrap run once each.',
    why: 'A cookie of 0 or below is no request to the completion, so nobody is told.',
    *run(world) {
      for (const mover of movers(world)) {
        const { chan, move } = mover;
        yield* age(world, mover, MAX - 2);
        const all = Array.from({ length: 5 }, () => world.start(chan, move(32), { callback: true }));
        world.issue(chan);
        yield* world.callbacks(...all);
      }
      world.audit('CK-05');
    },
  },
  {
    id: 'cookies/old-ones-stay-complete',
    rules: ['CK-09', 'CK-12', 'IA-70'],
    title: 'A cookie that was complete once reads so ever after, also while later work is under way.',
    why: 'Clients ask late, and about work of long ago.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const old = world.start(chan, move(64));
        yield* world.finish(old);
        const running = Array.from({ length: 3 }, () => world.start(chan, move(4096)));
        world.issue(chan);
        for (let turn = 0; turn < 10; turn++) {
          const status = world.statusOf(old);
          world.check(status === 'complete', 'CK-09', `${old.name} complete`, status, chan.name);
          world.kernel.spend(500_000);
        }
        yield* world.finish(...running);
      }
      world.audit('CK-09');
    },
  },
  {
    id: 'cookies/state-record',
    rules: ['CK-13'],
    title: 'Status fills the state record: last cookie completed, last one used, nothing left.',
    why: 'Users of residue and of the two cookies would go by what was in the record before.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = [64, 64].map((len) => world.start(chan, move(len)));
        yield* world.finish(...all);
        const state: DmaTxState = { last: -1, used: -1, residue: 99 };
        chan.device.deviceTxStatus?.(chan, all[0].cookie, state);
        const { last, used, residue } = state;
        const expected = `${all[1].cookie} ${all[1].cookie} 0`;
        const got = `${last} ${used} ${residue}`;
        world.check(got === expected, 'CK-13', `last, used and residue ${expected}`, got, chan.name);
      }
      world.audit('CK-13');
    },
  },
  {
    id: 'cookies/no-error-without-error',
    rules: ['CK-16', 'CK-15'],
    title: 'Status is in progress, then complete, and nothing else, as long as nothing fails.',
    why: 'Callers of 2007 and today panic at any other answer.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const all = [1024, 2048].map((len) => world.start(chan, move(len)));
        const seen = new Set<string>();
        for (let turn = 0; turn < 30; turn++) {
          for (const operation of all) seen.add(world.statusOf(operation));
          if (turn === 3) world.issue(chan);
          world.kernel.spend(400_000);
        }
        seen.delete('complete');
        seen.delete('in_progress');
        world.check(seen.size === 0, 'CK-16', 'in_progress and complete alone', [...seen].join(), chan.name);
        yield* world.finish(...all);
      }
      world.audit('CK-16');
    },
  },
];

/** Moves a channel that has worked, and is idle, to where its counting would be after a long life. */
function* age(world: CaseWorld, { chan, move }: Mover, cookie: number): ThreadBody {
  yield* world.finish(world.start(chan, move(16)));
  chan.cookie = cookie;
  chan.completedCookie = cookie;
}
