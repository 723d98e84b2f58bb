/** Step 5: reports what is complete, and submits nothing that waited for it. */
import { AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override runDependencies(): void {
    // The rest of a chain waits here.
  }
}

export const driver = driverOf(Chan);
