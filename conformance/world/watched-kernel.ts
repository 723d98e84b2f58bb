import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import { Kernel } from '../../emulator/kernel/kernel';

/** Fields of a software descriptor that belong to soft interrupts and threads (SW-13). */
const FIELDS = ['cookie', 'flags', 'next', 'parent', 'callback', 'callbackResult', 'unmap'] as const;

/**
 * A kernel that sees descriptors being changed where they must not be, whoever's driver does it: words for the hardware
 * and fields of software descriptors, in hard interrupt context (SW-13).
 */
export class WatchedKernel extends Kernel {
  private readonly watched = new WeakSet<DmaAsyncTxDescriptor>();

  override store32(address: number, value: number): void {
    if (this.inIrq) this.changedInIrq('a word of a hardware descriptor');
    super.store32(address, value);
  }

  /** Looks after a descriptor from now on. */
  watch(tx: DmaAsyncTxDescriptor): void {
    if (this.watched.has(tx)) return;
    this.watched.add(tx);
    for (const field of FIELDS) this.watchField(tx, field);
  }

  private watchField<K extends (typeof FIELDS)[number]>(tx: DmaAsyncTxDescriptor, field: K): void {
    let value = tx[field];
    Object.defineProperty(tx, field, {
      get: () => value,
      set: (next: DmaAsyncTxDescriptor[K]) => {
        if (this.inIrq) this.changedInIrq(`the ${field} of a descriptor`);
        value = next;
      },
    });
  }

  private changedInIrq(what: string): void {
    this.findings.add('rule', 'SW-13', 'driver', `${what} is changed in hard interrupt context`);
  }
}
