/** `struct ida`: hands out the smallest number that is free, and takes it back (RG-04, D-02, D-11). */
export class NumberAllocator {
  private readonly taken = new Set<number>();

  /** `ida_alloc`. */
  take(): number {
    let number = 0;
    while (this.taken.has(number)) number++;
    this.taken.add(number);
    return number;
  }

  /** `ida_free`. */
  free(number: number): void {
    this.taken.delete(number);
  }
}
