import type { Kernel } from '../../emulator/kernel/kernel';
import type { Tasklet } from '../../emulator/kernel/tasklet';

type EndIo = (failed: boolean) => void;

/**
 * The adapter between host and disks: finished requests queue up, one level interrupt announces them, a
 * soft interrupt completes them.
 */
export class HostAdapter {
  private finished: EndIo[] = [];
  private failed: boolean[] = [];
  private readonly completions: Tasklet;

  private readonly source: number;

  constructor(readonly kernel: Kernel) {
    this.source = kernel.machine.platform.hostAdapterIrq;
    this.completions = kernel.tasklets.create('block', () => this.complete());
    kernel.interrupts.request(this.source, 'host adapter', () => this.interrupt());
  }

  /** A disk is done: `end` runs in soft interrupt context. */
  finish(end: EndIo, failed: boolean): void {
    this.finished.push(end);
    this.failed.push(failed);
    this.kernel.machine.intc.setLine(this.source, true);
  }

  private interrupt(): void {
    this.kernel.machine.intc.setLine(this.source, false);
    this.kernel.tasklets.schedule(this.completions);
  }

  private complete(): void {
    const { finished, failed } = this;
    this.finished = [];
    this.failed = [];
    for (let i = 0; i < finished.length; i++) {
      this.kernel.spend(this.kernel.costs.bio / 2);
      finished[i](failed[i]);
    }
  }
}
