/** Drivers that meet an error, or the end of a channel, wrongly. */
import { errorMask } from '../../dmaengine/iop-adma/errors';
import { TX_NO_ERROR } from '../../dmaengine/tx-result';
import type { Mutant } from './mutant';
import { steps } from './replace';

export const ERROR_MUTANTS: readonly Mutant[] = [
  {
    id: 'error-taken-for-success',
    rule: 'IA-72',
    says: 'An operation that an error stopped completes like any other.',
    install: steps((good) => ({
      complete: (chan, slot, newest) => good.complete(chan, slot, newest, TX_NO_ERROR),
    })),
  },
  {
    id: 'failed-operation-dropped',
    rule: 'IA-72',
    says: 'An operation that an error stopped is passed over: nobody is told.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        if (result.result === 'noerror') return good.complete(chan, slot, newest, result);
        slot.cookie = 0;
        return newest;
      },
    })),
  },
  {
    id: 'error-cleared-and-forgotten',
    rule: 'IA-72',
    says: 'The error handler clears the error bits, and does not look what they stand for.',
    install: steps(() => ({ error: (chan) => chan.clearStatus(errorMask(chan)) })),
  },
  {
    id: 'no-child-after-an-error',
    rule: 'SW-10',
    says: 'What waits for an operation that failed is cut off.',
    install: steps((good) => ({
      complete: (chan, slot, newest, result) => {
        if (result.result !== 'noerror') slot.next = undefined;
        return good.complete(chan, slot, newest, result);
      },
    })),
  },
  {
    id: 'not-started-after-an-error',
    rule: 'IA-72',
    says: 'The engine that an error stopped is not started again.',
    install: steps(() => ({ restart: () => undefined })),
  },
  {
    id: 'given-up-without-a-look',
    rule: 'IA-76',
    says: 'A channel that is given up forgets what was done and not looked at.',
    install: steps(() => ({ finalCleanup: () => undefined })),
  },
];
