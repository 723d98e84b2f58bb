import type { DmaCapability } from '../dmaengine/capability';
import type { DmaChan } from '../dmaengine/device';
import type { DmaEngine } from '../dmaengine/engine';
import { AsyncTx } from './async-tx';

/** async_tx that a test tells where operations run, so that chains change channels where the table would not let them. */
export class PlacedAsyncTx extends AsyncTx {
  /** @param place the channel of the next operation, undefined for the real choice (AX-20) */
  constructor(
    dma: DmaEngine,
    private readonly place: (capability: DmaCapability) => DmaChan | undefined,
  ) {
    super(dma);
  }

  override findChannel(...choice: Parameters<AsyncTx['findChannel']>): DmaChan | undefined {
    const usual = super.findChannel(...choice);
    return this.place(choice[1]) ?? usual;
  }
}

/** Every channel that can do something. */
export function capableChannels(dma: DmaEngine, capability: DmaCapability): DmaChan[] {
  return dma.devices.filter(({ capMask }) => capMask.has(capability)).flatMap(({ channels }) => channels);
}
