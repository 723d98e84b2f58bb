import type { Scheduler, Thread, ThreadBody } from './scheduler';

/** A wait queue: threads sleep here until a condition holds. */
export class WaitQueue {
  private waiters: Thread[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** Whether somebody sleeps here. */
  get active(): boolean {
    return this.waiters.length > 0;
  }

  /**
   * `wait_event`: returns at once when the condition holds, else after a wake-up that finds it true. The
   * thread stands in the queue before it looks, so that a wake-up that comes while it looks is not lost.
   */
  *wait(condition: () => boolean): ThreadBody {
    const thread = this.scheduler.current;
    for (;;) {
      this.waiters.push(thread);
      if (condition()) break;
      if (this.waiters.includes(thread)) yield* this.scheduler.block();
    }
    this.waiters = this.waiters.filter((waiter) => waiter !== thread);
  }

  /** `wait_event_timeout`: the same until a moment (picoseconds); whether the condition holds at the end. */
  *waitUntil(condition: () => boolean, deadline: number): Generator<void, boolean, void> {
    const timer = this.scheduler.wakeAt(this.scheduler.current, deadline);
    yield* this.wait(() => condition() || this.scheduler.now >= deadline);
    this.scheduler.cancelWake(timer);
    return condition();
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
