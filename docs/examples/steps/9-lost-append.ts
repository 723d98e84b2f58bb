/** Step 9: starts the engine when it is idle, and counts on it to find the link when it is not. */
import { ACSR, ACTIVE, AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override ring(): void {
    this.pending = 0;
    const active = (this.read(ACSR) & ACTIVE) !== 0;
    if (!active) super.ring();
  }
}

export const driver = driverOf(Chan);
