/** Data of copies and fills. */
import { MICROSECOND } from '../../emulator/sim/time';
import type { ConformanceCase } from '../case';
import type { OperationSpec } from '../world/operation';
import { SIZES, spanMaker, spans } from './parts';

const OFFSETS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

export const DATA_MOVES: readonly ConformanceCase[] = [
  {
    id: 'copy/sizes',
    rules: ['MC-01', 'IA-22'],
    title: 'Copies of every size around which something changes are right, and touch nothing beside.',
    why: 'The last bytes of a length that is no multiple of anything are the first to be wrong.',
    *run(world) {
      for (const chan of world.channelsFor('copy')) {
        for (const len of SIZES) {
          const [to, from] = spans(world, 2, len);
          yield* world.finish(world.start(chan, { kind: 'copy', to, from }));
        }
      }
      world.audit('MC-01');
    },
  },
  {
    id: 'copy/alignments',
    rules: ['MC-01', 'CF-07'],
    title: 'Copies from every byte offset to every byte offset are right.',
    why: 'Low address bits that are dropped shift the data, or spoil the bytes before them.',
    *run(world) {
      const [chan] = world.channelsFor('copy');
      const unit = 1 << chan.device.copyAlign;
      const [to, from] = world.blocks(2, 64 * 96);
      const all = OFFSETS.flatMap((a) =>
        OFFSETS.map((b): OperationSpec => {
          const at = 96 * (8 * a + b);
          return { kind: 'copy', to: to.span(at + a * unit, 41 * unit), from: from.span(at + b * unit, 41 * unit) };
        }),
      );
      if (unit > 1) all.splice(1);
      for (const spec of all) yield* world.finish(world.start(chan, spec));
      world.audit('MC-01');
    },
  },
  {
    id: 'copy/long',
    rules: ['IA-22', 'MC-01'],
    title: 'Copies of 64 KiB and a byte, and of half a mebibyte, are right.',
    why: 'A count field that is cut to 16 bits moves one byte.',
    *run(world) {
      const [chan] = world.channelsFor('copy');
      for (const len of [65_537, 524_288]) {
        const [to, from] = spans(world, 2, len);
        const copy = world.start(chan, { kind: 'copy', to, from }, { callback: true });
        world.issue(chan);
        yield* world.callbacks(copy);
      }
      world.audit('IA-22');
    },
  },
  {
    id: 'copy/within-a-page',
    rules: ['MC-01'],
    title: 'Copies within one page, end to end, are right.',
    why: 'Both ends share their mapping’s page and cache lines.',
    *run(world) {
      for (const chan of world.channelsFor('copy')) {
        const page = world.buffer();
        for (const [from, to, len] of [
          [0, 1024, 1024],
          [1024, 0, 512],
          [3000, 4000, 96],
          [0, 2048, 2048],
        ]) {
          const spec: OperationSpec = { kind: 'copy', to: page.span(to, len), from: page.span(from, len) };
          yield* world.finish(world.start(chan, spec));
        }
      }
      world.audit('MC-01');
    },
  },
  {
    id: 'copy/over-page-borders',
    rules: ['MC-01'],
    title: 'Copies over the borders of pages are right.',
    why: 'An engine that wraps at a boundary starts again at the front of the page.',
    *run(world) {
      for (const chan of world.channelsFor('copy')) {
        const [to, from] = world.blocks(2, 3 * 4096);
        for (const [a, b, len] of [
          [4095, 4095, 2],
          [4064, 4100, 5000],
          [1000, 3000, 8192],
        ]) {
          yield* world.finish(world.start(chan, { kind: 'copy', to: to.span(a, len), from: from.span(b, len) }));
        }
      }
      world.audit('MC-01');
    },
  },
  {
    id: 'copy/what-is-read-when',
    rules: ['MC-01', 'WT-10'],
    title: 'A source that its owner changes after completion was copied as it was before.',
    why: 'Completion is what gives the source back to its owner.',
    *run(world) {
      for (const chan of world.channelsFor('copy')) {
        const [to, from] = spans(world, 2, 2048);
        yield* world.finish(world.start(chan, { kind: 'copy', to, from }));
        for (let i = 0; i < from.len; i++) from.buffer.poke(i, 0);
        yield* world.settle(10 * MICROSECOND);
        world.checkData('WT-10');
      }
      world.audit('MC-01');
    },
  },
  {
    id: 'fill/values',
    rules: ['MC-04'],
    title: 'Fills with any byte, in any place of the word, are right.',
    why: 'The engine takes a pattern of 32 bits: a byte that is not repeated fills every fourth.',
    *run(world) {
      for (const chan of world.channelsFor('fill')) {
        for (const value of [0, 1, 0x7f, 0x80, 0xa5, 0xff]) {
          const [to] = spans(world, 1, 333);
          yield* world.finish(world.start(chan, { kind: 'fill', to, value }));
        }
      }
      world.audit('MC-04');
    },
  },
  {
    id: 'fill/sizes',
    rules: ['MC-04', 'IA-22'],
    title: 'Fills of every size around which something changes are right, and touch nothing beside.',
    why: 'Memory beside the block belongs to somebody else.',
    *run(world) {
      for (const chan of world.channelsFor('fill')) {
        for (const len of [...SIZES, 65_539]) {
          const [to] = spans(world, 1, len);
          yield* world.finish(world.start(chan, { kind: 'fill', to, value: 0xc3 }));
        }
      }
      world.audit('MC-04');
    },
  },
  {
    id: 'fill/alignments',
    rules: ['MC-04', 'CF-07'],
    title: 'Fills at every byte offset are right.',
    why: 'The pattern starts with the block, not with the word it lies in; with equal bytes only the borders tell.',
    *run(world) {
      for (const chan of world.channelsFor('fill')) {
        const unit = 1 << chan.device.fillAlign;
        for (const offset of OFFSETS) {
          for (const len of [1, 9, 62]) {
            const to = world.buffer().span(offset * unit, len * unit);
            yield* world.finish(world.start(chan, { kind: 'fill', to, value: 0x5a }));
          }
        }
      }
      world.audit('MC-04');
    },
  },
  {
    id: 'interrupt/touches-nothing',
    rules: ['IA-24'],
    title: 'Interrupt descriptors between transfers change no byte.',
    why: 'They are transfers of no bytes to address 0: a count that is left over writes there.',
    *run(world) {
      for (const chan of world.channelsFor('interrupt')) {
        const low = world.buffer();
        const take = spanMaker(world);
        for (let i = 0; i < 6; i++) {
          const bell = world.start(chan, { kind: 'interrupt' }, { callback: true });
          if (chan.device.devicePrepDmaMemcpy !== undefined) {
            world.start(chan, { kind: 'copy', to: take(100), from: low.span(0, 100) });
          }
          yield* world.finish(...world.operations.slice(-2));
          yield* world.callbacks(bell);
        }
      }
      world.audit('IA-24');
    },
  },
];
