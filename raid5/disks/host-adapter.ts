import type { Kernel } from '../../emulator/kernel/kernel';
import type { Tasklet } from '../../emulator/kernel/tasklet';

type EndIo = (failed: boolean) => void;

/**
 * The adapter between host and disks: finished commands queue up, one level interrupt announces them, a
 * soft interrupt completes their requests.
 */
export class HostAdapter {
  private finished: EndIo[] = [];
  private failed: boolean[] = [];
  private commands = 0;
  private readonly completions: Tasklet;

  private readonly source: number;

  constructor(readonly kernel: Kernel) {
    this.source = kernel.machine.platform.hostAdapterIrq;
    this.completions = kernel.tasklets.create('block', () => this.complete());
    kernel.interrupts.request(this.source, 'host adapter', () => this.interrupt());
  }

  /** A request is done: `end` runs in soft interrupt context once its command is announced. */
  finish(end: EndIo, failed: boolean): void {
    this.finished.push(end);
    this.failed.push(failed);
  }

  /** A disk is done with a command: everything finished up to now is to be completed. */
  announce(): void {
    this.commands++;
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
    const { costs } = this.kernel;
    this.kernel.spend(costs.diskCommand * this.commands);
    this.commands = 0;
    for (let i = 0; i < finished.length; i++) {
      this.kernel.spend(costs.bio / 2);
      finished[i](failed[i]);
    }
  }
}
