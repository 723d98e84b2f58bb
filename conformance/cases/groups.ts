/** Operations that are longer than one descriptor: groups. */
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaChan } from '../../dmaengine/device';
import type { ConformanceCase } from '../case';
import type { Span } from '../world/buffers';
import type { CaseWorld } from '../world/case-world';
import { spinUntilComplete } from './completion';
import { can, flip, makeZeroSum, spans, specOf } from './parts';

const { XOR_VAL } = DmaCapability;
const KIB = 1024;

export const GROUPS: readonly ConformanceCase[] = [
  {
    id: 'groups/long-checks',
    rules: ['IA-22', 'IA-55'],
    title: 'Checks of a byte more than one descriptor takes, and of many descriptors, find what is right right.',
    why: 'The pieces must lie side by side: a gap is never checked, an overlap twice.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        for (const len of [KIB, KIB + 1, 2 * KIB, 3 * KIB + 5, 16 * KIB]) {
          yield* world.finish(world.start(chan, { kind: 'xor_val', from: zeroSum(world, 3, len) }));
        }
      }
      world.audit('IA-55');
    },
  },
  {
    id: 'groups/wrong-anywhere',
    rules: ['IA-55', 'IA-22', 'CF-06'],
    title: 'A wrong bit in any piece of a long check is reported, in its first byte or its last.',
    why: 'If only the last piece counted, most of a corrupt stripe would pass.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        for (let piece = 0; piece < 5; piece++) {
          for (const at of [piece * KIB, Math.min(piece * KIB + KIB - 1, 4 * KIB + 99)]) {
            const from = zeroSum(world, 2, 4 * KIB + 100);
            flip(from[piece % 2], at, at % 8);
            yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
          }
        }
      }
      world.audit('IA-55');
    },
  },
  {
    id: 'groups/one-callback',
    rules: ['IA-54', 'AX-41', 'CK-03'],
    title: 'A check of many descriptors calls back once, with its answer there.',
    why: 'Every descriptor of it may interrupt, and none but the last means anything.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        for (const broken of [false, true]) {
          const from = zeroSum(world, 4, 8 * KIB);
          if (broken) flip(from[0], 0);
          const check = world.prepare(
            chan,
            { kind: 'xor_val', from },
            {
              callback: true,
              onCallback: () => {
                const { value } = check.result;
                world.check(value === check.answer, 'IA-55', `${check.answer} in the callback`, `${value}`, chan.name);
              },
            },
          );
          world.submit(check);
          world.issue(chan);
          yield* world.callbacks(check);
        }
      }
      world.audit('IA-54');
    },
  },
  {
    id: 'groups/complete-as-a-whole',
    rules: ['IA-54', 'XV-06', 'WT-10'],
    title: 'While a long check is under way it reads in progress, up to its last descriptor.',
    why: 'Its answer counts after completion: asked too early it would be that of the first piece.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        const from = zeroSum(world, 4, 8 * KIB);
        flip(from[1], 8 * KIB - 1);
        const check = world.start(chan, { kind: 'xor_val', from });
        world.issue(chan);
        spinUntilComplete(world, check);
        const { value } = check.result;
        world.check(value === check.answer, 'XV-06', `${check.answer} when complete`, `it is ${value}`, chan.name);
      }
      yield* world.settle();
      world.audit('IA-54');
    },
  },
  {
    id: 'groups/one-behind-the-other',
    rules: ['IA-54', 'IA-55', 'IA-43'],
    title: 'Long checks, short ones and sums in a row each get their own answer.',
    why: 'Where one group ends and the next begins is nowhere written but in the driver’s counting.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        const all = [3, 1, 5, 2, 4].map((pieces) => {
          const from = zeroSum(world, 2, pieces * KIB - 24);
          if (pieces % 2 === 1) flip(from[0], 17);
          return world.start(chan, { kind: 'xor_val', from }, { callback: true });
        });
        const sum = can(chan, 'xor') ? [world.start(chan, specOf(world, 'xor', KIB))] : [];
        yield* world.finish(...all, ...sum);
        world.audit('IA-54');
      }
    },
  },
  {
    id: 'groups/asked-in-the-middle',
    rules: ['IA-54', 'IA-52'],
    title: 'A long check that is looked at again and again while it runs, with work behind it, ends with its answer.',
    why: 'Each look may stop inside the group, and must begin there anew.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        for (let turn = 0; turn < 12; turn++) {
          const from = zeroSum(world, 3, 4 * KIB);
          flip(from[2], turn * 300);
          const check = world.start(chan, { kind: 'xor_val', from }, { callback: true });
          const behind = world.start(chan, { kind: 'xor_val', from: from.slice(0, 2) }, { callback: true });
          world.issue(chan);
          world.kernel.spend(turn * 310_000);
          world.statusOf(behind);
          yield* world.callbacks(check, behind);
          world.checkData('IA-54');
        }
      }
      world.audit('IA-54');
    },
  },
  {
    id: 'groups/answer-stays',
    rules: ['IA-56', 'IA-55'],
    title:
      'An answer is stored once: what the client puts there afterwards stays, however often the driver looks again.',
    why: 'The client has long used that word for something else when its descriptor is acked.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        for (const len of [512, 3 * KIB]) yield* answerStays(world, chan, len);
      }
      world.audit('IA-56');
    },
  },
];

/** Stretches that sum to zero. */
function zeroSum(world: CaseWorld, count: number, len: number): Span[] {
  const all = spans(world, count, len);
  makeZeroSum(all);
  return all;
}

function* answerStays(world: CaseWorld, chan: DmaChan, len: number): Generator<void, void, void> {
  const check = world.start(chan, { kind: 'xor_val', from: zeroSum(world, 2, len) }, { flags: 0 });
  yield* world.finish(check);
  const { result, answer } = check;
  world.check(result.value === answer, 'IA-55', `answer ${answer}`, `it is ${result.value}`, chan.name);
  result.value = 0x77;
  for (let i = 0; i < 3; i++) {
    yield* world.finish(world.start(chan, { kind: 'xor_val', from: zeroSum(world, 2, 64) }));
  }
  world.check(result.value === 0x77, 'IA-56', 'the client’s own value', `it is ${result.value}`, chan.name);
  result.value = answer ?? 0;
  world.ack(check);
}
