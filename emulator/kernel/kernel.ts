/**
 * The slice of Linux that drivers stand on, booted on one machine: contexts, interrupts, tasklets, threads,
 * locks, completions, pages and DMA mapping. Everything a driver does to the machine goes through here.
 */
import type { FindingLog } from '../findings';
import type { Machine } from '../platforms/machine';
import type { Costs } from './costs';
import { costTable, resolveCosts } from './costs';
import { DmaMapping } from './dma-mapping';
import { Interrupts } from './interrupts';
import { PageAllocator } from './pages';
import { Processor } from './processor';
import { Scheduler } from './scheduler';
import { SpinLock } from './spinlock';
import { Tasklets } from './tasklet';
import { Completion, WaitQueue } from './wait';

/** One line of the kernel log. */
export interface LogLine {
  /** picoseconds */
  readonly time: number;
  readonly text: string;
}

export class Kernel {
  readonly processor: Processor;
  readonly costs: Costs;
  readonly interrupts: Interrupts;
  readonly tasklets: Tasklets;
  readonly scheduler: Scheduler;
  readonly pages: PageAllocator;
  readonly dma: DmaMapping;
  readonly findings: FindingLog;
  readonly log: LogLine[] = [];

  constructor(
    readonly machine: Machine,
    costs: Costs = resolveCosts(costTable(machine.platform.name)),
  ) {
    const { findings, dram } = machine;
    this.findings = findings;
    this.costs = costs;
    this.processor = new Processor(machine);
    this.tasklets = new Tasklets(this.processor, costs);
    this.interrupts = new Interrupts(this.processor, costs, this.tasklets, findings);
    this.scheduler = new Scheduler(this.processor, costs, this.tasklets, findings);
    this.pages = new PageAllocator(dram, findings, (address) => this.dma.isMapped(address));
    this.dma = new DmaMapping(dram, this.processor, costs, findings);
    this.interrupts.boot();
  }

  /** Picoseconds since power-on. */
  get now(): number {
    return this.machine.sim.now;
  }

  /** Consumes processor time. */
  spend(picoseconds: number): void {
    this.processor.spend(picoseconds);
  }

  /** `printk`. */
  printk(text: string): void {
    this.log.push({ time: this.now, text });
  }

  /** `local_irq_save` … `local_irq_restore`: no interrupt is taken meanwhile; those that wait are taken here, at the end. */
  withIrqsOff(steps: () => void): void {
    this.processor.irqsOff++;
    steps();
    this.processor.irqsOff--;
    this.processor.spend(0);
    this.tasklets.runAtIrqExit();
  }

  /** Makes a spinlock. */
  spinLock(name: string): SpinLock {
    return new SpinLock(name, this);
  }

  /** Makes a completion. */
  completion(): Completion {
    return new Completion(this.scheduler);
  }

  /** Makes a wait queue. */
  waitQueue(): WaitQueue {
    return new WaitQueue(this.scheduler);
  }

  /** Reads a device register. */
  readl(address: number): number {
    return this.processor.readl(address);
  }

  /** Writes a device register, posted. */
  writel(address: number, value: number): void {
    this.processor.writel(address, value, this.costs.storeRegister);
  }

  /** Stores a word for the hardware, through the write buffer. */
  store32(address: number, value: number): void {
    this.processor.store32(address, value, this.costs.store);
  }

  /** Loads a word the hardware may have written. */
  load32(address: number): number {
    return this.processor.load32(address, this.costs.load);
  }

  /** A point where pending hardware events may or may not have fired; nothing in timed mode. */
  point(name: string): void {
    this.processor.point(name);
  }

  /** Whether nothing is under way in the machine: only the processor can change anything now. */
  get quiet(): boolean {
    return this.machine.sim.quiet;
  }

  /** Whether the current code runs in hard interrupt context. */
  get inIrq(): boolean {
    return this.processor.context === 'hardirq';
  }

  /** Whether bottom halves are off here, by `local_bh_disable` or because this is one: where completions belong. */
  get inBottomHalf(): boolean {
    return this.processor.context === 'softirq' || (this.tasklets.blocked && !this.inIrq);
  }

  /** Whether the current code must not sleep. */
  get atomic(): boolean {
    const { context, irqsOff, locksHeld } = this.processor;
    return context !== 'thread' || this.tasklets.blocked || irqsOff > 0 || locksHeld > 0;
  }
}
