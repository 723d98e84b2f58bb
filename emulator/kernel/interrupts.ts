import { IOP13XX_INTC_PAGES } from '../intc/iop13xx';
import type { Costs } from './costs';
import type { Processor } from './processor';
import type { FindingLog } from '../findings';
import type { Tasklets } from './tasklet';

/** A hard interrupt handler: runs with interrupts disabled. */
export type IrqHandler = () => void;

const INTBASE = 0;
const INTSIZE = 2;
const IINTVEC = 3;
/** INTSIZE code for a step of 4 bytes. */
const STEP_4 = 1;

/** Interrupt entry, dispatch by vector, and `request_irq` over the coprocessor 6 controller. */
export class Interrupts {
  private readonly handlers = new Map<number, { readonly name: string; readonly handler: IrqHandler }>();
  private readonly enabled = [0, 0, 0, 0];
  /** Interrupts taken since boot, by source. */
  readonly counts = new Map<number, number>();

  constructor(
    private readonly processor: Processor,
    private readonly costs: Costs,
    private readonly tasklets: Tasklets,
    private readonly findings: FindingLog,
  ) {
    processor.onInterrupt(() => this.enter());
  }

  /** Programs the controller as Linux does at boot: base 0, step 4, everything masked. */
  boot(): void {
    const { VECTOR, INTCTL, INTSTR } = IOP13XX_INTC_PAGES;
    this.processor.writeCp6(INTBASE, VECTOR.crm, 0);
    this.processor.writeCp6(INTSIZE, VECTOR.crm, STEP_4);
    for (let word = 0; word < 4; word++) {
      this.processor.writeCp6(word, INTCTL.crm, 0);
      this.processor.writeCp6(word, INTSTR.crm, 0);
    }
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
    this.processor.writeCp6(word, IOP13XX_INTC_PAGES.INTCTL.crm, this.enabled[word] >>> 0);
  }

  private enter(): void {
    const { processor, costs } = this;
    const { timing } = processor.machine;
    const interrupted = processor.context;
    processor.context = 'hardirq';
    processor.irqsOff++;
    processor.spend(timing.T_IRQ + timing.T_CORE_IRQ + costs.irqEntry);
    this.dispatch(processor.readCp6(IINTVEC, IOP13XX_INTC_PAGES.VECTOR.crm));
    processor.spend(costs.irqExit);
    processor.irqsOff--;
    processor.context = interrupted;
    this.tasklets.runAtIrqExit();
  }

  private dispatch(vector: number): void {
    if (vector === 0xffff_ffff) return;
    const source = vector >>> 2;
    const entry = this.handlers.get(source);
    if (entry === undefined) {
      this.findings.add('rule', 'KS-07', 'irq', `source ${source} is enabled and has no handler; masked`);
      this.setEnabled(source, false);
      return;
    }
    this.counts.set(source, (this.counts.get(source) ?? 0) + 1);
    this.processor.machine.trace?.emit('cpu.irq', { source });
    entry.handler();
  }
}
