import type { TracePoints } from '../trace/trace';
import type { UnitContext } from '../unit';
import type { ChainUnitConfig } from './chain-unit';
import type { ChainPersonality } from './personality';
import type { UnitStatistics } from './statistics';

/** What a unit says of itself: its status register, the interrupt lines that follow it, and how long it was active. */
export class StatusRegister {
  private readonly status: number;
  private readonly current: number;
  private readonly next: number;
  private activeSince = 0;

  /** @param values the unit's registers by offset / 4 */
  constructor(
    private readonly config: ChainUnitConfig,
    private readonly personality: ChainPersonality,
    private readonly context: UnitContext,
    private readonly values: Uint32Array,
    private readonly statistics: UnitStatistics,
  ) {
    this.status = personality.status.offset >>> 2;
    this.current = personality.current.offset >>> 2;
    this.next = personality.next.offset >>> 2;
  }

  /** Whether the active bit is set: a chain is executing. */
  get isActive(): boolean {
    return (this.values[this.status] & this.personality.active) !== 0;
  }

  /** Whether an error stands that software has not cleared. */
  get failed(): boolean {
    return (this.values[this.status] & this.personality.errors) !== 0;
  }

  /** Picoseconds with the active bit set since power-on, the running stretch included. */
  get busyTime(): number {
    return this.statistics.busyTime + (this.isActive ? this.context.sim.now - this.activeSince : 0);
  }

  setActive(active: boolean): void {
    const { sim, trace } = this.context;
    const { values, status, config } = this;
    if (active) {
      this.activeSince = sim.now;
      values[status] |= this.personality.active;
      trace?.emit('engine.start', { unit: config.name, descriptor: values[this.next] || values[this.current] });
    } else if (this.isActive) {
      this.statistics.busyTime += sim.now - this.activeSince;
      values[status] &= ~this.personality.active;
      trace?.emit('engine.idle', { unit: config.name });
    }
  }

  /** Sets a bit that stays until software has seen it. */
  raise(flag: number): void {
    this.context.trace?.emit('engine.interrupt', this.interrupt(flag));
    this.values[this.status] |= flag;
    this.driveLines();
  }

  /** Each line is up as long as one of its bits stands. */
  driveLines(): void {
    const status = this.values[this.status];
    const { irq } = this.config;
    const { endOfTransfer, endOfChain, errors } = this.personality;
    this.context.setInterruptLine(irq.eot, (status & endOfTransfer) !== 0);
    this.context.setInterruptLine(irq.eoc, (status & endOfChain) !== 0);
    this.context.setInterruptLine(irq.error, (status & errors) !== 0);
  }

  private interrupt(flag: number): TracePoints['engine.interrupt'] {
    const { irq, name } = this.config;
    const { endOfTransfer, endOfChain } = this.personality;
    const line = flag & endOfTransfer ? 'eot' : flag & endOfChain ? 'eoc' : 'error';
    return { unit: name, descriptor: this.values[this.current], source: irq[line], line };
  }
}
