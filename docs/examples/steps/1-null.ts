/** Step 1: a device with a channel that grants no descriptor. */
import { AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  override prepare(): null {
    return null;
  }
}

export const driver = driverOf(Chan);
