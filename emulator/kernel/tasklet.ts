import type { Costs } from './costs';
import type { Processor } from './processor';

/** A soft interrupt routine; scheduled any number of times before it runs, it runs once. */
export interface Tasklet {
  readonly name: string;
  readonly run: () => void;
  scheduled: boolean;
}

/** The soft interrupts: tasklets run at the outermost interrupt exit or when bottom halves are enabled again. */
export class Tasklets {
  private queue: Tasklet[] = [];
  private running = false;
  /** Bottom halves run only at depth 0. */
  disabledDepth = 0;

  constructor(
    private readonly processor: Processor,
    private readonly costs: Costs,
  ) {}

  /** Makes a tasklet. */
  create(name: string, run: () => void): Tasklet {
    return { name, run, scheduled: false };
  }

  /** `tasklet_schedule`: from any context. */
  schedule(tasklet: Tasklet): void {
    this.processor.spend(this.costs.taskletSchedule);
    if (tasklet.scheduled) return;
    tasklet.scheduled = true;
    this.queue.push(tasklet);
  }

  /** `tasklet_kill` for a tasklet that cannot be running: takes it off the queue. */
  kill(tasklet: Tasklet): void {
    tasklet.scheduled = false;
    this.queue = this.queue.filter((other) => other !== tasklet);
  }

  /** Whether bottom halves are disabled or running: tasklets cannot start now. */
  get blocked(): boolean {
    return this.running || this.disabledDepth > 0;
  }

  /** `local_bh_disable`. */
  disable(): void {
    this.disabledDepth++;
  }

  /** `local_bh_enable`: runs what was raised meanwhile. */
  enable(): void {
    this.disabledDepth--;
    this.runAtIrqExit();
  }

  /** Runs everything raised, unless this is no place for it. */
  runAtIrqExit(): void {
    if (this.queue.length === 0 || this.blocked || this.processor.context === 'hardirq') return;
    if (this.processor.irqsOff > 0) return;
    const interrupted = this.processor.context;
    this.running = true;
    this.processor.context = 'softirq';
    while (this.queue.length > 0) {
      const tasklet = this.queue.shift()!;
      tasklet.scheduled = false;
      this.processor.spend(this.costs.tasklet);
      this.processor.machine.trace?.emit('cpu.tasklet', { name: tasklet.name });
      tasklet.run();
      this.processor.machine.trace?.emit('cpu.tasklet-end', { name: tasklet.name });
    }
    this.processor.context = interrupted;
    this.running = false;
  }
}
