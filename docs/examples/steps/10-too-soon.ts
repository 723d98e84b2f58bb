/** Step 10: takes the descriptor that the engine is at for done, without asking whether it still works on it. */
import type { AdmaDescriptor } from '../adma-driver';
import { ADAR, AdmaChan, driverOf } from '../adma-driver';

class Chan extends AdmaChan {
  protected override isComplete(tx: AdmaDescriptor): boolean {
    const current = this.read(ADAR);
    return this.chain.indexOf(tx) <= this.chain.findIndex(({ phys }) => phys === current);
  }
}

export const driver = driverOf(Chan);
