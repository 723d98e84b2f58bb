/** Step 5: calls back, and leaves the mappings standing. */
import { AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override unmap(): void {
    // The pages stay the device's.
  }
}

export const driver = driverOf(Chan);
