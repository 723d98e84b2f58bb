/** The units of a running machine as a wave recorder sees them: registers and lines by the literals of the platform. */
import type { WaveRegister, WaveUnit } from '../trace/vcd';
import type { Machine } from './machine';
import type { Unit } from './units';
import { platformUnits } from './units';

/**
 * Every unit of a machine. A running counter of a timer is left out: it changes with every tick, without an event.
 */
export function waveUnits(machine: Machine): readonly WaveUnit[] {
  const { platform, intc } = machine;
  const driven = platformUnits(platform).map(({ name, interrupts }) => ({
    name,
    lines: interrupts.map(({ name: line, source }) => ({ name: line, asserted: () => intc.isAsserted(source) })),
  }));
  const host = { name: 'host', lines: [{ name: 'adapter', asserted: () => intc.isAsserted(platform.hostAdapterIrq) }] };
  const lines = [...driven, host].map((unit) => ({ ...unit, registers: [], changes: () => intc.changes }));
  return [...platformUnits(platform).map((unit) => registersOf(machine, unit)), ...lines.map(renamed)];
}

/** Lines of a unit have a scope of their own, because the controller knows when they change. */
function renamed(unit: WaveUnit): WaveUnit {
  return { ...unit, name: `${unit.name}_lines` };
}

function registersOf(machine: Machine, unit: Unit): WaveUnit {
  const { intc, timers } = machine;
  const common = { name: unit.name, lines: [] };
  const engine = machine.engines.find(({ name }) => name === unit.name);
  if (engine !== undefined) {
    const { registers } = engine;
    return {
      ...common,
      registers: unit.registers.map(({ layout }) => of(layout, () => registers[layout.offset >>> 2])),
    };
  }
  if (unit.kind === 'intc') {
    const registers = unit.registers.map(({ layout }, i) =>
      of(layout, () => intc.read(intc.config.registers[i]) >>> 0),
    );
    return { ...common, registers, changes: () => intc.changes };
  }
  const registers = unit.registers.map(({ layout }, number) => of(layout, () => timers.read(number) ?? 0));
  return { ...common, registers: registers.filter(({ layout }) => !layout.name.startsWith('TCR')) };
}

function of(layout: WaveRegister['layout'], value: () => number): WaveRegister {
  return { layout, value };
}
