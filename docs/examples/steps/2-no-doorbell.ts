/** Step 2: descriptors are written and linked, and nobody tells the engine. */
import { AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override ring(): void {
    this.pending = 0;
  }
}

export const driver = driverOf(Chan);
