/** Step 3: the doorbell rings, and links are left in the write buffer. */
import { AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override flush(): void {
    // Whoever needs the words in memory has to wait for them.
  }
}

export const driver = driverOf(Chan);
