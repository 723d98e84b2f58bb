/** Step 8: acknowledges errors, and does nothing about them. */
import { ACSR, AdmaChan, driverOf, ERRORS } from '../adma-driver';

class Chan extends AdmaChan {
  protected override takeError(): void {
    this.write(ACSR, ERRORS);
  }
}

export const driver = driverOf(Chan);
