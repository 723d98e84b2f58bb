/** Acknowledgement: how long a descriptor is its client's, and what it is like when it comes back. */
import { EBUSY_COOKIE } from '../../dmaengine/cookie';
import { asyncTxTestAck } from '../../dmaengine/descriptor';
import { DmaCtrl } from '../../dmaengine/flags';
import type { ConformanceCase } from '../case';
import { movers } from './parts';

/** Operations that take every descriptor of a pool several times. */
const SEVERAL_POOLS = 420;

export const ACK: readonly ConformanceCase[] = [
  {
    id: 'ack/kept-until-acked',
    rules: ['IA-59', 'AX-30', 'AX-42'],
    title: 'A completed descriptor that nobody has acked is not handed out again, however many are.',
    why: 'Its client is about to attach a child to it, and would attach it to somebody else’s operation.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const kept = world.start(chan, move(64), { flags: 0 });
        yield* world.finish(kept);
        for (let i = 0; i < SEVERAL_POOLS; i += 20) {
          const others = Array.from({ length: 20 }, () => world.start(chan, move(8)));
          const again = others.some(({ tx }) => tx === kept.tx);
          world.check(
            !again,
            'IA-59',
            'the kept descriptor in its client’s hands',
            'prep hands it out again',
            chan.name,
          );
          yield* world.finish(...others);
          if (again) break;
        }
        const acked = asyncTxTestAck(kept.tx);
        world.check(!acked, 'IA-59', 'the kept descriptor as it was', 'somebody has acked it', chan.name);
        world.ack(kept);
      }
      world.audit('IA-59');
    },
  },
  {
    id: 'ack/comes-back-as-new',
    rules: ['CF-05', 'CK-02', 'UM-06'],
    title: 'A descriptor that comes back after use has no ack, no callback, no neighbours and no mappings left over.',
    why: 'With a stale ack it is recycled before its client is done; with a stale callback a stranger is called.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let i = 0; i < SEVERAL_POOLS; i += 10) {
          const all = Array.from({ length: 10 }, () => world.prepare(chan, move(8), { flags: 0 }));
          for (const { tx } of all) {
            const old = [
              asyncTxTestAck(tx) ? 'an ack' : '',
              tx.callback !== undefined || tx.callbackResult !== undefined ? 'a callback' : '',
              tx.next !== undefined || tx.parent !== undefined ? 'a neighbour' : '',
              tx.cookie !== EBUSY_COOKIE ? `cookie ${tx.cookie}` : '',
            ].filter((text) => text !== '');
            world.check(
              old.length === 0,
              'CF-05',
              'a descriptor as good as new',
              `it has ${old.join(', ')}`,
              chan.name,
            );
          }
          for (const { tx } of all) tx.callback = () => undefined;
          all.forEach((operation) => world.submit(operation));
          yield* world.finish(...all);
          all.forEach((operation) => world.ack(operation));
          if (world.complaints.length > 0) return;
        }
      }
      world.audit('CF-05');
    },
  },
  {
    id: 'ack/flags-of-prep',
    rules: ['CF-05', 'CF-04'],
    title: 'Prep gives the descriptor exactly the flags it was asked for.',
    why: 'Ack, fence and interrupt are read back from there.',
    *run(world) {
      const { CTRL_ACK, PREP_INTERRUPT, PREP_FENCE } = DmaCtrl;
      for (const { chan, move } of movers(world)) {
        for (const flags of [0, CTRL_ACK, PREP_INTERRUPT, PREP_FENCE | CTRL_ACK, 0]) {
          const prepared = world.prepare(chan, move(16), { flags });
          const { tx } = prepared;
          world.check(tx.flags === flags, 'CF-05', `flags ${flags}`, `they are ${tx.flags}`, chan.name);
          world.ack(prepared);
          yield* world.finish(world.submit(prepared));
        }
      }
      world.audit('CF-05');
    },
  },
  {
    id: 'ack/late-acks-hold-up-nobody',
    rules: ['IA-60', 'IA-59'],
    title: 'Descriptors that are acked late delay neither completion nor recycling of younger ones.',
    why: 'One client that thinks for a while would stop all others.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        const kept = Array.from({ length: 3 }, () => world.start(chan, move(16), { flags: 0, callback: true }));
        const younger = Array.from({ length: 4 }, () => world.start(chan, move(16), { callback: true }));
        world.issue(chan);
        yield* world.callbacks(...kept, ...younger);
        for (let i = 0; i < 150; i += 30) {
          const more = Array.from({ length: 30 }, () => world.start(chan, move(8), { callback: true }));
          world.issue(chan);
          yield* world.callbacks(...more);
        }
        for (const operation of kept) world.ack(operation);
      }
      world.audit('IA-60');
    },
  },
  {
    id: 'ack/after-submission',
    rules: ['IA-59', 'AX-33'],
    title: 'An ack that comes while the operation runs, or after it, is as good as one from the start.',
    why: 'async_tx acks what it submitted, md what it has waited for.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let i = 0; i < SEVERAL_POOLS; i += 20) {
          const all = Array.from({ length: 20 }, () => world.start(chan, move(8), { flags: 0 }));
          all.slice(0, 10).forEach((operation) => world.ack(operation));
          yield* world.finish(...all);
          all.slice(10).forEach((operation) => world.ack(operation));
        }
      }
      world.audit('IA-59');
    },
  },
  {
    id: 'ack/every-descriptor-several-times',
    rules: ['IA-12', 'IA-42', 'IA-05'],
    title:
      'Hundreds of operations in queues of changing length, sizes and source counts get descriptors and right data.',
    why: 'Descriptors that leak, overlap or are freed in part are found out only when the pool has come round.',
    *run(world) {
      for (const { chan, move } of movers(world)) {
        for (let round = 0, done = 0; done < SEVERAL_POOLS; round++) {
          const length = 1 + ((round * 7) % 23);
          yield* world.finish(...Array.from({ length }, (_, i) => world.start(chan, move(1 + ((i * 13) % 60)))));
          done += length;
        }
      }
      world.audit('IA-12');
    },
  },
  {
    id: 'ack/the-last-one-stays',
    rules: ['IA-42', 'IA-59'],
    title: 'After every single operation, acked and complete, the next one finds something to follow.',
    why: 'Recycle the last descriptor, and the next link is written into memory that belongs to nobody.',
    explorable: true,
    *run(world) {
      for (const { chan, move } of movers(world).slice(0, 1)) {
        for (let i = 0; i < 3; i++) {
          const only = world.start(chan, move(16), { callback: true });
          world.issue(chan);
          yield* world.callbacks(only);
        }
      }
      world.audit('IA-42');
    },
  },
];
