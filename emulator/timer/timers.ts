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
import type { RegisterLayout } from '../registers/layout';
import { fieldMasks } from '../registers/layout';

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

/** The mode register of a timer. */
export const TMR = {
  name: 'TMR',
  offset: 0x00,
  title: 'timer mode',
  source: 'hw-iop3xx 1.5',
  fields: {
    TERMINAL: { bit: 0, access: 'rw', says: 'the counter has reached zero' },
    ENABLE: { bit: 1, access: 'rw', says: 'counts' },
    RELOAD: { bit: 2, access: 'rw', says: 'starts again from the reload value' },
    PRIVILEGED: { bit: 3, access: 'rw', says: 'written in privileged mode only' },
    CLOCK: { bits: [5, 4], access: 'rw', says: 'bus clock divider', values: { 0: '1', 1: '4', 2: '8', 3: '16' } },
    RESERVED: { bits: [31, 6], access: 'reserved', says: 'reads 0' },
  },
} as const satisfies RegisterLayout;

const tmr = fieldMasks(TMR);
const DIVIDERS = [1, 4, 8, 16];

/** Register numbers: CRn of coprocessor 6, word of the memory-mapped view. */
export const TimerRegister = { TMR0: 0, TMR1: 1, TCR0: 2, TCR1: 3, TRR0: 4, TRR1: 5, TISR: 6, WDTCR: 7 } as const;
const REGISTERS = 8;

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
  private readonly actor: Actor = { name: 'timers', priority: Priority.hardware };
  private readonly footprint: Footprint = { reads: ['timers'], writes: ['timers', 'irq'] };

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
    if (number >= REGISTERS) return undefined;
    if (number === TimerRegister.TISR) return this.status;
    if (number === TimerRegister.WDTCR) return 0;
    const timer = this.timers[number & 1];
    if (number < TimerRegister.TCR0) return timer.mode;
    return number < TimerRegister.TRR0 ? this.counter(timer) : timer.reload;
  }

  /** Writes register `number`; false when there is none. */
  write(number: number, value: number): boolean {
    if (number >= REGISTERS) return false;
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

  private writeTimer(timer: Timer, number: number, value: number): void {
    const count = this.counter(timer);
    this.sim.cancel(timer.event);
    if (number < TimerRegister.TCR0) timer.mode = value & 0x3f;
    else if (number >= TimerRegister.TRR0) timer.reload = value >>> 0;
    timer.count = number === TimerRegister.TCR0 + timer.index ? value >>> 0 : count;
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
    size: 4 * REGISTERS,
    read32: (offset) => timers.read(offset >>> 2) ?? 0,
    write32: (offset, value, lanes) => {
      const before = lanes === 0xffff_ffff ? 0 : (timers.read(offset >>> 2) ?? 0);
      timers.write(offset >>> 2, (before & ~lanes) | (value & lanes));
    },
  };
}
