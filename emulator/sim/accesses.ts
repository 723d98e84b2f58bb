/** Bits for the names of things without an address. */
const bits = new Map<string, number>();
const BITS = 31;

/** The bit of a name. Names beyond the thirty-first share bits, which only makes more stretches depend on each other. */
function bitOf(name: string): number {
  let bit = bits.get(name);
  if (bit === undefined) {
    bit = 1 << (bits.size % BITS);
    bits.set(name, bit);
  }
  return bit;
}

/** Numbers a range takes: first address, address behind the last, whether it is changed. */
const RANGE = 3;

/**
 * What a stretch of execution reads and what it changes: ranges of physical addresses (memory and registers alike)
 * and named things that have no address. Kept in explored mode only.
 *
 * Two stretches are independent when neither changes what the other reads or changes. Independent neighbours may be
 * executed in either order: the machine is the same afterwards, but for its clock, what is measured with it, and the
 * order in which a trace lists them.
 */
export class Accesses {
  /** Where whoever enumerates keeps this stretch; -1 while nobody does. */
  index = -1;
  private readNames = 0;
  private changedNames = 0;
  private readonly ranges: number[] = [];

  /** `bytes` from a physical address are read. */
  reads(address: number, bytes: number): void {
    this.ranges.push(address, address + bytes, 0);
  }

  /** `bytes` from a physical address are changed. */
  writes(address: number, bytes: number): void {
    this.ranges.push(address, address + bytes, 1);
  }

  /** A named thing is read. */
  readsNamed(name: string): void {
    this.readNames |= bitOf(name);
  }

  /** A named thing is changed. */
  writesNamed(name: string): void {
    this.changedNames |= bitOf(name);
  }

  /** Whether this stretch and another depend on each other. */
  conflictsWith(other: Accesses): boolean {
    const { ranges, readNames, changedNames } = this;
    if (changedNames & (other.changedNames | other.readNames) || readNames & other.changedNames) return true;
    const others = other.ranges;
    for (let i = 0; i < ranges.length; i += RANGE) {
      for (let j = 0; j < others.length; j += RANGE) {
        if (ranges[i] < others[j + 1] && others[j] < ranges[i + 1] && ranges[i + 2] + others[j + 2] > 0) return true;
      }
    }
    return false;
  }
}
