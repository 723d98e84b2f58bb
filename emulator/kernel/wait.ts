import type { Scheduler, Thread, ThreadBody } from './scheduler';

/** A wait queue: threads sleep here until a condition holds. */
export class WaitQueue {
  private waiters: Thread[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** Whether somebody sleeps here. */
  get active(): boolean {
    return this.waiters.length > 0;
  }

  /** `wait_event`: returns at once when the condition holds, else after a wake-up that finds it true. */
  *wait(condition: () => boolean): ThreadBody {
    while (!condition()) {
      this.waiters.push(this.scheduler.current);
      yield* this.scheduler.block();
    }
  }

  /** `wake_up_all`. */
  wake(): void {
    if (this.waiters.length === 0) return;
    const woken = this.waiters;
    this.waiters = [];
    for (const thread of woken) this.scheduler.wake(thread);
  }
}

/** `struct completion`: something that happens once for every `complete`. */
export class Completion {
  private done = 0;
  private readonly queue: WaitQueue;

  constructor(scheduler: Scheduler) {
    this.queue = new WaitQueue(scheduler);
  }

  /** `complete`: from any context. */
  complete(): void {
    this.done++;
    this.queue.wake();
  }

  /** `wait_for_completion`. */
  *wait(): ThreadBody {
    yield* this.queue.wait(() => this.done > 0);
    this.done--;
  }
}
