/** Engines that stop with an error: the operation fails, and nothing else does. */
import type { DmaChan } from '../../dmaengine/device';
import type { DmaTxResult } from '../../dmaengine/tx-result';
import type { BusFault } from '../../emulator/faults/bus-faults';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { ConformanceCase } from '../case';
import { CaseSkipped } from '../case';
import type { Span } from '../world/buffers';
import { addressOf } from '../world/buffers';
import type { CaseWorld } from '../world/case-world';
import type { Operation, OperationKind, OperationSpec } from '../world/operation';
import { KINDS, movers, spans, specOf, sweepEach, withInterruptsOff } from './parts';

/** Where Linux has a BUG, stopping the machine is a conforming end. */
const BUGS = ['IA-72'] as const;

/** An operation that will fail: memory is not held to it, and its submitter takes the result. */
interface Doomed {
  readonly operation: Operation;
  readonly results: DmaTxResult[];
}

/** Any stretch that the operation touches. */
function victim(spec: OperationSpec): Span {
  if ('to' in spec) return spec.to;
  if ('from' in spec) return spec.from[0];
  throw new CaseSkipped('nothing is moved that could fail');
}

function inject(world: CaseWorld, span: Span, access: BusFault['access'], times = 1): void {
  world.kernel.machine.faults.inject({
    kind: 'master-abort',
    address: addressOf(span),
    length: span.len,
    access,
    times,
  });
}

/** Hands in an operation whose next access to its victim fails. @param told whether its submitter takes the result */
function doom(world: CaseWorld, chan: DmaChan, spec: OperationSpec, told = true): Doomed {
  const operation = world.prepare(chan, spec, { callback: true });
  const results: DmaTxResult[] = [];
  if (told) operation.tx.callbackResult = (result) => results.push(result);
  inject(world, victim(spec), 'any');
  operation.cookie = operation.tx.txSubmit(operation.tx);
  return { operation, results };
}

/** Waits until the submitter knows; then what is in the destinations is nobody's business. */
function* failed(world: CaseWorld, { operation, results }: Doomed): ThreadBody {
  const { chan, spec, name } = operation;
  yield* world.until(
    () => world.statusOf(operation) !== 'in_progress' || results.length > 0,
    'IA-72',
    `${name} is over`,
  );
  yield* world.until(() => results.length > 0, 'IA-72', `the submitter of ${name} is told`);
  const told = results.map(({ result }) => result).join();
  world.check(told === 'aborted', 'IA-72', `one result: aborted, of ${name}`, told, chan.name);
  forget(spec);
}

function forget(spec: OperationSpec): void {
  if ('to' in spec) spec.to.buffer.accept();
  if (spec.kind === 'pq') for (const sum of [spec.p, spec.q]) sum?.buffer.accept();
}

function errorOf(kind: OperationKind): ConformanceCase {
  return {
    id: `errors/${kind.replace('_', '-')}`,
    rules: ['IA-72', 'AX-41'],
    bugs: BUGS,
    title: `A bus error during ${kind} is reported to its submitter, once, and the channel works on.`,
    why: 'Reported as success, it is silent corruption; not reported at all, the stripe hangs.',
    *run(world) {
      for (const chan of world.channelsFor(kind)) {
        const doomed = doom(world, chan, specOf(world, kind, 512));
        world.issue(chan);
        yield* failed(world, doomed);
        yield* world.finish(world.start(chan, specOf(world, kind, 512)));
      }
      world.audit('IA-72');
    },
  };
}

export const ERRORS: readonly ConformanceCase[] = [
  ...KINDS.filter((kind) => kind !== 'interrupt').map(errorOf),
  {
    id: 'errors/those-behind-it-run',
    rules: ['IA-72', 'IA-43'],
    bugs: BUGS,
    title: 'Of five operations in a queue the second fails; the others are done, in order.',
    why: 'An engine that stops takes everything behind it along, until somebody starts it again in the right place.',
    *run(world) {
      for (const { chan, kind, move } of movers(world)) {
        const first = world.start(chan, move(256), { callback: true });
        const doomed = doom(world, chan, specOf(world, kind, 2048));
        const rest = [64, 1024, 8].map((len) => world.start(chan, move(len), { callback: true }));
        world.issue(chan);
        yield* failed(world, doomed);
        yield* world.callbacks(first, ...rest);
      }
      world.audit('IA-72');
    },
  },
  {
    id: 'errors/appended-meanwhile',
    rules: ['IA-72', 'IA-46'],
    bugs: BUGS,
    title: 'What is appended at any moment around the error runs.',
    why: 'The flush finds an engine that is off: it must be started, not resumed, and at the right descriptor.',
    *run(world) {
      yield* sweepEach(world, 512, 16, function* ({ chan, kind, move }, moment) {
        const doomed = doom(world, chan, specOf(world, kind, 512));
        world.issue(chan);
        world.kernel.spend(moment);
        const late = world.start(chan, move(64), { callback: true });
        world.issue(chan);
        yield* world.callbacks(late);
        yield* failed(world, doomed);
      });
      world.audit('IA-72');
    },
  },
  {
    id: 'errors/as-a-status',
    rules: ['IA-72', 'CK-16'],
    bugs: BUGS,
    title: 'A failed operation whose submitter takes no result reads error, and those around it complete.',
    why: 'Who waits by cookie has no other way to learn of it.',
    *run(world) {
      for (const { chan, kind, move } of movers(world)) {
        const first = world.start(chan, move(64));
        const { operation } = doom(world, chan, specOf(world, kind, 512), false);
        const last = world.start(chan, move(64));
        world.issue(chan);
        yield* world.complete(first);
        yield* world.until(() => world.statusOf(operation) !== 'in_progress', 'IA-72', 'the failed one is over');
        const status = world.statusOf(operation);
        world.check(status === 'error', 'IA-72', 'status error', status, chan.name);
        forget(operation.spec);
        yield* world.complete(last);
        const others = [first, last].map((other) => world.statusOf(other)).join();
        world.check(others === 'complete,complete', 'IA-72', 'the others complete', others, chan.name);
      }
      world.audit('IA-72');
    },
  },
  {
    id: 'errors/found-by-polling',
    rules: ['IA-72', 'IA-70'],
    bugs: BUGS,
    title: 'A thread that spins with interrupts off learns of the error as well.',
    why: 'The error interrupt cannot come while the waiter keeps it out.',
    *run(world) {
      for (const { chan, kind, move } of movers(world)) {
        withInterruptsOff(world, () => {
          const { operation } = doom(world, chan, specOf(world, kind, 512), false);
          world.issue(chan);
          for (let turn = 0; turn < 200 && world.statusOf(operation) === 'in_progress'; turn++) {
            world.kernel.spend(200_000);
          }
          const status = world.statusOf(operation);
          world.check(status === 'error', 'IA-72', 'status error', status, chan.name);
          forget(operation.spec);
        });
        yield* world.settle();
        yield* world.finish(world.start(chan, move(64)));
      }
      world.audit('IA-72');
    },
  },
  {
    id: 'errors/other-channels',
    rules: ['IA-72', 'IA-45'],
    bugs: BUGS,
    title: 'While one channel fails, the others go on undisturbed.',
    why: 'Their errors come by different lines into the same code.',
    *run(world) {
      const all = movers(world);
      const [{ chan, kind }, ...others] = all;
      if (others.length === 0) throw new CaseSkipped('there is one channel only');
      const doomed = doom(world, chan, specOf(world, kind, 1024));
      const rest = others.flatMap((other) =>
        [1024, 64, 4096].map((len) => world.start(other.chan, other.move(len), { callback: true })),
      );
      for (const other of all) world.issue(other.chan);
      yield* world.callbacks(...rest);
      yield* failed(world, doomed);
      world.audit('IA-72');
    },
  },
  {
    id: 'errors/one-after-the-other',
    rules: ['IA-72', 'AX-41'],
    bugs: BUGS,
    title: 'Three failures in one queue are told to three submitters, and what stands between them is done.',
    why: 'An error bit that is not cleared keeps the engine from ever resuming.',
    *run(world) {
      for (const { chan, kind, move } of movers(world)) {
        const all = [1, 2, 3].map((i) => ({
          doomed: doom(world, chan, specOf(world, kind, 256 * i)),
          fine: world.start(chan, move(100 * i), { callback: true }),
        }));
        world.issue(chan);
        for (const { doomed, fine } of all) {
          yield* failed(world, doomed);
          yield* world.callbacks(fine);
        }
      }
      world.audit('IA-72');
    },
  },
  {
    id: 'errors/of-a-read-and-of-a-write',
    rules: ['IA-72', 'WT-10'],
    bugs: BUGS,
    title: 'Errors of reading and of writing, in the first block and in the last, are both told.',
    why: 'Part of the data are there; only the result says that it is not all.',
    *run(world) {
      for (const chan of world.channelsFor('copy')) {
        for (const access of ['read', 'write'] as const) {
          for (const at of [0, 3500]) {
            const [to, from] = spans(world, 2, 4000);
            const operation = world.prepare(chan, { kind: 'copy', to, from });
            const results: DmaTxResult[] = [];
            operation.tx.callbackResult = (result) => results.push(result);
            const { buffer } = access === 'read' ? from : to;
            inject(world, buffer.span(at, 1), access);
            operation.cookie = operation.tx.txSubmit(operation.tx);
            world.issue(chan);
            yield* failed(world, { operation, results });
          }
        }
      }
      world.audit('IA-72');
    },
  },
  {
    id: 'errors/of-the-descriptor-itself',
    rules: ['IA-72', 'IA-50'],
    bugs: BUGS,
    title: 'An error while the descriptor is fetched is told to its submitter.',
    why: 'The engine has not begun, and stands at an address that it never executed.',
    *run(world) {
      for (const { chan, kind, move } of movers(world)) {
        const operation = world.prepare(chan, specOf(world, kind, 128), { callback: true });
        const { phys } = operation.tx;
        if (phys === 0) throw new CaseSkipped('descriptors have no address');
        const results: DmaTxResult[] = [];
        operation.tx.callbackResult = (result) => results.push(result);
        world.kernel.machine.faults.inject({
          kind: 'master-abort',
          address: phys,
          length: 32,
          access: 'read',
          times: 1,
        });
        operation.cookie = operation.tx.txSubmit(operation.tx);
        const behind = world.start(chan, move(64), { callback: true });
        world.issue(chan);
        yield* failed(world, { operation, results });
        yield* world.callbacks(behind);
      }
      world.audit('IA-72');
    },
  },
  {
    id: 'errors/what-waits-for-it',
    rules: ['SW-10', 'IA-72', 'AX-40'],
    bugs: BUGS,
    title: 'What waits for a failed operation is submitted, after its submitter was told.',
    why: 'The submitter does the work again in software; the rest of the chain must follow, or it hangs.',
    *run(world) {
      const [first, second] = world.channels(2);
      const two = movers(world).find(({ chan }) => chan === second);
      const one = movers(world).find(({ chan }) => chan === first);
      if (one === undefined || two === undefined) throw new CaseSkipped('one channel moves nothing');
      const parent = world.prepare(first, specOf(world, one.kind, 256), { flags: 0, callback: true });
      const results: DmaTxResult[] = [];
      parent.tx.callbackResult = (result) => results.push(result);
      const child = world.prepare(second, two.move(64), { callback: true });
      inject(world, victim(parent.spec), 'any');
      world.chain(parent, child);
      parent.cookie = parent.tx.txSubmit(parent.tx);
      world.expect(child);
      world.issue(first);
      yield* failed(world, { operation: parent, results });
      yield* world.callbacks(child);
      world.ack(parent);
      world.audit('SW-10');
    },
  },
  {
    id: 'errors/then-a-new-start',
    rules: ['IA-76', 'IA-72'],
    bugs: BUGS,
    title: 'A channel that has failed and is given up starts afresh for its next client.',
    why: 'Error bits and the stopped engine outlive the client that met them.',
    *run(world) {
      for (const { chan, kind } of movers(world)) {
        const doomed = doom(world, chan, specOf(world, kind, 512));
        world.issue(chan);
        yield* failed(world, doomed);
      }
      world.dma.put();
      world.dma.get();
      for (const { chan, move } of movers(world)) yield* world.finish(world.start(chan, move(64)));
      world.audit('IA-76');
    },
  },
];
