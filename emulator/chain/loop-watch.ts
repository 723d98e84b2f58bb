/** Longest distance between two landmarks, in descriptors. */
const LONGEST_STRIDE = 0x4000_0000;

/**
 * Notices a chain that comes back to itself: Brent's search with one remembered descriptor and strides that
 * double. Says so once; software that has a hand in the chain starts the search anew, because what comes
 * round then may be meant (a driver's slots are used again).
 */
export class LoopWatch {
  private landmark = 0;
  private stride = 1;
  private stepsLeft = 1;

  /** Starts anew. */
  forget(): void {
    this.landmark = 0;
    this.stride = 1;
    this.stepsLeft = 1;
  }

  /** Whether the descriptor at this address closes a loop, said once for each loop. */
  closesLoop(address: number): boolean {
    if (address === this.landmark) {
      this.landmark = 0;
      this.stepsLeft = Infinity;
      return true;
    }
    if (--this.stepsLeft > 0) return false;
    this.stride = Math.min(this.stride * 2, LONGEST_STRIDE);
    this.stepsLeft = this.stride;
    this.landmark = address;
    return false;
  }
}
