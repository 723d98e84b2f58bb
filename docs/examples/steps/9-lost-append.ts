/** Step 9: lets an engine that works find the link by itself, and rings only for one that is idle. */
import { ACSR, ACTIVE, AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override ring(): void {
    this.pending = 0;
    const active = (this.read(ACSR) & ACTIVE) !== 0;
    if (!active) super.ring();
  }
}

export const driver = driverOf(Chan);
