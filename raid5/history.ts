import { OP } from './stripe/flags';

const ENTRIES = 1 << 16;

/** What was done to a stripe. */
export interface StripeOperationRecord {
  /** picoseconds */
  readonly time: number;
  /** Names of the operations of one pass. */
  readonly operations: readonly string[];
}

/**
 * The last 65,536 operations on stripes, always recorded: when a byte turns out wrong, the report says what
 * touched it. Fixed memory, no allocation while recording.
 */
export class OperationHistory {
  private readonly times = new Float64Array(ENTRIES);
  private readonly sectors = new Float64Array(ENTRIES);
  private readonly ops = new Uint8Array(ENTRIES);
  private count = 0;

  constructor(private readonly now: () => number) {}

  /** Records one pass. @param sector member sector of the stripe @param ops `OP` bits */
  add(sector: number, ops: number): void {
    const at = this.count++ % ENTRIES;
    this.times[at] = this.now();
    this.sectors[at] = sector;
    this.ops[at] = ops;
  }

  /** What is remembered of one stripe, oldest first. */
  of(sector: number): StripeOperationRecord[] {
    const records: StripeOperationRecord[] = [];
    for (let i = Math.max(0, this.count - ENTRIES); i < this.count; i++) {
      const at = i % ENTRIES;
      if (this.sectors[at] !== sector) continue;
      const operations = Object.entries(OP).flatMap(([name, bit]) => (this.ops[at] & bit ? [name] : []));
      records.push({ time: this.times[at], operations });
    }
    return records;
  }
}
