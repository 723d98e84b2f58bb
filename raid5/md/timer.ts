/** A kernel timer (`timer_list`): something to do once, later. */
import type { Kernel } from '../../emulator/kernel/kernel';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';

export class Timer {
  private due = Infinity;
  private readonly changed: WaitQueue;

  /** @param expired runs in a thread of its own, and may arm the timer again */
  constructor(
    private readonly kernel: Kernel,
    name: string,
    private readonly expired: () => void,
  ) {
    this.changed = kernel.waitQueue();
    kernel.scheduler.spawn(name, this.run());
  }

  /** Whether it is going to expire. */
  get armed(): boolean {
    return this.due !== Infinity;
  }

  /** Lets it expire after `delay` picoseconds, unless it is armed already. */
  arm(delay: number): void {
    if (this.armed) return;
    this.due = this.kernel.now + delay;
    this.changed.wake();
  }

  /** `timer_delete`. */
  cancel(): void {
    this.due = Infinity;
    this.changed.wake();
  }

  private *run(): ThreadBody {
    for (;;) {
      yield* this.changed.wait(() => this.armed);
      const { due } = this;
      if (yield* this.changed.waitUntil(() => this.due !== due, due)) continue;
      this.due = Infinity;
      this.expired();
    }
  }
}
