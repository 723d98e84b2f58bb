/** Bugs of drivers and of what keeps their descriptors alive. */
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXor } from '../../async_tx/xor';
import { DmaCapability } from '../../dmaengine/capability';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import type { CaseWorld } from '../world/case-world';
import { shadowOf } from '../world/buffers';
import { plainXor } from '../../dmaengine/dmatest/plain';
import type { Exhibit } from './exhibit';
import { bugOfMutant } from './exhibit';
import { pinned, Relay } from './relay';

/** Bytes of a descriptor slot. */
const SLOT = 32;
/** More copies than any channel of an IOP342 has slots. */
const ALL_SLOTS = 130;

/** The IOP321 whose AAU has as few slots as a chained xor can live with (IA-13). */
const FEW_SLOTS: PlatformRecord = {
  ...PLATFORMS.iop321,
  engines: PLATFORMS.iop321.engines.map((engine) =>
    engine.kind === 'aau' ? { ...engine, poolBytes: 3 * SLOT } : engine,
  ),
};

/** The IOP342 with a write buffer that keeps stores for 4 µs. */
const SLOW_STORES: PlatformRecord = {
  ...PLATFORMS.iop342,
  timing: { ...PLATFORMS.iop342.timing, STORE_DRAIN: { ...PLATFORMS.iop342.timing.STORE_DRAIN, value: 4000 } },
};

export const DRIVER_EXHIBITS: readonly Exhibit[] = [
  {
    id: 'X-07',
    title: 'A long xor waits for the descriptors that it holds itself',
    commit: 'async_tx: fix handling of the “out of descriptor” condition in async_xor (669ab0b210f, 2008)',
    rules: ['XR-12', 'IA-11', 'IA-13'],
    platform: FEW_SLOTS,
    story: {
      wrong:
        'An xor of many sources is a chain of descriptors. When the pool ran out in its middle, async_xor asked again and again; the descriptors it had submitted were below the driver’s threshold and never ran.',
      symptom: 'A spin inside async_xor, for ever.',
      lesson: 'Whoever waits for a resource must first let go of, and push on, what he has of it.',
    },
    around: (parts) => {
      const { hardware } = parts;
      parts.hardware = (engine) => (engine.kind === 'aau' ? { ...hardware(engine), maxXor: 2 } : hardware(engine));
    },
    bug: (parts) => {
      parts.generation = {
        ...parts.generation,
        prep: (api, _chan, _submit, prep) => {
          for (;;) {
            const tx = prep();
            if (tx !== null) return tx;
            api.kernel.processor.relax('XR-12', 'async_xor');
          }
        },
      };
    },
    *run(world) {
      yield* xorOfMany(world, 8, 1);
    },
  },
  {
    id: 'I-04',
    title: 'Descriptors are reclaimed by a tasklet that cannot run',
    ...bugOfMutant('reclaim-missing'),
    rules: ['IA-11', 'XR-12'],
    story: {
      wrong:
        'With the pool empty, prep asked a tasklet to clean up and returned. Its caller tries again with bottom halves off, as raid5d did: the tasklet never gets the processor.',
      symptom: 'A livelock in xor under load; one processor at 100 % and no progress.',
      lesson: 'Progress must not depend on something that your caller has forbidden.',
    },
    *run(world) {
      world.kernel.tasklets.disable();
      yield* xorOfMany(world, 16, 40);
    },
  },
  {
    id: 'D-05',
    title: 'A recycled descriptor is still acked',
    ...bugOfMutant('stale-ack'),
    rules: ['CF-05', 'AX-30'],
    story: {
      wrong: 'A descriptor that had been acked in its last life was handed out as it was.',
      symptom: 'A BUG when something is attached to it; without that check it is freed before its child is attached.',
      lesson: 'Prep gives a new descriptor: every field that outlives an operation is written.',
    },
    around: pinned,
    *run(world) {
      const relay = new Relay(world, 2);
      yield* relay.others(0, ALL_SLOTS);
      relay.chain([0, 1]);
      yield* relay.finish(2);
      relay.check('AX-41');
    },
  },
  {
    id: 'F-08',
    title: 'A completed descriptor is given to somebody else before it was acked',
    ...bugOfMutant('recycled-before-ack'),
    rules: ['IA-59', 'AX-30', 'AX-42'],
    story: {
      wrong: 'Completed descriptors went back to the pool whether their submitter was done with them or not.',
      symptom:
        'The submitter attaches the next operation to a descriptor that belongs to another by now: a BUG if he is lucky.',
      lesson: 'Completion ends the engine’s use of a descriptor; the ack ends the client’s.',
    },
    around: pinned,
    *run(world) {
      const relay = new Relay(world, 2);
      const first = relay.copy(0, 0, null);
      yield* relay.finish(1);
      yield* relay.others(0, ALL_SLOTS);
      relay.copy(1, 1, first);
      yield* relay.finish(2);
      relay.check('AX-41');
    },
  },
  {
    id: 'I-03',
    title: 'The doorbell overtakes the link',
    commit: 'iop-adma: add a dummy read to flush next descriptor update (137cb55c6dc, 2008)',
    rules: ['IA-43', 'IA-46'],
    platform: SLOW_STORES,
    story: {
      wrong:
        'Submission writes the next pointer of the old tail and reads something back to flush it; it read another word. The store was still in the write buffer when the chain-resume bit arrived.',
      symptom: 'The engine reads its next pointer again, finds the old null, and stays idle. The work stalls.',
      lesson: 'A read flushes the writes to the word it reads.',
    },
    bug: (parts) => {
      parts.steps = {
        ...parts.steps,
        linkTail: (chan, tail, phys) => {
          chan.setNextDesc(tail, phys);
          chan.kernel.load32(tail.phys + 4);
        },
      };
    },
    *run(world) {
      const [chan] = world.channels(1, DmaCapability.MEMCPY);
      const [from, to] = world.blocks(2);
      yield* world.settle();
      const copy = world.start(chan, { kind: 'copy', to: to.span(), from: from.span() }, { callback: true });
      world.note('a copy is submitted to an idle engine and issued');
      world.issue(chan);
      yield* world.callbacks(copy);
      world.audit('IA-43');
    },
  },
];

/** `count` times the sum of so many blocks, one operation after the other, all asked for at once. */
function* xorOfMany(world: CaseWorld, sources: number, count: number): ThreadBody {
  const { api } = world;
  const blocks = world.blocks(sources);
  const dests = world.blocks(count);
  let ended = 0;
  world.note(`${count} xor of ${sources} blocks ${count === 1 ? 'is' : 'are'} asked for`);
  for (const dest of dests) {
    const submit = initAsyncSubmit(AsyncTxFlags.ACK | AsyncTxFlags.XOR_ZERO_DST, null, () => {
      ended++;
    });
    const pages = blocks.map((block) => block.pages[0]);
    asyncXor(api, dest.pages[0], pages, 0, PAGE_SIZE, submit);
    shadowOf(dest.span()).set(
      plainXor(
        blocks.map((block) => block.shadow),
        PAGE_SIZE,
      ),
    );
  }
  world.note('all are asked for');
  if (world.kernel.tasklets.blocked) world.kernel.tasklets.enable();
  api.issuePendingAll();
  yield* world.until(() => ended === count, 'XR-12', 'every xor has called back');
  world.checkData('XR-12');
}
