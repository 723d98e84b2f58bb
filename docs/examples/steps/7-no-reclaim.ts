/** Step 7: leaves an empty pool to the tasklet. */
import type { AdmaDescriptor } from '../adma-driver';
import { AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override take(): AdmaDescriptor | undefined {
    return this.free.shift();
  }
}

export const driver = driverOf(Chan);
