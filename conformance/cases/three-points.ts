/** The three conformance points of the API document (SW-13): what it asks of every driver. */
import { DmaCapability } from '../../dmaengine/capability';
import type { ConformanceCase } from '../case';

const { MEMCPY, XOR } = DmaCapability;

export const THREE_POINTS: readonly ConformanceCase[] = [
  {
    id: 'three-points/callback-in-tasklet',
    rules: ['SW-13', 'IA-71', 'IA-73'],
    title: 'Completion callbacks run in soft interrupt context, on every channel.',
    why: 'A client takes bottom-half locks in its callbacks; in hard interrupt context that deadlocks.',
    explorable: true,
    *run(world) {
      for (const chan of world.channels(1, MEMCPY)) {
        const [from, to] = world.blocks(2);
        const copy = world.start(
          chan,
          { kind: 'copy', to: to.span(0, 64), from: from.span(0, 64) },
          { callback: true },
        );
        world.issue(chan);
        yield* world.callbacks(copy);
      }
      world.audit('SW-13');
    },
  },
  {
    id: 'three-points/no-descriptor-in-irq',
    rules: ['SW-13', 'IA-78'],
    title:
      'No field of a descriptor changes in hard interrupt context, while transfers complete and more are submitted.',
    why: 'Channel switches and submission protect descriptors by keeping bottom halves off; a hard interrupt does not wait for that.',
    *run(world) {
      for (const chan of world.channels(1, MEMCPY)) {
        const blocks = world.blocks(6);
        const copies = blocks
          .slice(1)
          .map((to, i) =>
            world.start(chan, { kind: 'copy', to: to.span(), from: blocks[i].span() }, { callback: true, flags: 0 }),
          );
        world.issue(chan);
        yield* world.callbacks(...copies);
      }
      world.checkData('SW-13');
    },
  },
  {
    id: 'three-points/dependencies-in-cleanup',
    rules: ['SW-10', 'SW-13', 'AX-40'],
    title: 'What waits for a descriptor is submitted when the driver cleans that descriptor up.',
    why: 'Nobody else knows that the parent is complete: the rest of the chain never runs.',
    explorable: true,
    *run(world) {
      const [first, second] = world.channels(2, MEMCPY);
      const spans = world.blocks(3).map((block) => block.span(0, 32));
      const parent = world.prepare(first, { kind: 'copy', to: spans[1], from: spans[0] }, { callback: true, flags: 0 });
      const child = world.prepare(second, { kind: 'copy', to: spans[2], from: spans[1] }, { callback: true });
      world.chain(parent, child);
      world.submit(parent);
      world.issue(first);
      yield* world.callbacks(parent, child);
      world.ack(parent);
      world.audit('SW-10');
    },
  },
  {
    id: 'three-points/late-dependency',
    rules: ['SW-10', 'AX-42'],
    title: 'A descriptor attached to a complete one that nobody has acked runs as well, at the next cleanup.',
    why: 'Completion and attachment race; a driver that runs dependencies only once loses the latecomer.',
    *run(world) {
      const [chan, other] = world.channels(2, MEMCPY);
      const spans = world.blocks(4).map((block) => block.span(0, 256));
      const parent = world.start(chan, { kind: 'copy', to: spans[1], from: spans[0] }, { flags: 0 });
      yield* world.finish(parent);
      const child = world.prepare(other, { kind: 'copy', to: spans[2], from: spans[1] }, { callback: true });
      world.chain(parent, child);
      const later = world.start(chan, { kind: 'copy', to: spans[3], from: spans[0] }, { callback: true });
      world.issue(chan);
      yield* world.callbacks(later, child);
      world.ack(parent);
      world.audit('SW-10');
    },
  },
  {
    id: 'three-points/xor-callback-in-tasklet',
    rules: ['SW-13', 'IA-71'],
    title: 'The same holds for the callbacks of xor operations.',
    why: 'On an IOP3xx another kind of engine with interrupts of its own does them.',
    explorable: true,
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        const blocks = world.blocks(4).map((block) => block.span(0, 64));
        const xor = world.start(chan, { kind: 'xor', to: blocks[0], from: blocks.slice(1) }, { callback: true });
        world.issue(chan);
        yield* world.callbacks(xor);
      }
      world.audit('SW-13');
    },
  },
];
