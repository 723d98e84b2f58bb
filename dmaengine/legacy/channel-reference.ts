/** What is added while processors may still count in the fast mode, so that the sum cannot reach zero early. */
const BIAS = 0x7fffffff;

/**
 * The reference count of one channel in 2007 (CL-09): a counter for each processor while the channel lives,
 * one shared counter from the moment it is removed. The registration holds the first reference.
 */
export class ChannelReference {
  private shared = 1;
  private slow = false;
  private readonly local: number[];

  /** @param cleanup `dma_chan_cleanup`: the last reference went */
  constructor(
    cpus: number,
    private readonly cleanup: () => void,
  ) {
    this.local = new Array<number>(cpus).fill(0);
  }

  /** `dma_chan_get`. */
  get(cpu: number): void {
    if (this.slow) this.shared++;
    else this.local[cpu]++;
  }

  /** `dma_chan_put`. In the fast mode nobody looks whether this was the last one. */
  put(cpu: number): void {
    if (this.slow) this.drop(1);
    else this.local[cpu]--;
  }

  /** `dma_chan_release`: slow from now on; the caller lets a grace period pass, then calls `graceOver`. */
  release(): void {
    this.shared += BIAS;
    this.slow = true;
  }

  /** `dma_chan_free_rcu`: the processors' counters replace the bias, and the registration lets go. */
  graceOver(): void {
    this.drop(BIAS - this.local.reduce((sum, count) => sum + count, 0));
    this.drop(1);
  }

  /** The `in_use` attribute: sees only one processor's counter in the fast mode, so it may miss users (CL-10). */
  inUse(cpu: number): boolean {
    return (this.slow && this.shared > 1) || this.local[cpu] > 0;
  }

  private drop(count: number): void {
    this.shared -= count;
    if (this.shared === 0) this.cleanup();
  }
}
