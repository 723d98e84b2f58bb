import * as fc from 'fast-check';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import { IOP3XX_AAU, IOP3XX_XOR_SLOTS } from '../../../dmaengine/iop-adma/hw3xx-aau';
import { IOP3XX_DMA } from '../../../dmaengine/iop-adma/hw3xx-dma';
import type { IopAdmaSlot } from '../../../dmaengine/iop-adma/slots';
import { PLATFORMS } from '../../../emulator/platforms';
import { World } from './world';

const COUNTS = Array.from({ length: 32 }, (_, i) => i + 1);
/** Words of the descriptor that holds so many sources (hw-iop3xx 3.2). */
const wordsOf = (count: number): number => (count <= 4 ? 8 : count <= 8 ? 12 : count <= 16 ? 21 : 39);
/** IA-20. */
const slotsOf = (count: number): number => (count <= 4 ? 1 : count <= 8 ? 2 : count <= 16 ? 4 : 8);

/** The AAU of iop331. */
function accelerator(): { world: World; chan: IopAdmaChan } {
  const world = new World({}, PLATFORMS.iop331);
  return { world, chan: world.channel({}, 2) };
}

describe('the slot table of IOP3xx', () => {
  it('is 1 up to 4 sources, 2 up to 8, 4 up to 16, 8 up to 32 (IA-20)', () => {
    expect(IOP3XX_XOR_SLOTS.slice(1)).toEqual(COUNTS.map(slotsOf));
    expect(IOP3XX_AAU.maxXor).toBe(32);
    expect(IOP3XX_DMA.maxXor).toBe(0);
  });

  it.each(COUNTS)('keeps the words of %i sources inside the slots, and no two descriptors overlap (I-08)', (count) => {
    const { world, chan } = accelerator();
    const bytes = 4 * wordsOf(count);
    expect(bytes).toBeLessThanOrEqual(32 * IOP3XX_XOR_SLOTS[count]);
    const owner = new Set<number>();
    let overlaps = 0;
    world.call(() => {
      for (;;) {
        const tx = chan.device.devicePrepDmaXor!(chan, 0x8000, Array<number>(count).fill(0x9000), count, 64, 0);
        if (tx === null) break;
        // On its own size: the accelerator's natural alignment (IA-07, hw-iop3xx 3).
        expect(tx.phys % (32 * slotsOf(count))).toBe(0);
        for (let at = tx.phys; at < tx.phys + bytes; at += 4) {
          if (owner.has(at)) overlaps++;
          owner.add(at);
        }
      }
    });
    expect(overlaps).toBe(0);
    const end = chan.poolBase + 3 * 4096;
    expect([...owner].every((at) => at >= chan.poolBase && at < end)).toBe(true);
    // Every place is used but the one where the null descriptor is.
    expect(owner.size).toBe((bytes / 4) * (384 / slotsOf(count) - 1));
  });
});

describe('a slot pool with alignment', () => {
  const operation = fc.record({
    /** sources */
    count: fc.integer({ min: 1, max: 32 }),
    /** descriptors of its group */
    group: fc.integer({ min: 1, max: 16 }),
    /** which of the living operations is freed before */
    free: fc.option(fc.nat(1000), { nil: undefined, freq: 3 }),
  });

  it('hands out runs that start at a multiple of their size and belong to nobody else (IA-07)', () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 150 }), (operations) => {
        const { world, chan } = accelerator();
        const pool = chan.pool!;
        const living: IopAdmaSlot[][] = [];
        const busy = new Set(chan.chain.first === undefined ? [] : [chan.chain.first.index]);
        world.call(() => {
          for (const { count, group, free } of operations) {
            if (free !== undefined && living.length > 0) {
              for (const member of living.splice(free % living.length, 1)[0]) {
                const perOp = pool.slotsPerOp[member.index];
                for (let i = 0; i < perOp; i++) busy.delete(member.index + i);
                pool.give(member);
              }
            }
            const perOp = slotsOf(count);
            const tail = pool.take(perOp * group, perOp);
            if (tail === undefined) continue;
            const members: IopAdmaSlot[] = [];
            for (let at = tail.groupHead; at !== undefined; at = at.groupNext) members.push(at);
            expect(members).toHaveLength(group);
            for (const { index, phys } of members) {
              expect([index % perOp, phys % (32 * perOp)]).toEqual([0, 0]);
              for (let i = 0; i < perOp; i++) {
                expect(busy.has(index + i)).toBe(false);
                busy.add(index + i);
              }
            }
            living.push(members);
          }
          expect(pool.slots.length - pool.free).toBe(busy.size);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('of more descriptors than it has slots has no place for the group', () => {
    const { world, chan } = accelerator();
    const check = (len: number): unknown => chan.device.devicePrepDmaXorVal!(chan, [0, 0], 2, len, { value: 0 }, 0);
    world.call(() => {
      expect(check(385 * 1024)).toBeNull();
      expect(check(200 * 1024)).not.toBeNull();
    });
  });
});
