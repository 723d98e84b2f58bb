/** How a transaction can fail. */
export const BUS_FAULTS = ['master-abort', 'target-abort', 'mcu-abort', 'parity'] as const;
export type BusFaultKind = (typeof BUS_FAULTS)[number];

/** A fault on purpose: transactions that touch [address, address + length) fail. */
export interface BusFault {
  readonly kind: BusFaultKind;
  /** physical address */
  readonly address: number;
  /** bytes */
  readonly length: number;
  /** The only master that meets it, like `adma0`; undefined: any. */
  readonly unit?: string;
  readonly access: 'read' | 'write' | 'any';
  /** How many transactions fail before the fault is gone; Infinity for ever. */
  readonly times: number;
}

/** The faults that wait on the buses of one machine. */
export class BusFaults {
  private readonly waiting: { readonly fault: BusFault; left: number }[] = [];

  /** Puts a fault on the bus. */
  inject(fault: BusFault): void {
    if (!(fault.times > 0) || !(fault.length > 0)) throw new RangeError('a fault needs times > 0 and length > 0');
    this.waiting.push({ fault, left: fault.times });
  }

  /** Whether any fault waits. */
  get any(): boolean {
    return this.waiting.length > 0;
  }

  /** The fault that this transaction of a unit meets, consuming one of its times; undefined when it passes. */
  strike(address: number, bytes: number, write: boolean, unit: string): BusFaultKind | undefined {
    if (this.waiting.length === 0) return undefined;
    const access = write ? 'write' : 'read';
    const index = this.waiting.findIndex(
      ({ fault }) =>
        (fault.unit === undefined || fault.unit === unit) &&
        (fault.access === 'any' || fault.access === access) &&
        address < fault.address + fault.length &&
        fault.address < address + bytes,
    );
    if (index < 0) return undefined;
    const entry = this.waiting[index];
    if (--entry.left === 0) this.waiting.splice(index, 1);
    return entry.fault.kind;
  }
}
