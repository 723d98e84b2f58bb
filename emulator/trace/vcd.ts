/**
 * Value change dump (IEEE 1364, clause 18): what registers and interrupt lines hold, for GTKWave and Surfer. A scope is a
 * unit, in it one for each register, a variable for each field. Sampled at the end of every moment at which time moves on, so
 * that each change has the time of the event that made it, and no time comes twice.
 */
import { invariant } from '../findings';
import { bitRange, fieldMask } from '../registers/layout';
import type { RegisterLayout } from '../registers/layout';
import type { NameFilter } from './filter';

/** A unit whose registers are recorded. */
export interface WaveUnit {
  readonly name: string;
  readonly registers: readonly WaveRegister[];
  /** Single lines. */
  readonly lines: readonly WaveLine[];
  /** A number that changes whenever registers or lines may have; undefined where nobody counts. */
  readonly changes?: () => number;
}

export interface WaveRegister {
  readonly layout: RegisterLayout;
  /** What it holds now; looking changes nothing. */
  readonly value: () => number;
}

export interface WaveLine {
  readonly name: string;
  readonly asserted: () => boolean;
}

/** Told all units before time starts, and whom to ask for the time; what it returns is called when a moment is over. */
export type WaveSink = (units: readonly WaveUnit[], now: () => number) => (time: number) => void;

/** A variable of the dump: the bits of a register that it shows. */
interface Variable {
  readonly id: string;
  readonly mask: number;
  readonly shift: number;
  readonly width: number;
}

/** Something that is looked at as a whole. */
interface Watched {
  readonly value: () => number;
  readonly variables: readonly Variable[];
  last: number;
}

interface WatchedUnit {
  readonly changes: (() => number) | undefined;
  seen: number;
  readonly watched: readonly Watched[];
}

/**
 * Writes a dump in pieces. It is of one machine: a dump has one set of variables.
 * @param wanted which registers, by names like `adma0.ACSR`
 */
export class VcdWriter {
  private readonly units: WatchedUnit[] = [];
  private variables = 0;
  private now = 0;
  private clock = (): number => 0;

  constructor(
    private readonly write: (text: string) => void,
    private readonly wanted: NameFilter = () => true,
  ) {}

  /** To be given to a machine. */
  readonly sink: WaveSink = (units, clock) => {
    invariant(this.variables === 0, 'a second machine is recorded in one dump');
    this.clock = clock;
    this.write('$version iop-adma $end\n$timescale 1ps $end\n$scope module machine $end\n');
    for (const unit of units) this.declare(unit);
    this.write('$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n');
    for (const { watched } of this.units)
      for (const each of watched) for (const variable of each.variables) this.put(variable, each.last);
    this.write('$end\n');
    return (time) => this.sample(time);
  };

  /** The recording ends now. */
  close(): void {
    const time = this.clock();
    this.sample(time);
    if (time > this.now) this.write(`#${time}\n`);
  }

  /** Writes what has changed up to the end of this moment. */
  private sample(time: number): void {
    let stamped = time === this.now;
    for (const unit of this.units) {
      if (unit.changes !== undefined) {
        const changes = unit.changes();
        if (changes === unit.seen) continue;
        unit.seen = changes;
      }
      for (const each of unit.watched) {
        const value = each.value();
        if (value === each.last) continue;
        if (!stamped) this.write(`#${time}\n`);
        stamped = true;
        this.now = time;
        const changed = value ^ each.last;
        each.last = value;
        for (const variable of each.variables) if (changed & variable.mask) this.put(variable, value);
      }
    }
  }

  private declare({ name, registers, lines, changes }: WaveUnit): void {
    const watched: Watched[] = [];
    const shown = registers.filter(({ layout }) => this.wanted(`${name}.${layout.name}`));
    const pins = lines.filter((line) => this.wanted(`${name}.${line.name}`));
    if (shown.length + pins.length === 0) return;
    this.write(`$scope module ${name} $end\n`);
    for (const { layout, value } of shown) {
      this.write(`$scope module ${layout.name} $end\n`);
      const variables = Object.entries(layout.fields).map(([field, where]) => {
        const [high, low] = bitRange(where);
        const range = high === low ? `[${low}]` : `[${high}:${low}]`;
        return this.variable(`${plain(field)} ${range}`, fieldMask([high, low]), low, high - low + 1);
      });
      this.write('$upscope $end\n');
      watched.push({ value, variables, last: value() });
    }
    for (const { name: line, asserted } of pins) {
      const value = (): number => (asserted() ? 1 : 0);
      watched.push({ value, variables: [this.variable(plain(line), 1, 0, 1)], last: value() });
    }
    this.write('$upscope $end\n');
    this.units.push({ changes, seen: changes?.() ?? 0, watched });
  }

  private variable(name: string, mask: number, shift: number, width: number): Variable {
    const id = identifier(this.variables++);
    this.write(`$var wire ${width} ${id} ${name} $end\n`);
    return { id, mask, shift, width };
  }

  private put({ id, mask, shift, width }: Variable, value: number): void {
    const bits = (value & mask) >>> shift;
    this.write(width === 1 ? `${bits}${id}\n` : `b${bits.toString(2)} ${id}\n`);
  }
}

/** A name without spaces. */
function plain(name: string): string {
  return name.replace(/\W/g, '_');
}

/** Printable characters from `!` to `~`, as few as it takes. */
function identifier(index: number): string {
  let text = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 94) - 1) text += String.fromCharCode(33 + (rest % 94));
  return text;
}
