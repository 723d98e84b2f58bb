import type { FindingLog } from '../findings';
import type { Costs } from './costs';
import { IrqChip } from './irq-chip';
import type { Processor } from './processor';
import type { Tasklets } from './tasklet';

/** A hard interrupt handler: runs with interrupts disabled. */
export type IrqHandler = () => void;

/** Interrupt entry, dispatch by vector, and `request_irq` over the platform's controller. */
export class Interrupts {
  private readonly handlers = new Map<number, { readonly name: string; readonly handler: IrqHandler }>();
  private readonly enabled = [0, 0, 0, 0];
  private readonly chip: IrqChip;
  /** Interrupts taken since boot, by source. */
  readonly counts = new Map<number, number>();

  constructor(
    private readonly processor: Processor,
    private readonly costs: Costs,
    private readonly tasklets: Tasklets,
    private readonly findings: FindingLog,
  ) {
    this.chip = new IrqChip(processor.machine.platform.intc, processor);
    processor.onInterrupt(() => this.enter());
  }

  /** Programs the controller as Linux does at boot: everything masked. */
  boot(): void {
    this.chip.boot();
  }

  /** `request_irq`: installs the handler, then enables the source. */
  request(source: number, name: string, handler: IrqHandler): void {
    this.handlers.set(source, { name, handler });
    this.setEnabled(source, true);
  }

  /** `free_irq`. */
  free(source: number): void {
    this.setEnabled(source, false);
    this.handlers.delete(source);
  }

  /** All interrupts taken since boot. */
  get total(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  private setEnabled(source: number, on: boolean): void {
    const word = source >>> 5;
    const bit = 1 << (source & 31);
    this.enabled[word] = on ? this.enabled[word] | bit : this.enabled[word] & ~bit;
    this.chip.setEnabled(word, this.enabled[word] >>> 0);
  }

  private enter(): void {
    const { processor, costs } = this;
    const { timing } = processor.machine;
    const interrupted = processor.context;
    processor.context = 'hardirq';
    processor.irqsOff++;
    processor.spend(timing.T_IRQ + timing.T_CORE_IRQ + costs.irqEntry);
    const source = this.chip.next();
    processor.machine.trace?.emit('cpu.irq', { source: source ?? -1 });
    this.dispatch(source);
    processor.spend(costs.irqExit);
    processor.machine.trace?.emit('cpu.irq-end', { source: source ?? -1 });
    processor.point('irq exit');
    processor.irqsOff--;
    processor.looksAtInterrupts();
    processor.context = interrupted;
    this.tasklets.runAtIrqExit();
  }

  private dispatch(source: number | undefined): void {
    if (source === undefined) return;
    const entry = this.handlers.get(source);
    if (entry === undefined) {
      this.findings.add('rule', 'KS-07', 'irq', `source ${source} is enabled and has no handler; masked`);
      this.setEnabled(source, false);
      return;
    }
    this.counts.set(source, (this.counts.get(source) ?? 0) + 1);
    entry.handler();
  }
}
