/** Data of sums and their checks. */
import { DmaCapability } from '../../dmaengine/capability';
import type { ConformanceCase } from '../case';
import type { OperationSpec } from '../world/operation';
import { flip, makeZeroSum, SIZES, sourceCounts, spans } from './parts';

const { XOR, XOR_VAL } = DmaCapability;

export const DATA_SUMS: readonly ConformanceCase[] = [
  {
    id: 'xor/sizes',
    rules: ['XR-02', 'IA-22'],
    title: 'Sums of every size around which something changes are right, and touch nothing beside.',
    why: 'Parity that is wrong in its last bytes is found when a disk has died.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        for (const len of SIZES) {
          const [to, ...from] = spans(world, 4, len);
          yield* world.finish(world.start(chan, { kind: 'xor', to, from }));
        }
      }
      world.audit('XR-02');
    },
  },
  {
    id: 'xor/source-counts',
    rules: ['IA-21', 'IA-20', 'XR-02'],
    title: 'Sums of one source up to the most there may be are right.',
    why: 'Each format of descriptor has its own words for sources and for what is done with them.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      for (const count of sourceCounts(chan.device.maxXor)) {
        const [to, ...from] = spans(world, count + 1, 1100);
        yield* world.finish(world.start(chan, { kind: 'xor', to, from }));
      }
      world.audit('IA-21');
    },
  },
  {
    id: 'xor/replaces-the-destination',
    rules: ['XR-02'],
    title: 'What the destination held before does not count.',
    why: 'The processor adds to it, an engine does not: clients tell them apart by flags.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        for (const sources of [1, 2, 6]) {
          const [to, ...from] = spans(world, sources + 1, 200);
          yield* world.finish(world.start(chan, { kind: 'xor', to, from }));
          yield* world.finish(world.start(chan, { kind: 'xor', to, from }));
        }
      }
      world.audit('XR-02');
    },
  },
  {
    id: 'xor/in-place',
    rules: ['XR-04', 'AX-41'],
    title: 'Sums whose destination is a source, first, in the middle or last, add to it once.',
    why: 'Read-modify-write takes the old data out of parity this way.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        for (const place of [0, 1, 2]) {
          for (const len of [1, 1024, 5000]) {
            const from = spans(world, 3, len);
            yield* world.finish(world.start(chan, { kind: 'xor', to: from[place], from }));
          }
        }
      }
      world.audit('XR-04');
    },
  },
  {
    id: 'xor/same-source-twice',
    rules: ['XR-02'],
    title: 'A source that is named twice cancels itself.',
    why: 'Recovery of two lost blocks names blocks as it finds them.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        const [to, a, b] = spans(world, 3, 700);
        for (const from of [
          [a, a],
          [a, b, a],
          [a, b, b, a],
          [b, b, b],
        ]) {
          yield* world.finish(world.start(chan, { kind: 'xor', to, from }));
          world.checkData('XR-02');
        }
      }
      world.audit('XR-02');
    },
  },
  {
    id: 'xor/alignments',
    rules: ['CF-07', 'XR-02'],
    title: 'Sums of sources that each lie at another byte offset are right.',
    why: 'Stripes on pages of 64 KiB hand in offsets of all kinds.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const unit = 1 << chan.device.xorAlign;
      for (let turn = 0; turn < 8; turn++) {
        const pages = world.blocks(4, 2048);
        const [to, ...from] = pages.map((page, i) => page.span(((turn + 3 * i) % 8) * unit, (90 + turn) * unit));
        yield* world.finish(world.start(chan, { kind: 'xor', to, from }));
      }
      world.audit('CF-07');
    },
  },
  {
    id: 'xor/long',
    rules: ['IA-22', 'XR-02'],
    title: 'A sum of 64 KiB and five bytes is right.',
    why: 'A count field that is cut to 16 bits leaves nearly all of it out.',
    *run(world) {
      const [chan] = world.channels(1, XOR);
      const [to, ...from] = spans(world, 3, 65_541);
      const sum = world.start(chan, { kind: 'xor', to, from }, { callback: true });
      world.issue(chan);
      yield* world.callbacks(sum);
      world.audit('IA-22');
    },
  },
  {
    id: 'xor/undone-by-itself',
    rules: ['XR-02', 'IA-43'],
    title: 'Adding a block and adding it again, in one queue, gives back what was there.',
    why: 'Both sums read what the one before has written.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        const [sum, a, b] = spans(world, 3, 3000);
        const add = (from: typeof a): OperationSpec => ({ kind: 'xor', to: sum, from: [sum, from] });
        yield* world.finish(...[a, b, a, b, b].map((from) => world.start(chan, add(from))));
      }
      world.audit('IA-43');
    },
  },
  {
    id: 'xor-val/right-and-wrong',
    rules: ['XV-01', 'CF-06'],
    title: 'Checks of every size answer 0 when the sum is zero, and 1 when one bit is not.',
    why: 'It is what a scrub of the array believes.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        for (const len of SIZES) {
          const from = spans(world, 3, len);
          makeZeroSum(from);
          yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
          flip(from[1], len - 1, 7);
          yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
        }
      }
      world.audit('XV-01');
    },
  },
  {
    id: 'xor-val/every-source-counts',
    rules: ['XV-01', 'IA-21', 'IA-20'],
    title: 'A wrong bit in any of as many sources as there may be is found, and so is none.',
    why: 'A source that the check leaves out is never scrubbed.',
    *run(world) {
      const [chan] = world.channels(1, XOR_VAL);
      for (const count of sourceCounts(chan.device.maxXor)) {
        const from = spans(world, count, 64);
        makeZeroSum(from);
        yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
        for (const wrong of [0, count >> 1, count - 1]) {
          flip(from[wrong], 63 - wrong, wrong % 8);
          yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
          flip(from[wrong], 63 - wrong, wrong % 8);
        }
      }
      world.audit('XV-01');
    },
  },
  {
    id: 'xor-val/every-bit-counts',
    rules: ['XV-01', 'IA-55'],
    title: 'A single wrong bit is found wherever it is: first byte, last byte, every block, every bit of a byte.',
    why: 'One bit is what a tired disk gets wrong.',
    *run(world) {
      const [chan] = world.channels(1, XOR_VAL);
      const from = spans(world, 2, 4096);
      makeZeroSum(from);
      for (const at of [0, 1, 31, 32, 1023, 1024, 2047, 2048, 3072, 4094, 4095]) {
        flip(from[0], at, at % 8);
        yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
        flip(from[0], at, at % 8);
      }
      for (let bit = 0; bit < 8; bit++) {
        flip(from[1], 5, bit);
        yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
        flip(from[1], 5, bit);
      }
      yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
      world.audit('XV-01');
    },
  },
  {
    id: 'xor-val/changes-nothing',
    rules: ['XV-01', 'XV-03'],
    title: 'A check changes none of its sources.',
    why: 'md uses the parity that was checked without reading it again.',
    *run(world) {
      for (const chan of world.channels(1, XOR_VAL)) {
        for (const len of [100, 1024, 3000]) {
          const from = spans(world, 5, len);
          yield* world.finish(world.start(chan, { kind: 'xor_val', from }));
          world.checkData('XV-03');
        }
      }
      world.audit('XV-03');
    },
  },
  {
    id: 'xor-val/after-the-sum',
    rules: ['XV-01', 'XV-06', 'IA-43'],
    title: 'A check behind the sum that it checks, in one queue, finds it right.',
    why: 'It must read what the sum wrote, not what was there.',
    *run(world) {
      for (const chan of world.channels(1, XOR, XOR_VAL)) {
        const [sum, ...from] = spans(world, 4, 2048);
        const all = [
          world.start(chan, { kind: 'xor', to: sum, from }),
          world.start(chan, { kind: 'xor_val', from: [sum, ...from] }),
          world.start(chan, { kind: 'xor', to: sum, from: [sum, from[0]] }),
          world.start(chan, { kind: 'xor_val', from: [sum, ...from] }),
          world.start(chan, { kind: 'xor_val', from: [sum, ...from.slice(1)] }),
        ];
        yield* world.finish(...all);
      }
      world.audit('XV-06');
    },
  },
];
