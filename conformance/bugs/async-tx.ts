/** Bugs of async_tx: waits, dependencies, the software path. */
import { GENERATION_2_6_23, GENERATION_2_6_23_RC, GENERATION_2_6_26 } from '../../async_tx/legacy/generations';
import type { Generation } from '../../async_tx/generation';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncGenSyndrome } from '../../async_tx/pq';
import { asyncSyndromeVal } from '../../async_tx/pq-val';
import { AsyncTxFlags, FlagsOf2007, initAsyncSubmit } from '../../async_tx/submit';
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { asyncXorVal } from '../../async_tx/xor-val';
import { asyncXor, asyncXorOffs } from '../../async_tx/xor';
import { SumCheck } from '../../dmaengine/flags';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { PLATFORMS } from '../../emulator/platforms';
import type { StackParts } from '../stack';
import { shadowOf } from '../world/buffers';
import { plainXor } from '../../dmaengine/dmatest/plain';
import type { Exhibit } from './exhibit';
import { bugOfMutant } from './exhibit';
import { pinned, Relay } from './relay';

const { ACK, XOR_DROP_DST, XOR_ZERO_DST } = AsyncTxFlags;

/** Another kernel's async_tx with the driver of its time. */
function kernel(generation: Generation): (parts: StackParts) => void {
  return (parts) => {
    parts.generation = generation;
    parts.steps = generation.driver;
  };
}

/** The kernel in which dependencies and waits were put right. */
function of2626(parts: StackParts): void {
  pinned(parts);
  kernel(GENERATION_2_6_26)(parts);
}

const DEPENDENCIES = 'async_tx: fix multiple dependency submission (19242d7233d, 2008)';

export const ASYNC_TX_EXHIBITS: readonly Exhibit[] = [
  {
    id: 'X-01',
    title: 'The wait that climbs past its own operation',
    commit: 'async_tx: fix dma_wait_for_async_tx (6247cdc2cd3, 2007)',
    rules: ['WT-10', 'WT-02', 'WT-07'],
    story: {
      wrong:
        'To wait for an operation that is not submitted yet, its parents were climbed up to one that is. When that one has long been complete, waiting for it does nothing, and the climb begins again.',
      symptom: 'The caller spins for ever: what would submit his operation waits for a flush that nobody gives.',
      lesson: 'Wait for what will wake you, not for what you happen to reach.',
    },
    around: of2626,
    bug: kernel(GENERATION_2_6_23_RC),
    *run(world) {
      const relay = new Relay(world, 2);
      const first = relay.copy(0, 0, null);
      yield* relay.finish(1);
      // The parent is complete and unacked; no tasklet runs until the wait is over.
      world.kernel.tasklets.disable();
      relay.wait(relay.copy(1, 1, first), 'WT-10');
      world.kernel.tasklets.enable();
    },
  },
  {
    id: 'WT-04',
    title: 'The repaired wait says success before anything ran',
    commit: DEPENDENCIES,
    rules: ['WT-10', 'WT-04', 'CK-11'],
    story: {
      wrong:
        'The repair of X-01 stops below the submitted parent, at the operation itself, and asks for its cookie: -EBUSY, which the arithmetic of cookies takes for complete.',
      symptom: 'dma_wait_for_async_tx returns success; the data are not there yet, and may not even be under way.',
      lesson: 'A value that means “none” must not survive a comparison that means “older than”.',
    },
    around: of2626,
    bug: kernel(GENERATION_2_6_23),
    *run(world) {
      const relay = new Relay(world, 2);
      relay.wait(relay.chain([0, 1]), 'WT-10');
      yield* world.settle(0);
    },
  },
  {
    id: 'WT-05',
    title: 'The repaired wait for a chain of three never ends',
    commit: DEPENDENCIES,
    rules: ['WT-10', 'WT-05'],
    story: {
      wrong:
        'With three operations the climb stops at the middle one, flushes that one’s channel, finds its -EBUSY “complete” and begins again. The first operation’s channel is never flushed.',
      symptom: 'A spin inside the kernel, as long as the first operation is below its driver’s threshold.',
      lesson: 'A loop that waits must change something in each turn, or be sure that somebody else does.',
    },
    around: of2626,
    bug: kernel(GENERATION_2_6_23),
    *run(world) {
      const relay = new Relay(world, 3);
      relay.wait(relay.chain([0, 1, 2]), 'WT-10');
      yield* world.settle(0);
    },
  },
  {
    id: 'X-02',
    title: 'xor → copy → copy: the last one overtakes',
    commit: DEPENDENCIES,
    rules: ['AX-40', 'AX-39'],
    platform: PLATFORMS.iop321,
    story: {
      wrong:
        'Submission looked at the channel alone: behind an operation on the same channel it submitted at once. But that one was itself still waiting for the xor on the AAU.',
      symptom: 'The second copy reads a block into which the first has not written; md writes garbage.',
      lesson: 'Order on a channel is the order of submission, and an operation that waits has not been submitted.',
    },
    around: kernel(GENERATION_2_6_26),
    bug: kernel(GENERATION_2_6_23),
    *run(world) {
      const blocks = world.blocks(5);
      const [sum, copied, again, ...sources] = blocks;
      const [dest, first, second] = [sum, copied, again].map(({ pages }) => pages[0]);
      let ended = 0;
      const submit = (flags: number, depend: AsyncTxResult) =>
        initAsyncSubmit(flags, depend, () => {
          ended++;
          world.note(`operation ${ended} calls back`);
        });
      const { api } = world;
      world.note('an xor, a copy of its result, and a copy of that copy are asked for');
      const pages = sources.map((source) => source.pages[0]);
      let tx = asyncXor(api, dest, pages, 0, PAGE_SIZE, submit(XOR_ZERO_DST, null));
      tx = asyncMemcpy(api, first, dest, 0, 0, PAGE_SIZE, submit(FlagsOf2007.DEP_ACK, tx));
      asyncMemcpy(api, second, first, 0, 0, PAGE_SIZE, submit(ACK | FlagsOf2007.DEP_ACK, tx));
      const wanted = plainXor(
        sources.map((source) => shadowOf(source.span())),
        PAGE_SIZE,
      );
      for (const block of [sum, copied, again]) shadowOf(block.span()).set(wanted);
      api.issuePendingAll();
      yield* world.until(() => ended === 3, 'AX-41', 'all three have called back');
      world.checkData('AX-40');
    },
  },
  {
    id: 'X-03',
    title: 'The same flaw in today’s submission',
    commit: 'Fix the bug in processing ASYNC_TX dependencies on the same ADMA channel (denx 8d5ebdee13c, 2007)',
    rules: ['AX-31', 'AX-40'],
    story: {
      wrong:
        'Only the channel of the dependency was looked at, not whether it still waits for something itself. Found in a fork a few weeks before X-02.',
      symptom: 'Two operations on one channel run in the wrong order, once in a while.',
      lesson: 'The state that decides is whether the parent has a parent; look at it under the parent’s lock.',
    },
    around: pinned,
    bug: (parts) => {
      const { attach } = parts.generation;
      parts.generation = {
        ...parts.generation,
        attach: (api, chan, tx, dependTx) => {
          if (dependTx.chan === chan) tx.txSubmit(tx);
          else attach(api, chan, tx, dependTx);
        },
      };
    },
    *run(world) {
      const relay = new Relay(world, 3);
      relay.chain([0, 1, 1]);
      yield* relay.finish(3);
      relay.check('AX-40');
    },
  },
  {
    id: 'X-04',
    title: 'The link behind the second channel switch is cut',
    ...bugOfMutant('later-link-cut'),
    rules: ['SW-05', 'SW-04', 'AX-41'],
    story: {
      wrong:
        'Running dependants cleared the link of each one it submitted, also when that link led to another channel, where it is needed once more when the interrupt descriptor completes.',
      symptom: 'What comes after the second change of channels is never submitted; an array hangs.',
      lesson: 'Whoever clears a link must have followed it.',
    },
    around: pinned,
    *run(world) {
      const relay = new Relay(world, 3);
      relay.chain([0, 1, 0]);
      yield* relay.finish(3);
      relay.check('AX-40');
    },
  },
  {
    id: 'X-05',
    title: 'A dependant is submitted twice',
    ...bugOfMutant('submitted-again'),
    rules: ['SW-04', 'SW-10', 'AX-41'],
    story: {
      wrong:
        'A rewrite “for readability” no longer cleared the first link. Cleanup comes by a completed descriptor as often as it stays on the chain.',
      symptom: 'The same operation is queued again and again: corrupt lists, here a BUG at the second submission.',
      lesson: 'Code that runs more than once on the same thing must leave it different the first time.',
    },
    around: pinned,
    *run(world) {
      const relay = new Relay(world, 2);
      relay.chain([0, 1]);
      yield* relay.finish(2);
      yield* relay.others(0, 2);
      relay.check('AX-41');
    },
  },
  {
    id: 'X-12',
    title: 'A check of more sources than a descriptor has',
    ...bugOfMutant('check-limit-ignored'),
    rules: ['XV-02', 'IA-21'],
    story: {
      wrong: 'xor is cut into descriptors of so many sources; the check handed all of them to one.',
      symptom: 'A descriptor is written beyond its end, over its neighbours. This driver notices.',
      lesson: 'Two operations with the same limits want the same check of them.',
    },
    *run(world) {
      const blocks = world.blocks(17);
      const sum = plainXor(
        blocks.slice(1).map((block) => block.shadow),
        PAGE_SIZE,
      );
      sum.forEach((byte, i) => blocks[0].poke(i, byte));
      const pages = blocks.map((block) => block.pages[0]);
      const result = { value: SumCheck.P_RESULT };
      world.note('17 blocks whose sum is zero are checked');
      const tx = asyncXorVal(world.api, pages[0], pages, 0, PAGE_SIZE, result, initAsyncSubmit(0));
      world.api.quiesceTx(tx);
      world.note(`the check answers ${result.value}`);
      world.check(result.value === 0, 'XV-02', 'the sum of 17 blocks to be zero', `the check answers ${result.value}`);
      yield* world.settle(0);
    },
  },
  {
    id: 'X-19',
    title: 'The destination is dropped, its offset is not',
    ...bugOfMutant('offsets-left-behind'),
    rules: ['XR-02', 'XR-05'],
    platform: PLATFORMS.none,
    story: {
      wrong:
        'When the destination stands first among the sources, software leaves it out: the list of pages moved on by one, the list of their offsets did not.',
      symptom: 'Wrong parity, where pages hold several blocks: a machine with 64 KiB pages loses a file system.',
      lesson: 'Two lists that belong together want to be one list of pairs.',
    },
    *run(world) {
      const blocks = world.blocks(3);
      const spans = blocks.map((block, i) => block.span(1024 * i, 512));
      const pages = spans.map(({ buffer, offset }) => ({ page: buffer.pages[0], offset }));
      world.note('block 0 at 0 ^= block 1 at 1024 ^ block 2 at 2048');
      asyncXorOffs(world.api, pages[0], pages, 512, initAsyncSubmit(ACK | XOR_DROP_DST));
      shadowOf(spans[0]).set(plainXor(spans.map(shadowOf), 512));
      world.checkData('XR-02');
      yield* world.settle(0);
    },
  },
  {
    id: 'X-20',
    title: 'The check that makes itself right',
    ...bugOfMutant('check-rewrites'),
    rules: ['PV-05', 'PV-03', 'PV-04'],
    platform: PLATFORMS.none,
    story: {
      wrong: 'Without an engine P and Q were computed again, in their places, and nothing was compared.',
      symptom: 'Every check of a RAID-6 succeeds, and silently overwrites the evidence.',
      lesson: 'Test each check with something that is wrong.',
    },
    *run(world) {
      const { api } = world;
      const blocks = world.blocks(6);
      const [spare, ...stripe] = blocks.map((block) => ({ page: block.pages[0], offset: 0 }));
      asyncGenSyndrome(api, stripe, PAGE_SIZE, initAsyncSubmit(ACK));
      const q = blocks[5];
      q.bytes[100] ^= 4;
      const before = q.bytes.slice();
      world.note('a bit of Q turns over, and the stripe is checked');
      const result = { value: 0 };
      asyncSyndromeVal(api, stripe, PAGE_SIZE, result, spare, initAsyncSubmit(ACK));
      world.note(`the check answers ${result.value}`);
      const found = result.value === SumCheck.Q_RESULT;
      world.check(found, 'PV-05', `${SumCheck.Q_RESULT}, Q is wrong`, `the check answers ${result.value}`);
      const kept = q.bytes.every((byte, i) => byte === before[i]);
      world.check(kept, 'PV-04', 'Q to stay as it is', 'the check writes it');
      yield* world.settle(0);
    },
  },
];
