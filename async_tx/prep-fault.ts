import type { DmaDevice } from '../dmaengine/device';
import type { DmaEngine } from '../dmaengine/engine';

const PREPS = [
  'devicePrepDmaMemcpy',
  'devicePrepDmaXor',
  'devicePrepDmaXorVal',
  'devicePrepDmaPq',
  'devicePrepDmaPqVal',
  'devicePrepDmaInterrupt',
] as const satisfies readonly (keyof DmaDevice)[];

type Prep = (...call: unknown[]) => unknown;

/** Counts the preps of all devices of a dmaengine, and lets one of them grant nothing. */
export class PrepFault {
  private readonly undo: (() => void)[] = [];
  private seen = 0;
  private failing = -1;

  constructor(dma: DmaEngine) {
    for (const device of dma.devices) {
      for (const name of PREPS) {
        const good = (device as unknown as Record<string, Prep | undefined>)[name];
        if (good === undefined) continue;
        Object.assign(device, {
          [name]: (...call: unknown[]) => (this.seen++ === this.failing ? null : good(...call)),
        });
        this.undo.push(() => Object.assign(device, { [name]: good }));
      }
    }
  }

  /** Preps since the last `arm`. */
  get count(): number {
    return this.seen;
  }

  /** Counts from 0 again. @param failing which prep from here on fails, -1 for none */
  arm(failing: number): void {
    this.seen = 0;
    this.failing = failing;
  }

  /** Gives the devices their routines back. */
  remove(): void {
    for (const restore of this.undo) restore();
  }
}
