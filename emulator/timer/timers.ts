/**
 * The two timers and the watchdog of the I/O processors (reference/hw-iop13xx 1.4, hw-iop3xx 1.5): registers
 * of coprocessor 6, on the IOP3xx memory mapped as well. Counting is arithmetic on time; only the moment a
 * counter reaches zero is an event.
 */
import type { FindingLog } from '../findings';
import type { Actor, Footprint } from '../sim/actor';
import { Priority } from '../sim/actor';
import type { EventHandle } from '../sim/event-queue';
import { NO_EVENT } from '../sim/event-queue';
import type { Simulator } from '../sim/simulator';
import type { RegisterWindow } from '../memory/address-map';
import { fieldMasks } from '../registers/layout';
import { TimerRegister, TIMER_REGISTERS, TMR } from './registers';

/** Which interrupt sources the timers drive, and how the registers are reached. */
export interface TimerConfig {
  /** CRm page of coprocessor 6; CRn is the register number. */
  readonly crm: number;
  readonly irq: readonly [number, number];
  /** picoseconds of one undivided tick: the internal bus clock */
  readonly tick: number;
  /** physical address of the memory-mapped view; absent where there is none */
  readonly base?: number;
}

const tmr = fieldMasks(TMR);
const DIVIDERS = [1, 4, 8, 16];

/** The two words that, written one after the other, arm or restart the watchdog. */
const WATCHDOG_KEYS = [0x1e1e_1e1e, 0xe1e1_e1e1] as const;

interface Timer {
  readonly index: number;
  mode: number;
  reload: number;
  /** Counter at `since`; it counts down from there while enabled. */
  count: number;
  since: number;
  event: EventHandle;
  readonly onZero: () => void;
}

export class Timers {
  readonly name = 'timers';
  private readonly timers: readonly [Timer, Timer];
  private status = 0;
  private watchdogKey = 0;
  private watchdogEvent: EventHandle = NO_EVENT;
  private readonly actor: Actor = { name: 'timers', priority: Priority.hardware, patient: true };
  private readonly footprint: Footprint = { reads: ['timers'], writes: ['timers'] };

  constructor(
    readonly config: TimerConfig,
    private readonly sim: Simulator,
    private readonly findings: FindingLog,
    private readonly setLine: (source: number, asserted: boolean) => void,
  ) {
    this.timers = [this.create(0), this.create(1)];
  }

  /** Reads register `number`; undefined when there is none. */
  read(number: number): number | undefined {
    if (number >= TIMER_REGISTERS.length) return undefined;
    if (number === TimerRegister.TISR) return this.status;
    if (number === TimerRegister.WDTCR) return 0;
    const timer = this.timers[number & 1];
    if (number < TimerRegister.TCR0) return timer.mode;
    return number < TimerRegister.TRR0 ? this.counter(timer) : timer.reload;
  }

  /** Writes register `number`; false when there is none. */
  write(number: number, value: number): boolean {
    if (number >= TIMER_REGISTERS.length) return false;
    if (number === TimerRegister.TISR) this.clearStatus(value);
    else if (number === TimerRegister.WDTCR) this.watchdogWritten(value >>> 0);
    else this.writeTimer(this.timers[number & 1], number, value);
    return true;
  }

  private create(index: number): Timer {
    const timer: Timer = {
      index,
      mode: 0,
      reload: 0,
      count: 0,
      since: 0,
      event: NO_EVENT,
      onZero: () => this.reachedZero(timer),
    };
    return timer;
  }

  /** Neither the reload value nor a mode that counts on as before disturbs the tick that is running. */
  private writeTimer(timer: Timer, number: number, value: number): void {
    if (number >= TimerRegister.TRR0) {
      timer.reload = value >>> 0;
      return;
    }
    const isMode = number < TimerRegister.TCR0;
    const changed = (value ^ timer.mode) & (tmr.ENABLE.mask | tmr.CLOCK.mask);
    // A reload that is due with the next tick counts as done.
    const count = timer.since > this.sim.now ? timer.count : this.counter(timer);
    if (isMode) timer.mode = value & 0x3f;
    if (isMode && !changed) return;
    this.sim.cancel(timer.event);
    timer.count = isMode ? count : value >>> 0;
    timer.since = this.sim.now;
    this.start(timer);
  }

  private start(timer: Timer): void {
    if (!(timer.mode & tmr.ENABLE.mask) || timer.count === 0) return;
    const end = timer.since + timer.count * this.period(timer);
    timer.event = this.sim.schedule(this.actor, end - this.sim.now, this.footprint, timer.onZero);
  }

  /** At zero: the status bit and its interrupt; with reload the next tick starts again from TRR. */
  private reachedZero(timer: Timer): void {
    timer.mode |= tmr.TERMINAL.mask;
    this.status |= 1 << timer.index;
    this.driveLines();
    timer.count = 0;
    timer.since = this.sim.now;
    if (!(timer.mode & tmr.RELOAD.mask)) {
      timer.mode &= ~tmr.ENABLE.mask;
      return;
    }
    timer.count = timer.reload;
    timer.since = this.sim.now + this.period(timer);
    this.start(timer);
  }

  private counter(timer: Timer): number {
    if (!(timer.mode & tmr.ENABLE.mask)) return timer.count;
    const ticks = Math.floor((this.sim.now - timer.since) / this.period(timer));
    return ticks < 0 ? 0 : Math.max(0, timer.count - ticks);
  }

  private period({ mode }: Timer): number {
    return this.config.tick * DIVIDERS[(mode & tmr.CLOCK.mask) >>> tmr.CLOCK.shift];
  }

  private clearStatus(value: number): void {
    this.status &= ~value;
    this.driveLines();
  }

  private driveLines(): void {
    this.config.irq.forEach((source, index) => this.setLine(source, (this.status & (1 << index)) !== 0));
  }

  /** The right pair of keys arms or restarts a count of 2^32 bus clocks, which cannot be stopped. */
  private watchdogWritten(value: number): void {
    if (value === WATCHDOG_KEYS[1] && this.watchdogKey === WATCHDOG_KEYS[0]) {
      this.sim.cancel(this.watchdogEvent);
      this.watchdogEvent = this.sim.schedule(this.actor, 2 ** 32 * this.config.tick, this.footprint, () =>
        this.findings.add('unmodelled', 'hw-iop3xx 1.5', this.name, 'the watchdog expired: the chip would reset here'),
      );
    }
    this.watchdogKey = value;
  }
}

/** The memory-mapped view of the timers, where a platform has one. */
export function timerWindow(timers: Timers, base: number): RegisterWindow {
  return {
    name: timers.name,
    base,
    size: 4 * TIMER_REGISTERS.length,
    read32: (offset) => timers.read(offset >>> 2) ?? 0,
    write32: (offset, value, lanes) => {
      const number = offset >>> 2;
      // A narrow write leaves the other bytes alone, which for flags that ones clear means zeros.
      const before = number === TimerRegister.TISR ? 0 : (timers.read(number) ?? 0);
      timers.write(number, (before & ~lanes) | (value & lanes));
    },
  };
}
