/** Step 6: takes the last descriptor back, which the engine will look at once more. */
import { asyncTxTestAck } from 'iop-adma';
import type { AdmaDescriptor } from '../adma-driver';
import { AdmaChan, driverOf, isReported } from '../adma-driver';

class Chan extends AdmaChan {
  protected override mayGo(tx: AdmaDescriptor): boolean {
    return isReported(tx) && asyncTxTestAck(tx);
  }
}

export const driver = driverOf(Chan);
