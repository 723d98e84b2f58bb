/**
 * The units of a platform with their registers as data: where each register is, in memory and in coprocessor 6, and
 * what its literal says. Listings, explanations and the reference pages are derived from it.
 */
import { intcRegister } from '../intc/registers';
import type { RegisterLayout } from '../registers/layout';
import { TIMER_REGISTERS } from '../timer/registers';
import type { EngineRecord, PlatformRecord } from './platform';

export type UnitKind = EngineRecord['kind'] | 'intc' | 'timers';

/** A register and the ways to it. */
export interface PlacedRegister {
  readonly layout: RegisterLayout;
  /** physical address; null when it is not memory mapped */
  readonly address: number | null;
  /** CRn and CRm of coprocessor 6; null when it is not there */
  readonly cp6: readonly [number, number] | null;
}

/** A stretch of physical addresses. */
export interface AddressWindow {
  readonly base: number;
  /** bytes */
  readonly size: number;
}

/** One unit of a platform. */
export interface Unit {
  readonly name: string;
  readonly kind: UnitKind;
  readonly title: string;
  /** null when the unit is not memory mapped */
  readonly window: AddressWindow | null;
  /** Sources of the interrupt controller that the unit drives. */
  readonly interrupts: readonly { readonly name: string; readonly source: number }[];
  readonly registers: readonly PlacedRegister[];
}

const ENGINE_TITLES: Readonly<Record<EngineRecord['kind'], string>> = {
  adma: 'application DMA channel',
  dma: 'DMA channel',
  aau: 'application accelerator',
};

/** Every unit of a platform: engines, interrupt controller, timers. */
export function platformUnits(platform: PlatformRecord): readonly Unit[] {
  return [...platform.engines.map(engineUnit), intcUnit(platform), timerUnit(platform)];
}

/** What drives an interrupt source of a platform; undefined when nothing in this model does. */
export function sourceDriver(platform: PlatformRecord, source: number): string | undefined {
  for (const unit of [...platform.engines.map(engineUnit), timerUnit(platform)]) {
    const line = unit.interrupts.find((interrupt) => interrupt.source === source);
    if (line !== undefined) return unit.kind === 'timers' ? line.name : `${unit.name} ${line.name}`;
  }
  return source === platform.hostAdapterIrq ? 'host adapter' : undefined;
}

/** How many interrupt sources a platform's controller has. */
export function sourceCount({ intc }: PlatformRecord): number {
  return 32 * intc.words;
}

/** A unit near an address. */
export interface NearestUnit {
  readonly unit: Unit;
  readonly window: AddressWindow;
  /** bytes from the address to the unit's window; 0 inside */
  readonly distance: number;
}

/** The memory-mapped unit that is nearest to an address; undefined when there is none. */
export function nearestUnit(units: readonly Unit[], address: number): NearestUnit | undefined {
  let nearest: NearestUnit | undefined;
  for (const unit of units) {
    const { window } = unit;
    if (window === null) continue;
    const distance = Math.max(window.base - address, address - (window.base + window.size - 1), 0);
    if (nearest === undefined || distance < nearest.distance) nearest = { unit, window, distance };
  }
  return nearest;
}

function engineUnit({ kind, unit, personality }: EngineRecord): Unit {
  const { name, base, irq } = unit;
  return {
    name,
    kind,
    title: ENGINE_TITLES[kind],
    window: { base, size: personality.windowBytes },
    interrupts: [
      { name: 'end of transfer', source: irq.eot },
      { name: 'end of chain', source: irq.eoc },
      { name: 'error', source: irq.error },
    ],
    registers: personality.registers.map((layout) => ({ layout, address: base + layout.offset, cp6: null })),
  };
}

function timerUnit({ timers }: PlatformRecord): Unit {
  const { base, crm, irq } = timers;
  return {
    name: 'timers',
    kind: 'timers',
    title: 'two timers and a watchdog',
    window: base === undefined ? null : { base, size: 4 * TIMER_REGISTERS.length },
    interrupts: irq.map((source, index) => ({ name: `timer ${index}`, source })),
    registers: TIMER_REGISTERS.map((layout, crn) => ({
      layout,
      address: base === undefined ? null : base + layout.offset,
      cp6: [crn, crm],
    })),
  };
}

function intcUnit(platform: PlatformRecord): Unit {
  const { intc } = platform;
  const wiring = (source: number): string | undefined => sourceDriver(platform, source);
  const several = intc.words > 1;
  return {
    name: 'intc',
    kind: 'intc',
    title: 'interrupt controller',
    interrupts: [],
    window: intc.base === undefined ? null : { base: intc.base, size: 4 * intc.registers.length },
    registers: intc.registers.map(({ name, word, crn, crm }, index) => {
      const offset = intc.base === undefined ? 4 * crn : 4 * index;
      return {
        layout: intcRegister({ name, word, offset, source: intc.source, numbered: several }, wiring),
        address: intc.base === undefined ? null : intc.base + offset,
        cp6: [crn, crm] as const,
      };
    }),
  };
}
