/**
 * The seam to other software: everything that drives the silicon without our kernel slice, our hardware
 * tests first of all, uses this one interface.
 */
import type { DatapathKind } from '../datapath/datapath';
import type { BusFault } from '../faults/bus-faults';
import type { Finding } from '../findings';
import type { Chooser } from '../sim/choice';
import type { TraceWriter } from '../trace/trace';
import type { WaveSink } from '../trace/vcd';
import type { PhaseMode } from '../unit';
import { PLATFORMS } from './index';
import type { PlatformName } from './index';
import type { MachineOptions } from './machine';
import { Machine } from './machine';

export interface Target {
  /** A load by the core, with its bus time. */
  read32(address: number): number;
  /** A store by the core; registers see it after the posting delay, DRAM at once. */
  write32(address: number, value: number): void;
  read(address: number, width: 1 | 2 | 4): number;
  write(address: number, value: number, width: 1 | 2 | 4): void;
  /** Coprocessor 6: interrupt controller and timers. */
  readCp6(crn: number, crm: number): number;
  writeCp6(crn: number, crm: number, value: number): void;
  /** DRAM, the back door of tests. */
  readonly memory: Uint8Array;
  /** The same bytes, for code that shares them. The guest's DRAM comes first. */
  readonly wasmMemory: WebAssembly.Memory;
  /** Physical address of memory[0]. */
  readonly memoryBase: number;
  /** Lets time pass. */
  advance(picoseconds: number): void;
  readonly now: number;
  /** Lets events happen until the predicate holds; false when the limit (picoseconds from now) comes first. */
  runUntil(predicate: () => boolean, limit: number): boolean;
  /** Raw sources, hardware numbers, before enable and steering. */
  assertedInterrupts(): readonly number[];
  /** Asserted, enabled, steered to IRQ, highest priority first. */
  pendingInterrupts(): readonly number[];
  inject(fault: BusFault): void;
  findings(): readonly Finding[];
  /** Power-on again: registers, time, DRAM, faults and findings. */
  reset(): void;
}

export interface TargetOptions {
  /** bytes, a multiple of 64 KiB; 64 MiB unless given */
  readonly dramBytes?: number;
  readonly chooser?: Chooser;
  readonly trace?: TraceWriter;
  /** Where registers and interrupt lines are recorded as waves. */
  readonly waves?: WaveSink;
  /** What the engines compute with; WASM unless given. */
  readonly datapath?: DatapathKind;
  /** One event a phase (fine, unless given) or one a descriptor (coarse). */
  readonly phases?: PhaseMode;
}

/** Builds a board and hands out its pins. Throws RangeError for a platform that does not exist. */
export function createTarget(platform: PlatformName, options: TargetOptions = {}): Target {
  return new MachineTarget(platform, options);
}

class MachineTarget implements Target {
  private machine: Machine;

  constructor(
    private readonly platform: PlatformName,
    private readonly options: MachineOptions,
  ) {
    if (!Object.hasOwn(PLATFORMS, platform)) throw new RangeError(`no platform '${String(platform)}'`);
    this.machine = new Machine(PLATFORMS[platform], options);
  }

  get memory(): Uint8Array {
    return this.machine.dram.bytes;
  }

  get wasmMemory(): WebAssembly.Memory {
    return this.machine.dram.wasm;
  }

  get memoryBase(): number {
    return this.machine.dram.base;
  }

  get now(): number {
    return this.machine.sim.now;
  }

  read32(address: number): number {
    return this.read(address, 4);
  }

  write32(address: number, value: number): void {
    this.write(address, value, 4);
  }

  read(address: number, width: 1 | 2 | 4): number {
    aligned(address, width);
    const { dram, timing } = this.machine;
    const shift = (address & 3) * 8;
    let word: number;
    if (dram.contains(address, width)) {
      this.advance(timing.T_ARB + timing.T_HIT + timing.T_MISS);
      word = dram.word(address & ~3);
    } else {
      this.advance(timing.MMIO_RD / 2);
      word = this.machine.sampleRegister(address);
      this.advance(timing.MMIO_RD / 2);
    }
    return ((word >>> shift) & lanesOf(width)) >>> 0;
  }

  write(address: number, value: number, width: 1 | 2 | 4): void {
    aligned(address, width);
    const { dram } = this.machine;
    const shift = (address & 3) * 8;
    const lanes = (lanesOf(width) << shift) >>> 0;
    const shifted = (value << shift) >>> 0;
    if (!dram.contains(address, width)) {
      this.machine.postWrite(address, shifted, lanes);
      return;
    }
    const word = address & ~3;
    dram.setWord(word, (dram.word(word) & ~lanes) | (shifted & lanes));
  }

  readCp6(crn: number, crm: number): number {
    this.advance(this.machine.timing.CP6);
    return this.machine.readCp6(crn, crm);
  }

  writeCp6(crn: number, crm: number, value: number): void {
    this.advance(this.machine.timing.CP6);
    this.machine.writeCp6(crn, crm, value);
  }

  advance(picoseconds: number): void {
    this.machine.sim.advanceTo(this.now + picoseconds);
  }

  runUntil(predicate: () => boolean, limit: number): boolean {
    const { sim } = this.machine;
    const deadline = sim.now + limit;
    for (;;) {
      const fired = sim.fired;
      if (predicate()) return true;
      if (sim.now > deadline) return false;
      // A predicate that reads registers lets time pass: what happened meanwhile it has not seen.
      if (sim.fired !== fired) continue;
      if (sim.nextTime > deadline) {
        sim.advanceTo(deadline);
        return predicate();
      }
      sim.step();
    }
  }

  assertedInterrupts(): readonly number[] {
    return this.machine.intc.asserted();
  }

  pendingInterrupts(): readonly number[] {
    return this.machine.intc.pending();
  }

  inject(fault: BusFault): void {
    this.machine.faults.inject(fault);
  }

  findings(): readonly Finding[] {
    return this.machine.findings.all();
  }

  reset(): void {
    this.machine = new Machine(PLATFORMS[this.platform], { ...this.options, dram: this.machine.dram });
  }
}

function lanesOf(width: 1 | 2 | 4): number {
  return width === 4 ? 0xffff_ffff : (1 << (8 * width)) - 1;
}

function aligned(address: number, width: number): void {
  if (address % width !== 0) throw new RangeError(`address 0x${address.toString(16)} is no multiple of ${width}`);
}
