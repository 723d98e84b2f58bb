/**
 * The registers of timers and watchdog (reference/hw-iop13xx 1.4, hw-iop3xx 1.5): CRn of coprocessor 6 and, where
 * there is one, word of the memory-mapped view. `offset` is that word's.
 */
import type { RegisterLayout } from '../registers/layout';

/** Register numbers: CRn of coprocessor 6, word of the memory-mapped view. */
export const TimerRegister = { TMR0: 0, TMR1: 1, TCR0: 2, TCR1: 3, TRR0: 4, TRR1: 5, TISR: 6, WDTCR: 7 } as const;

const source = 'hw-iop13xx 1.4, hw-iop3xx 1.5';

/** The mode register of a timer. */
export const TMR = {
  name: 'TMR',
  offset: 0x00,
  title: 'timer mode',
  source,
  fields: {
    TERMINAL: { bit: 0, access: 'rw', says: 'the counter has reached zero' },
    ENABLE: { bit: 1, access: 'rw', says: 'counts' },
    RELOAD: { bit: 2, access: 'rw', says: 'starts again from the reload value' },
    PRIVILEGED: { bit: 3, access: 'rw', says: 'written in privileged mode only' },
    CLOCK: { bits: [5, 4], access: 'rw', says: 'bus clock divider', values: { 0: '1', 1: '4', 2: '8', 3: '16' } },
    RESERVED: { bits: [31, 6], access: 'ro', says: 'reads 0' },
  },
} as const satisfies RegisterLayout;

export const TCR = {
  name: 'TCR',
  offset: 0x08,
  title: 'timer count',
  source,
  fields: { COUNT: { bits: [31, 0], access: 'rw', says: 'ticks left; counts down while the timer is enabled' } },
} as const satisfies RegisterLayout;

export const TRR = {
  name: 'TRR',
  offset: 0x10,
  title: 'timer reload',
  source,
  fields: { RELOAD: { bits: [31, 0], access: 'rw', says: 'the count to start again from' } },
} as const satisfies RegisterLayout;

export const TISR = {
  name: 'TISR',
  offset: 0x18,
  title: 'timer interrupt status',
  source,
  fields: {
    TIMER_0: { bit: 0, access: 'w1c', says: 'timer 0 has reached zero', line: 'timer 0' },
    TIMER_1: { bit: 1, access: 'w1c', says: 'timer 1 has reached zero', line: 'timer 1' },
    RESERVED: { bits: [31, 2], access: 'ro', says: 'reads 0' },
  },
} as const satisfies RegisterLayout;

export const WDTCR = {
  name: 'WDTCR',
  offset: 0x1c,
  title: 'watchdog control',
  source,
  fields: {
    KEY: {
      bits: [31, 0],
      access: 'rw',
      says: 'the two keys one after the other arm or restart the watchdog; reads 0',
      values: { 0x1e1e_1e1e: 'first key', 0xe1e1_e1e1: 'second key' },
    },
  },
} as const satisfies RegisterLayout;

/** A register of the pair that both timers have. */
function ofTimer(layout: RegisterLayout, index: number): RegisterLayout {
  return { ...layout, name: `${layout.name}${index}`, offset: layout.offset + 4 * index };
}

/** Every register, by number. */
export const TIMER_REGISTERS: readonly RegisterLayout[] = [
  ...[TMR, TCR, TRR].flatMap((layout) => [ofTimer(layout, 0), ofTimer(layout, 1)]),
  TISR,
  WDTCR,
];
