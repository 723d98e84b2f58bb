import type { FindingLog } from '../findings';
import { GuestPanic } from '../findings';
import type { Costs } from './costs';
import type { Processor } from './processor';
import type { Tasklets } from './tasklet';

/** What a lock needs from its kernel. */
export interface LockContext {
  readonly processor: Processor;
  readonly tasklets: Tasklets;
  readonly costs: Costs;
  readonly findings: FindingLog;
}

/**
 * A spinlock on a uniprocessor: it never waits for another holder, but taking it twice is a deadlock, and
 * the `Bh` and `Irq` forms keep soft and hard interrupts out while it is held.
 */
export class SpinLock {
  private heldBy: string | undefined;

  constructor(
    readonly name: string,
    private readonly kernel: LockContext,
  ) {}

  /** Whether somebody holds it. */
  get held(): boolean {
    return this.heldBy !== undefined;
  }

  /** `spin_lock`. @param where the caller, for the report of a deadlock */
  lock(where: string): void {
    this.kernel.processor.spend(this.kernel.costs.lock);
    if (this.heldBy !== undefined) {
      throw new GuestPanic('KS-02', `${this.name} is taken in ${where} while ${this.heldBy} holds it: deadlock`, where);
    }
    this.heldBy = where;
    this.kernel.processor.locksHeld++;
  }

  /** `spin_unlock`. */
  unlock(): void {
    this.release();
    this.kernel.processor.point('unlock');
  }

  /**
   * `lockdep_assert_held`: whoever comes here must hold it. One processor never loses the race that a missing lock opens,
   * so this is what notices.
   * @param rule what is broken without it
   */
  assertHeld(rule: string, where: string): void {
    if (this.heldBy === undefined) this.kernel.findings.add('rule', rule, where, `${this.name} is not held`);
  }

  /** `spin_lock_bh`: no tasklet runs while it is held. */
  lockBh(where: string): void {
    this.kernel.tasklets.disable();
    this.lock(where);
  }

  /** `spin_unlock_bh`: tasklets raised meanwhile run here. */
  unlockBh(): void {
    this.unlock();
    this.kernel.tasklets.enable();
  }

  /** `spin_lock_irq`: no interrupt is taken while it is held. */
  lockIrq(where: string): void {
    this.kernel.processor.irqsOff++;
    this.lock(where);
  }

  /** `spin_unlock_irq`: interrupts that wait are taken here, soft interrupts they raise as well. */
  unlockIrq(): void {
    this.release();
    this.kernel.processor.irqsOff--;
    this.kernel.processor.spend(0);
    this.kernel.processor.point('unlock_irq');
    this.kernel.tasklets.runAtIrqExit();
  }

  private release(): void {
    if (this.heldBy === undefined) {
      this.kernel.findings.add('rule', 'KS-03', this.name, 'released while nobody holds it');
    } else {
      this.kernel.processor.locksHeld--;
    }
    this.heldBy = undefined;
  }
}
