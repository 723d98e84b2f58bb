/** Step 6: takes descriptors back as soon as they are complete, whoever still holds them. */
import type { AdmaDescriptor } from '../adma-driver';
import { AdmaChan, driverOf, isReported } from '../adma-driver';

class Chan extends AdmaChan {
  protected override mayGo(tx: AdmaDescriptor, next: AdmaDescriptor | undefined): boolean {
    return isReported(tx) && next !== undefined && isReported(next);
  }
}

export const driver = driverOf(Chan);
