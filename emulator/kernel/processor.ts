/**
 * The XScale as its software sees it: one processor, no kernel preemption. Guest code is ordinary
 * TypeScript that runs to completion; simulated time passes only here. While it passes, hardware events
 * fire; between events, never inside one, an enabled interrupt is taken right there, nested on the same
 * stack, and what handlers take is added to what was being spent.
 */
import { GuestHang, GuestPanic } from '../findings';
import type { Finding, FindingLog } from '../findings';
import type { InterruptController } from '../intc/intc';
import type { Machine } from '../platforms/machine';
import { INTERRUPT_LINES } from '../platforms/machine';
import type { Actor } from '../sim/actor';
import type { ExploredSimulator } from '../sim/explored';
import type { Simulator } from '../sim/simulator';
import { MILLISECOND } from '../sim/time';
import { ExploredWriteBuffer } from './explored-write-buffer';
import { WriteBuffer } from './write-buffer';

/** Handlers that keep the processor this long (picoseconds) without a break serve a source that never quietens. */
const INTERRUPT_STORM = 100 * MILLISECOND;

/** What the processor is busy with. */
export type ContextKind = 'thread' | 'softirq' | 'hardirq' | 'idle';

/** Takes a pending interrupt and runs what it raises; installed by the interrupt layer. */
export type InterruptEntry = () => void;

export class Processor {
  /** Called when the guest hangs, to record what they know of the cause. */
  readonly hangWitnesses = new Set<() => void>();
  /** Interrupts are taken only at depth 0. */
  irqsOff = 0;
  /** Spinlocks held by whatever runs: nobody may block while there are any. */
  locksHeld = 0;

  private readonly accounts: Record<ContextKind, number> = { thread: 0, softirq: 0, hardirq: 0, idle: 0 };
  private current: ContextKind = 'idle';
  /** Picoseconds of the current context that are not in its account yet: most code spends often and rarely changes context. */
  private unaccounted = 0;
  private entry: InterruptEntry = () => undefined;
  private readonly buffer: WriteBuffer | ExploredWriteBuffer;
  /** Events that the last turn of a spin loop knew of. */
  private seenEvents = 0;

  private readonly sim: Simulator;
  private readonly explored: ExploredSimulator | undefined;
  private readonly intc: InterruptController;
  private readonly findings: FindingLog;

  constructor(readonly machine: Machine) {
    this.sim = machine.sim;
    this.intc = machine.intc;
    this.findings = machine.findings;
    this.explored = machine.explored;
    this.buffer =
      machine.explored === undefined
        ? new WriteBuffer(machine.sim, machine.dram, machine.timing.STORE_DRAIN)
        : new ExploredWriteBuffer(machine.explored, machine.dram, machine.timing.STORE_DRAIN);
  }

  /** Picoseconds since power-on. */
  get now(): number {
    return this.machine.sim.now;
  }

  /** Where the processor is. */
  get context(): ContextKind {
    return this.current;
  }

  set context(context: ContextKind) {
    this.settle();
    this.current = context;
  }

  /** Picoseconds spent in each context since power-on. */
  get time(): Readonly<Record<ContextKind, number>> {
    this.settle();
    return this.accounts;
  }

  /** Installs the routine that takes an interrupt. */
  onInterrupt(entry: InterruptEntry): void {
    this.entry = entry;
  }

  /** Consumes processor time: `duration` picoseconds of this context, plus whatever interrupts it. */
  spend(duration: number): void {
    const { sim, intc } = this;
    if (this.findings.tripped !== undefined) this.endStrictly(this.findings.tripped);
    let end = sim.now + duration;
    this.unaccounted += duration;
    for (;;) {
      if (intc.irqAsserted && this.irqsOff === 0) end += this.takeInterrupts();
      if (sim.nextTime > end) break;
      sim.step();
    }
    sim.skipTo(end);
  }

  /** Time that passes with the core stalled on its bus: hardware goes on, no interrupt is taken. */
  private stall(duration: number): void {
    this.unaccounted += duration;
    this.machine.sim.advanceTo(this.machine.sim.now + duration);
  }

  /**
   * One turn of a spin loop: jumps to the next event, or to `deadline` (absolute, picoseconds) when that
   * comes first. A spin that neither can end is a hang. Looking takes time: when events fell into it, what was seen
   * may be old, and the caller looks again before any jump.
   */
  relax(rule: string, where: string, deadline = Infinity): void {
    const { sim } = this.machine;
    const before = sim.now;
    const stale = sim.fired !== this.seenEvents;
    this.seenEvents = sim.fired;
    if (stale) return;
    if (!sim.stepWithin(deadline)) {
      if (deadline !== Infinity) sim.skipTo(Math.max(deadline, before));
      else if (!this.interruptible()) this.hang(rule, 'spins for ever: no event is pending', where);
    }
    this.unaccounted += sim.now - before;
    this.takeInterrupts();
    this.point('relax');
    this.seenEvents = sim.fired;
  }

  /** Waits for an interrupt with nothing to run; false when nothing will ever happen. */
  idle(): boolean {
    const { sim } = this.machine;
    this.context = 'idle';
    if (this.takeInterrupts() > 0) return true;
    const before = sim.now;
    const happened = this.explored === undefined ? sim.step() : this.explored.sleep(() => this.interruptible());
    if (!happened) return false;
    this.unaccounted += sim.now - before;
    this.takeInterrupts();
    this.point('idle');
    return true;
  }

  /** Reads a device register: stalls for the round trip; the unit is sampled half way, behind all posted writes. */
  readl(address: number): number {
    this.point('readl', this.aheadOfReads);
    const half = this.machine.timing.MMIO_RD / 2;
    this.stall(half);
    const value = this.machine.sampleRegister(address);
    this.explored?.accesses.reads(address, 4);
    this.stall(half);
    this.takeInterrupts();
    return value;
  }

  /** Writes a device register: posted, the unit sees it `MMIO_WR` later. */
  writel(address: number, value: number, cost: number): void {
    this.point('writel');
    this.machine.postWrite(address, value >>> 0, 0xffff_ffff);
    this.spend(cost);
  }

  /** Stores a word that hardware reads: into the write buffer. */
  store32(address: number, value: number, cost: number): void {
    this.point('store32');
    this.buffer.store(address, value);
    this.spend(cost);
  }

  /** Loads a word that hardware may have written. Drains the write buffer if it holds that very word. */
  load32(address: number, cost: number): number {
    if (this.buffer.holds(address)) this.barrier();
    else this.point('load32');
    this.spend(cost);
    this.explored?.accesses.reads(address, 4);
    return this.machine.dram.word(address);
  }

  /** Drains the write buffer. */
  barrier(): void {
    const { buffer } = this;
    if (buffer instanceof WriteBuffer) buffer.drain();
    else this.point('barrier', (actor) => actor === buffer.actor);
  }

  /**
   * The processor is about to touch memory that hardware may touch too, and not by way of the write buffer.
   * @param bytes from a physical address
   */
  touches(address: number, bytes: number, write: boolean): void {
    const { explored } = this;
    if (explored === undefined) return;
    this.point('touch');
    if (write) explored.accesses.writes(address, bytes);
    else explored.accesses.reads(address, bytes);
  }

  /**
   * A point of explored mode, where pending events may or may not have fired; nothing in timed mode.
   * @param awaited whose events the processor cannot overtake here
   */
  point(name: string, awaited?: (actor: Actor) => boolean): void {
    const { explored } = this;
    if (explored === undefined) return;
    do {
      this.looksAtInterrupts();
      this.takeInterrupts();
    } while (explored.offer(name, awaited));
    this.looksAtInterrupts();
  }

  /** Explored mode: with interrupts enabled, what the processor does from here on depends on their lines. */
  looksAtInterrupts(): void {
    if (this.irqsOff === 0) this.explored?.accesses.readsNamed(INTERRUPT_LINES);
  }

  readCp6(crn: number, crm: number): number {
    this.point('mrc');
    this.spend(this.machine.timing.CP6);
    this.explored?.accesses.readsNamed(INTERRUPT_LINES);
    return this.machine.readCp6(crn, crm);
  }

  writeCp6(crn: number, crm: number, value: number): void {
    this.point('mcr');
    this.explored?.accesses.writesNamed(INTERRUPT_LINES);
    this.machine.writeCp6(crn, crm, value);
    this.spend(this.machine.timing.CP6);
  }

  /** The guest hangs: whoever knows something about the cause records it, then the world ends. */
  hang(rule: string, text: string, where: string): never {
    for (const witness of this.hangWitnesses) witness();
    throw new GuestHang(rule, text, where);
  }

  /** Strict mode: a broken rule ends the guest here, at a boundary of its own. */
  private endStrictly({ rule, text, where }: Finding): never {
    this.machine.findings.tripped = undefined;
    throw new GuestPanic(rule, `strict mode: ${text}`, where);
  }

  private settle(): void {
    this.accounts[this.current] += this.unaccounted;
    this.unaccounted = 0;
  }

  /** A register read does not overtake writes, nor what is over by the time it gets there. */
  private readonly aheadOfReads = (actor: Actor): boolean =>
    actor === this.machine.postedWrites || actor.hasty === true;

  private interruptible(): boolean {
    return this.irqsOff === 0 && this.intc.irqAsserted;
  }

  /** Takes interrupts as long as one is deliverable; returns the picoseconds they took. */
  private takeInterrupts(): number {
    if (!this.interruptible()) return 0;
    const before = this.now;
    this.explored?.divert();
    do {
      if (this.now - before > INTERRUPT_STORM) {
        this.hang('KS-08', `source ${this.machine.intc.pending()[0]} interrupts for ever`, 'irq');
      }
      this.entry();
    } while (this.interruptible());
    return this.now - before;
  }
}
