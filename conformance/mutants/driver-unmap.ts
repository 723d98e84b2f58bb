/** Drivers that undo mappings wrongly. */
import type { Mutant } from './mutant';
import { steps } from './replace';

export const UNMAP_MUTANTS: readonly Mutant[] = [
  {
    id: 'unmap-missing',
    rule: 'UM-08',
    says: 'The mappings of a completed descriptor stand for ever.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        slot.unmap = undefined;
        return good.complete(chan, slot, newest, result);
      },
    })),
  },
  {
    id: 'unmapped-for-everybody',
    rule: 'UM-05',
    says: 'Completion undoes the mappings, whoever else still uses them.',
    commit: 'async_tx: ensure the xor destination buffer remains dma-mapped (1e55db2d6bd, 2008)',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        const { unmap } = slot;
        const completed = good.complete(chan, slot, newest, result);
        unmap?.put();
        return completed;
      },
    })),
  },
  {
    id: 'unmapped-the-wrong-way',
    rule: 'UM-04',
    says: 'Mappings from the device are undone as if they had been to it.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        const { unmap } = slot;
        if (unmap !== undefined) {
          unmap.toCnt += unmap.fromCnt;
          unmap.fromCnt = 0;
        }
        return good.complete(chan, slot, newest, result);
      },
    })),
  },
  {
    id: 'unmap-record-kept',
    rule: 'UM-06',
    says: 'A descriptor that has been unmapped still points to its record.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        const { unmap } = slot;
        const completed = good.complete(chan, slot, newest, result);
        slot.unmap = unmap;
        return completed;
      },
    })),
  },
  {
    id: 'unmapped-before-callback',
    rule: 'IA-58',
    says: 'The mappings are undone before the callback runs.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        slot.unmap?.put();
        slot.unmap = undefined;
        return good.complete(chan, slot, newest, result);
      },
    })),
  },
];
