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
  private readonly lows: number[] = [];
  private readonly highs: number[] = [];
  private readonly changing: boolean[] = [];
  private readonly readNames: string[] = [];
  private readonly writtenNames: string[] = [];

  /** `bytes` from a physical address are read. */
  reads(address: number, bytes: number): void {
    this.add(address, bytes, false);
  }

  /** `bytes` from a physical address are changed. */
  writes(address: number, bytes: number): void {
    this.add(address, bytes, true);
  }

  /** A named thing is read. */
  readsNamed(name: string): void {
    if (!this.readNames.includes(name)) this.readNames.push(name);
  }

  /** A named thing is changed. */
  writesNamed(name: string): void {
    if (!this.writtenNames.includes(name)) this.writtenNames.push(name);
  }

  /** Whether this stretch and another depend on each other. */
  conflictsWith(other: Accesses): boolean {
    for (const name of this.writtenNames) {
      if (other.writtenNames.includes(name) || other.readNames.includes(name)) return true;
    }
    for (const name of this.readNames) if (other.writtenNames.includes(name)) return true;
    for (let i = 0; i < this.lows.length; i++) {
      for (let j = 0; j < other.lows.length; j++) {
        const overlap = this.lows[i] < other.highs[j] && other.lows[j] < this.highs[i];
        if (overlap && (this.changing[i] || other.changing[j])) return true;
      }
    }
    return false;
  }

  private add(address: number, bytes: number, changes: boolean): void {
    const last = this.lows.length - 1;
    if (last >= 0 && this.lows[last] === address && this.highs[last] >= address + bytes) {
      if (this.changing[last] || !changes) return;
    }
    this.lows.push(address);
    this.highs.push(address + bytes);
    this.changing.push(changes);
  }
}
