/** Step 4: the hard interrupt does the work of the tasklet. */
import { AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override onEnd(bit: number): void {
    super.onEnd(bit);
    this.cleanup();
  }
}

export const driver = driverOf(Chan);
