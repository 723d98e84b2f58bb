import type { Kernel } from '../emulator/kernel/kernel';
import type { EngineRecord } from '../emulator/platforms/platform';
import type { DmaDevice } from './device';

/** A driver as the stack loads it: `struct platform_driver`, as far as it matters here. */
export interface DmaDriver {
  readonly name: string;
  /**
   * Brings one engine of the platform up as a device, which the caller registers; undefined where the driver does not
   * want the engine. Runs in a thread and may sleep.
   * @param parent name of the platform device, `iop-adma.0`
   */
  probe(kernel: Kernel, engine: EngineRecord, parent: string): Generator<void, DmaDevice | undefined, void>;
  /** After the device was unregistered: interrupts and memory go back. */
  remove?(device: DmaDevice): void;
}
