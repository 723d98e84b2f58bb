import * as fc from 'fast-check';
import { IOP13XX, IOP13XX_XOR_SLOTS } from '../../../dmaengine/iop-adma/hw13xx';
import { findRun } from '../../../dmaengine/iop-adma/slots';
import { allocSlots } from '../../../dmaengine/iop-adma/prep';
import { World } from './world';

const anywhere = (): boolean => true;

/** A list of slots: `#` busy, `.` free. */
function busy(map: string): Uint8Array {
  return Uint8Array.from(map, (c) => (c === '#' ? 1 : 0));
}

describe('the slot table of IOP13xx', () => {
  it('is 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5 for 1 … 16 sources (IA-21)', () => {
    expect(IOP13XX_XOR_SLOTS.slice(1)).toEqual([1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5]);
    expect(IOP13XX.maxXor).toBe(16);
  });

  it.each(Array.from({ length: 16 }, (_, i) => i + 1))(
    'keeps the words of %i sources inside the slots, and no two descriptors overlap (I-08)',
    (sources) => {
      const world = new World();
      const chan = world.channel();
      const perOp = IOP13XX.xorSlots[sources];
      const bytes = 4 * (6 + 2 * sources);
      expect(bytes).toBeLessThanOrEqual(32 * perOp);
      const owner = new Map<number, number>();
      world.call(() => {
        for (;;) {
          const tx = chan.device.devicePrepDmaXor!(chan, 0x8000, Array<number>(sources).fill(0x9000), sources, 64, 0);
          if (tx === null) break;
          for (let at = tx.phys; at < tx.phys + bytes; at += 4) {
            expect(owner.has(at)).toBe(false);
            owner.set(at, tx.phys);
          }
        }
      });
      const pool = chan.poolBase;
      expect([...owner.keys()].every((at) => at >= pool && at < pool + 4096)).toBe(true);
      expect(owner.size * 4).toBeGreaterThan(4096 / 2);
    },
  );
});

describe('the search for a run of slots', () => {
  it('starts behind the last slot that was used (IA-05)', () => {
    expect(findRun(busy('........'), 3, 1, 1, anywhere)).toBe(4);
    expect(findRun(busy('........'), 0, 2, 2, anywhere)).toBe(1);
  });

  it('skips busy slots in the first pass and starts counting again (IA-06)', () => {
    expect(findRun(busy('....#.#..'), 3, 2, 2, anywhere)).toBe(7);
  });

  it('goes round once, and never joins the end with the beginning', () => {
    expect(findRun(busy('...#...'), 5, 2, 2, anywhere)).toBe(0);
    expect(findRun(busy('.##....'), 5, 2, 2, anywhere)).toBe(-1);
  });

  it('gives up at the first busy slot of the second pass (IA-05)', () => {
    expect(findRun(busy('.#......'), 7, 1, 1, anywhere)).toBe(0);
    expect(findRun(busy('#.......'), 7, 1, 1, anywhere)).toBe(-1);
  });

  it('aligns only the first slot of a run (IA-07)', () => {
    const multiple = (index: number, perOp: number): boolean => index % perOp === 0;
    expect(findRun(busy('........'), 0, 4, 4, multiple)).toBe(4);
    expect(findRun(busy('............'), 0, 8, 4, multiple)).toBe(4);
    expect(findRun(busy('....#...'), 0, 4, 4, multiple)).toBe(0);
  });

  it('answers a run that is free and aligned, or -1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        fc.nat(39),
        fc.integer({ min: 1, max: 6 }),
        (map, last, count) => {
          const slots = Uint8Array.from(map, Number);
          const start = findRun(slots, last % map.length, count, count, anywhere);
          if (start >= 0) expect(slots.subarray(start, start + count)).toEqual(new Uint8Array(count));
          if (!map.includes(true) && count <= map.length) expect(start).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('a group of descriptors', () => {
  it('takes slots in a row, all but its last descriptor are acknowledged, the last knows the first, and each gives its own slots back (IA-03, IA-04, IA-08, IA-09, IA-12)', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      const tail = allocSlots(chan, 6, 2)!;
      const head = tail.groupHead!;
      const members = [head, head.groupNext!, head.groupNext!.groupNext!];
      expect(members[2]).toBe(tail);
      expect(members.map(({ slotCnt }) => slotCnt)).toEqual([6, 4, 2]);
      expect(members.map(({ cookie }) => cookie)).toEqual([0, 0, -16]);
      expect(members.slice(0, 2).every(({ flags }) => (flags & 2) !== 0)).toBe(true);
      expect([...chan.pool!.slotsPerOp.subarray(head.index, head.index + 7)]).toEqual([2, 1, 2, 1, 2, 1, 0]);
      expect(chan.pool!.lastUsed).toBe(head.index + 5);
      chan.pool!.give(members[1]);
      expect([...chan.pool!.slotsPerOp.subarray(head.index, head.index + 6)]).toEqual([2, 1, 0, 0, 2, 1]);
    });
  });

  it('starts and ends with no successor, whatever its slots held before (IA-10)', () => {
    const world = new World();
    const chan = world.channel();
    const { dram } = world.machine;
    world.call(() => {
      for (const { phys, index } of chan.pool!.slots) if (chan.pool!.slotsPerOp[index] === 0) dram.setWord(phys, ~0);
      const tail = allocSlots(chan, 6, 2)!;
      world.kernel.processor.barrier();
      const members = [tail.groupHead!, tail.groupHead!.groupNext!, tail];
      expect(members.map(({ phys }) => dram.word(phys))).toEqual([0, 0xffff_ffff, 0]);
    });
  });

  it('is found behind the previous one (IA-14)', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      const first = allocSlots(chan, 3, 3)!;
      const second = allocSlots(chan, 1, 1)!;
      expect(second.index).toBe(first.index + 3);
    });
  });
});
