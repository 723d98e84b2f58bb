import type { Kernel } from '../../emulator/kernel/kernel';
import type { Tasklet } from '../../emulator/kernel/tasklet';

/** Interrupt source of the adapter: XINT0 of the IOP13xx (assumed; hw-iop13xx 1.4 leaves 24–39 to the pins). */
const XINT0 = 24;

/**
 * The adapter between host and disks: finished requests queue up, one level interrupt announces them, a
 * soft interrupt completes them.
 */
export class HostAdapter {
  private finished: (() => void)[] = [];
  private readonly completions: Tasklet;

  constructor(readonly kernel: Kernel) {
    this.completions = kernel.tasklets.create('block', () => this.complete());
    kernel.interrupts.request(XINT0, 'host adapter', () => this.interrupt());
  }

  /** A disk is done: `end` runs in soft interrupt context. */
  finish(end: () => void): void {
    this.finished.push(end);
    this.kernel.machine.intc.setLine(XINT0, true);
  }

  private interrupt(): void {
    this.kernel.machine.intc.setLine(XINT0, false);
    this.kernel.tasklets.schedule(this.completions);
  }

  private complete(): void {
    const finished = this.finished;
    this.finished = [];
    for (const end of finished) {
      this.kernel.spend(this.kernel.costs.bio / 2);
      end();
    }
  }
}
